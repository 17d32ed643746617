"""A table of figures for spreadsheets: xlsx, where numbers are numbers, and CSV."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from core.csv_files import safe_cell
from reports.indicators import Indicator, formula_of
from reports.indicators.kinds import Unit
from reports.tables import Row, Table, Value

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS = {Unit.SHARE: "0.0%"}
WIDE = 60


def table_workbook(table: Table, *, title: str, notes: Sequence[str]) -> bytes:
    """The table, with a second sheet that defines its columns. Texts are never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Số liệu"))
    sheet.column_dimensions["A"].width = WIDE
    sheet.append([sheet_cell(sheet, title, bold=True)])
    for note in notes:
        sheet.append([sheet_cell(sheet, note)])
    sheet.append(
        [sheet_cell(sheet, str(table.cut.label), bold=True), *(_head(sheet, column) for column in table.columns)]
    )
    for row in [*table.rows, table.total]:
        bold = row is table.total
        numbers = [sheet_cell(sheet, row.values[column.name], column.unit, bold=bold) for column in table.columns]
        sheet.append([sheet_cell(sheet, row.name, bold=bold), *numbers])
    meanings = book.create_sheet(_("Định nghĩa"))
    for letter in "ABCD":
        meanings.column_dimensions[letter].width = WIDE
    for cells in (
        [_("Chỉ tiêu"), _("Định nghĩa"), _("Cách tính"), _("Căn cứ"), _("Đơn vị")],
        *([str(c.label), str(c.means), formula_of(c), str(c.source), str(c.unit.value)] for c in table.columns),
    ):
        meanings.append([sheet_cell(meanings, text) for text in cells])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def table_csv(table: Table) -> str:
    """The table as CSV with the names of the indicators as heads; shares in percent with one decimal."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["key", "name", *(column.name for column in table.columns)])
    for row in [*table.rows, table.total]:
        key = "+".join(str(one) for one in row.keys if one is not None) if row is not table.total else "total"
        writer.writerow([key, safe_cell(row.name), *plain_values(table, row).values()])
    return out.getvalue()


def plain_values(table: Table, row: Row) -> dict[str, Value]:
    """A row for programs: counts as they are, shares in percent with one decimal."""
    found: dict[str, Value] = {}
    for column in table.columns:
        value = row.values[column.name]
        found[column.name] = round(value * 100, 1) if column.unit is Unit.SHARE and value is not None else value
    return found


def _head(sheet: Any, column: Indicator) -> WriteOnlyCell:
    head = sheet_cell(sheet, str(column.label), bold=True)
    head.alignment = Alignment(wrap_text=True, vertical="top")
    return head


def sheet_cell(
    sheet: Any, value: object, unit: Unit = Unit.DOSSIERS, *, bold: bool = False, number_format: str = ""
) -> WriteOnlyCell:
    """A cell of a sheet that is written only; a text is never a formula."""
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        made.data_type = "s"
    elif value is not None:
        made.number_format = number_format or _FORMATS.get(unit, "#,##0")
    made.font = Font(bold=bold)
    return made
