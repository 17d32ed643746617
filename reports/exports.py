"""A list of dossiers as a file for spreadsheets: CSV in UTF-8 with a byte order mark, written while it is sent."""

import csv
from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from dossiers.access.openings import masked_owner
from dossiers.deadlines import clock
from dossiers.models import Dossier
from dossiers.views import sheet
from vietnam.dates import format_date

AT_MOST = 50_000
_READ_AT_ONCE = 500
# A cell that begins so is taken for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Line:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def export_response(
    dossiers: QuerySet[Dossier], *, name: str, at: datetime, masked: bool = False
) -> StreamingHttpResponse:
    """`dossiers` as a download called `name`.csv, `masked` without the names of people; the caller has seen that they
    are not more than AT_MOST."""
    response = StreamingHttpResponse(
        _lines(dossiers, at, get_language() or "vi", masked), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(dossiers: QuerySet[Dossier], at: datetime, language: str, masked: bool) -> Iterator[str]:
    with override(language):  # the request, and its language, have ended when this is sent
        yield from _written(dossiers, at, masked)


def _written(dossiers: QuerySet[Dossier], at: datetime, masked: bool) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow(
        [
            _("Mã hồ sơ"),
            _("Chủ hồ sơ"),
            _("Mã thủ tục"),
            _("Thủ tục"),
            _("Cơ quan giải quyết"),
            _("Trạng thái"),
            _("Bước"),
            _("Người giữ"),
            _("Tiếp nhận"),
            _("Hẹn trả"),
            _("Có kết quả"),
            _("Số phút làm việc còn lại"),
        ]
    )
    rows = dossiers.order_by("id").select_related(*sheet.LOADED)
    for dossier in rows[:AT_MOST].iterator(chunk_size=_READ_AT_ONCE):
        yield writer.writerow([safe_cell(cell) for cell in _cells(dossier, at, masked)])


def _cells(dossier: Dossier, at: datetime, masked: bool) -> list[str]:
    standing = clock.standing_of(dossier, at=at)
    step, english = dossier.step, get_language() == "en"
    return [
        dossier.code or "",
        masked_owner(dossier) if masked else dossier.owner_name,
        dossier.edition.procedure.code,
        sheet.title_of(dossier),
        dossier.settling_agency.local_name if dossier.settling_agency else "",
        dossier.get_state_display(),
        ((english and step.name_en) or step.name) if step else "",
        dossier.holder.account.full_name if dossier.holder else "",
        _moment(dossier.received_at),
        _moment(dossier.due_at),
        _moment(dossier.finished_at),
        "" if standing is None or standing.remaining_minutes is None else str(standing.remaining_minutes),
    ]


def _moment(value: datetime | None) -> str:
    return f"{format_date(local := timezone.localtime(value))} {local:%H:%M}" if value else ""


def safe_cell(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    number = cell.lstrip("-").isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell
