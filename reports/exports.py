"""A list of dossiers as a file for spreadsheets."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.csv_files import csv_download
from core.durations import in_full
from dossiers.access.openings import masked_owner
from dossiers.deadlines import clock
from dossiers.models import Dossier
from dossiers.views import sheet
from vietnam.dates import format_date

AT_MOST = 50_000
_READ_AT_ONCE = 500


def export_response(
    dossiers: QuerySet[Dossier], *, name: str, at: datetime, masked: bool = False
) -> StreamingHttpResponse:
    """`dossiers` as a download called `name`.csv, `masked` without the names of people; the caller has seen that they
    are not more than AT_MOST."""
    return csv_download(_rows(dossiers, at, masked), name=name)


def _rows(dossiers: QuerySet[Dossier], at: datetime, masked: bool) -> Iterator[list[str]]:
    yield [
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
        _("Thời gian làm việc còn lại"),
    ]
    rows = dossiers.order_by("id").select_related(*sheet.LOADED)
    for dossier in rows[:AT_MOST].iterator(chunk_size=_READ_AT_ONCE):
        yield _cells(dossier, at, masked)


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
        _left(None if standing is None else standing.remaining_minutes),
    ]


def _left(minutes: int | None) -> str:
    """Working time to the due date, in words; of a dossier that is overdue, how much it is over."""
    if minutes is None:
        return ""
    return _("quá %(length)s") % {"length": in_full(minutes)} if minutes < 0 else in_full(minutes)


def _moment(value: datetime | None) -> str:
    return f"{format_date(local := timezone.localtime(value))} {local:%H:%M}" if value else ""
