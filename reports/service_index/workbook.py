"""The service index as a spreadsheet: points, definitions, and the agencies beside one another."""

from collections.abc import Sequence
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from reports.indicators import formula_of
from reports.indicators.kinds import Unit
from reports.service_index.scoring import ServiceIndex
from reports.workbooks import WIDE, sheet_cell

POINTS = "0.00"


def index_workbook(
    index: ServiceIndex, agencies: Sequence[tuple[int, str, ServiceIndex]], *, title: str, notes: Sequence[str]
) -> bytes:
    """Points by criterion with the definition of each; a second sheet for `agencies`, where there are any."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Chỉ số"))
    sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = sheet.column_dimensions["I"].width = WIDE
    sheet.append([sheet_cell(sheet, title, bold=True)])
    for note in notes:
        sheet.append([sheet_cell(sheet, note)])
    heads = [_("Nhóm"), _("Tiêu chí"), _("Tỷ lệ"), _("Hồ sơ đạt"), _("Hồ sơ được tính"), _("Điểm"), _("Điểm tối đa")]
    sheet.append([sheet_cell(sheet, head, bold=True) for head in (*heads, _("Cách có điểm"), _("Định nghĩa"))])
    for one in index.scored:
        share = one.criterion.share
        entry = one.entry
        how = _("Tính từ hồ sơ") if share else _("Chưa nhập") if entry is None else _("Nhập tay: %s") % entry
        counts = [one.part, one.whole] if share else [None, None]
        sheet.append(
            [
                sheet_cell(sheet, one.criterion.group_name),
                sheet_cell(sheet, one.criterion.name),
                sheet_cell(sheet, one.share, Unit.SHARE),
                *(sheet_cell(sheet, count) for count in counts),
                sheet_cell(sheet, one.points, number_format=POINTS),
                sheet_cell(sheet, one.criterion.points, number_format=POINTS),
                sheet_cell(sheet, how),
                sheet_cell(sheet, f"{share.means} {formula_of(share)}" if share else ""),
            ]
        )
    total = [sheet_cell(sheet, _("Cộng"), bold=True), *(sheet_cell(sheet, None) for _blank in range(4))]
    numbers = (index.points, index.known)
    sheet.append([*total, *(sheet_cell(sheet, one, bold=True, number_format=POINTS) for one in numbers)])
    if agencies:
        _agencies_sheet(book, index, agencies)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _agencies_sheet(book: Workbook, index: ServiceIndex, agencies: Sequence[tuple[int, str, ServiceIndex]]) -> None:
    sheet = book.create_sheet(_("Cơ quan giải quyết"))
    sheet.column_dimensions["A"].width = WIDE
    heads = [_("Cơ quan giải quyết"), *(group.name for group in index.groups), _("Điểm"), _("Trên số điểm đã biết")]
    sheet.append([sheet_cell(sheet, head, bold=True) for head in heads])
    for _key, name, its in agencies:
        numbers = [*(group.points for group in its.groups), its.points, its.known]
        sheet.append([sheet_cell(sheet, name), *(sheet_cell(sheet, one, number_format=POINTS) for one in numbers)])
