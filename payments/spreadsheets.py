"""Tables about money as workbooks: amounts are numbers, texts are never formulas."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Row = Sequence[str | int]


def table_workbook(name: str, title: str, heads: Sequence[str], rows: Iterable[Row], *last: Row) -> bytes:
    """One sheet `name`: the title, the heads, the rows, and the rows `last` in bold."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)

    def cell(value: str | int, bold: bool = False) -> WriteOnlyCell:
        made = WriteOnlyCell(sheet, value=value)
        if isinstance(value, str):
            made.data_type = "s"
        else:
            made.number_format = "#,##0"
        made.font = Font(bold=bold)
        return made

    for row in ([title], heads):
        sheet.append([cell(value, bold=True) for value in row])
    for line in rows:
        sheet.append([cell(value) for value in line])
    for line in last:
        sheet.append([cell(value, bold=True) for value in line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
