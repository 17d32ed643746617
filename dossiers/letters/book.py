"""Form 07: the book in which an agency follows its dossiers, for a period."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.models import Agency
from dossiers.letters import subject
from dossiers.models import Dossier, ReturnMethod
from papers import archival, register
from papers.issuers import Issuer
from papers.layout import Head
from papers.register import Column
from vietnam.dates import format_date

# A year of a busy centre goes into several books, as it did on paper.
LIMIT = 20_000
_TITLE = "Sổ theo dõi hồ sơ"
_LONGEST_CELL = 300
_COLUMNS = (
    Column("TT", 10, "center"),
    Column("Mã hồ sơ", 30),
    Column("Thủ tục hành chính", 52),
    Column("Số bộ", 10, "center"),
    Column("Tên cá nhân, tổ chức", 32),
    Column("Địa chỉ, số điện thoại", 36),
    Column("Cơ quan chủ trì", 28),
    Column("Nhận hồ sơ", 16, "center"),
    Column("Hẹn trả", 16, "center"),
    Column("Trả kết quả", 16, "center"),
    Column("Cách nhận", 15),
    Column("Ghi chú", 16),
)
_WAYS = {
    ReturnMethod.COUNTER: "Tại quầy",
    ReturnMethod.POST: "Bưu chính",
    ReturnMethod.DOWNLOAD: "Bản điện tử",
}


class TooLong(ValueError):
    """The period holds more dossiers than one book."""


def book(agency: Agency, since: date, until: date, at: datetime) -> bytes:
    """The book of all dossiers that `agency` received or settles, received from `since` to `until` (both days
    included), as PDF/A. Rows stream from the database. Raises `TooLong` with a sentence for the reader.
    """
    dossiers = _received(agency, since, until)
    if dossiers[LIMIT : LIMIT + 1].exists():
        raise TooLong(
            _("Khoảng thời gian này có hơn %(limit)s hồ sơ. Hãy chọn khoảng ngắn hơn.")
            % {"limit": f"{LIMIT:,}".replace(",", ".")}
        )
    issuer = Issuer.of(agency)
    local = timezone.localtime(at)
    subtitle = f"Từ ngày {format_date(since)} đến ngày {format_date(until)}"
    with translation.override("vi"):
        drawn = register.render(_TITLE, subtitle, head=Head(issuer, "", local), columns=_COLUMNS, rows=_rows(dossiers))
    return archival.finish(drawn, title=f"{_TITLE}. {subtitle}", author=issuer.name, at=local)


def _received(agency: Agency, since: date, until: date) -> QuerySet[Dossier]:
    begin, end = (
        timezone.make_aware(datetime(day.year, day.month, day.day)) for day in (since, until + timedelta(days=1))
    )
    return (
        Dossier.objects.filter(Q(receiving_agency=agency) | Q(settling_agency=agency))
        .filter(received_at__gte=begin, received_at__lt=end)
        .select_related("edition", "settling_agency", "owner_person", "owner_enterprise", "filer")
        .defer("edition__facts", "answers", "search_vector")
        .order_by("received_at", "id")
    )


def _rows(dossiers: QuerySet[Dossier]) -> Iterator[list[object]]:
    for number, dossier in enumerate(dossiers.iterator(chunk_size=500), 1):
        said = subject.of_dossier(dossier)
        yield [
            number,
            _breakable(said["code"]),
            _cut(said["procedure"]),
            1,
            _cut(said["applicant"]),
            _cut(", ".join(text for text in (said["address"], said["phone"]) if text)),
            dossier.settling_agency.name if dossier.settling_agency else "",
            _instant(dossier.received_at),
            _instant(dossier.due_at or dossier.original_due_at),
            _instant(dossier.returned_at),
            _WAYS[ReturnMethod(dossier.return_method)],
            dossier.get_state_display(),
        ]


def _instant(at: datetime | None) -> str:
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local:%H:%M}\n{format_date(local)}"


def _breakable(code: str) -> str:
    """A code is longer than its column; it turns the line after the agency's part."""
    return code.replace("-", "-\n", 1)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"
