"""Lists as files for spreadsheets."""

import csv
import io

import pytest
from django.utils.translation import gettext, override

from core.csv_files import csv_download, safe_cell


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+84", "'+84"),
        ("@a", "'@a"),
        ("-x", "'-x"),
        ("\tb", "'\tb"),
        ("\n=1+1", "'\n'=1+1"),
        ("＝1＋1", "'＝1＋1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        # Excel of a country that writes decimals with a comma divides by semicolons.
        ("Nguyễn;=HYPERLINK(1);x", "Nguyễn;'=HYPERLINK(1);x"),
        ("a|@b", "a|'@b"),
        ("dòng một\n-dòng hai", "dòng một\n'-dòng hai"),
        ("thiếu ảnh; - bản sao", "thiếu ảnh; - bản sao"),
        ("-90", "-90"),  # minutes that are left
        ("Nguyễn", "Nguyễn"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(cell, kept):
    assert safe_cell(cell) == kept


def test_the_file_is_in_the_readers_language_after_the_request_has_ended():
    def rows():
        yield [gettext("Mã hồ sơ")]
        yield ["=1"]

    with override("en"):
        answer = csv_download(rows(), name="list")
    with override("vi"):
        text = b"".join(answer).decode()
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["Dossier code"], ["'=1"]]
    assert answer["Cache-Control"] == "no-store, private"
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'
