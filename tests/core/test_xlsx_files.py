"""Workbooks of other programs, made from one of ours by what those programs write otherwise.

openpyxl 3.1.5 left to itself reads one cell of the second, no sheet of the third and "_x000D_" in the first (seen with
findings/rows-beyond-the-stated-extent.sh and its neighbours).
"""

import io

import pytest
from openpyxl import Workbook

from core.refusals import Refused
from core.xlsx_files import open_first_sheet, plain_cell
from tests.factories.workbooks import STRICT, edited_workbook

ROWS = [("Mã", "Địa chỉ"), ("1", "Thôn Đông\r\nxã Yên Trung"), ("2", "thôn Trung")]


def workbook(**replaced):
    """ROWS as a workbook in which `replaced` parts of the XML are others."""
    book, written = Workbook(), io.BytesIO()
    for number, row in enumerate(ROWS, start=1):
        for column, text in enumerate(row, start=1):
            book.worksheets[0].cell(number, column).value = text.replace("\r", "_x000D_")
    book.save(written)
    return io.BytesIO(edited_workbook(written.getvalue(), replaced))


def rows_of(source):
    return [tuple(plain_cell(cell) for cell in row) for row in open_first_sheet(source).iter_rows(values_only=True)]


@pytest.mark.parametrize("stated", ["A1:B3", "A1", "A1:A2", "A1:Z9"])
def test_every_row_is_read_whatever_extent_the_file_states(stated):
    assert rows_of(workbook(**{'<dimension ref="A1:B3"': f'<dimension ref="{stated}"'})) == ROWS


def test_a_strict_workbook_is_told_how_to_be_saved():
    with pytest.raises(Refused, match="Strict Open XML"):
        open_first_sheet(workbook(**STRICT))


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_in_words(content):
    with pytest.raises(Refused, match="hỏng hoặc có mật khẩu"):
        open_first_sheet(io.BytesIO(content))


@pytest.mark.parametrize(
    ("kept", "meant"),
    [
        ("Thôn Đông_x000D_\nxã", "Thôn Đông\r\nxã"),
        ("_x005F_x000D_", "_x000D_"),  # the text itself, escaped
        ("a_x0000_b_xD83D_", "ab"),  # neither a field nor the database would take them
        ("mau_x12", "mau_x12"),
        (5, 5),
        (None, None),
    ],
)
def test_escapes_of_a_cell(kept, meant):
    assert plain_cell(kept) == meant
