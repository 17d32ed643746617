"""Form 07: the register in which an agency follows its dossiers, for a period.

One volume holds so many rows that it can be bound; `dossiers.registers` has a worker write them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from agencies.models import Agency
from dossiers.access.inheritance import inheritance_of
from dossiers.letters import subject
from dossiers.letters.letter import Form
from dossiers.models import Dossier, ReturnMethod
from papers import register
from papers.issue import Marks
from papers.layout import Head
from papers.register import Column
from papers.wording import PART, Block, Part, Vocabulary, Wording
from vietnam.dates import format_date
from vietnam.text import excerpt

_LONGEST_CELL = 300
# key: (head, width, how it is set, what a trial paper prints); widths are parts of the page's
_COLUMNS = {
    "count": ("TT", 12, "center", "1"),
    "code": ("Mã hồ sơ", 30, "left", "H05.160-\n261123-0001"),
    "procedure": ("Tên thủ tục hành chính", 55, "left", "Cấp giấy phép xây dựng nhà ở riêng lẻ"),
    "sets": ("Số bộ", 11, "center", "1"),
    "applicant": ("Tên cá nhân, tổ chức", 36, "left", "Nguyễn Thị Ánh"),
    "contact": ("Địa chỉ, số điện thoại", 40, "left", "12 Nguyễn Gia Thiều, Phường Kinh Bắc, 0912 345 678"),
    "agency": ("Cơ quan chủ trì giải quyết", 36, "left", "Ủy ban nhân dân phường Kinh Bắc"),
    "received": ("Nhận hồ sơ", 27, "center", "09:10\n23/11/2026"),
    "due": ("Hẹn trả kết quả", 27, "center", "17:00\n01/12/2026"),
    "returned": ("Trả kết quả", 27, "center", "15:30\n30/11/2026"),
    "way": ("Phương thức nhận kết quả", 24, "left", "Tại quầy"),
    "signature": ("Ký nhận", 26, "center", ""),
    "note": ("Ghi chú", 27, "left", "Đã trả kết quả"),
}
_WAYS = {
    ReturnMethod.COUNTER: "Tại quầy",
    ReturnMethod.POST: "Bưu chính",
    ReturnMethod.DOWNLOAD: "Bản điện tử",
}


def _column(head: str, example: str) -> Part:
    return Part(f"Cột {head}", lambda value, block, size: [], example)


FORM = Form(
    "book",
    Vocabulary(
        parts={key: _column(head, example) for key, (head, _width, _align, example) in _COLUMNS.items()},
        required=("code", "applicant", "received"),
        kinds=(PART,),
    ),
    Wording(
        "Sổ theo dõi hồ sơ",
        "STD",
        tuple(Block(PART, head, part=key) for key, (head, *_rest) in _COLUMNS.items()),
    ),
    size="A3-landscape",
    official="07",
)


def received(agency: Agency, since: date, until: date) -> QuerySet[Dossier]:
    """The dossiers that `agency`, or whoever it took over from, received or settles, received from `since` to `until`
    (both days included)."""
    begin, end = (
        timezone.make_aware(datetime(day.year, day.month, day.day)) for day in (since, until + timedelta(days=1))
    )
    return Dossier.objects.filter(inheritance_of(agency).dossiers, received_at__gte=begin, received_at__lt=end)


def in_order(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """In the order of the register, with what a row needs."""
    return (
        dossiers.select_related("edition", "settling_agency", "owner_person", "owner_enterprise", "filer")
        .defer("edition__facts", "answers", "search_vector")
        .order_by("received_at", "id")
    )


def draw_register(
    worded: Wording,
    marks: Marks,
    rows: Iterable[Mapping[str, Any]],
    *,
    since: date,
    until: date,
    volume: str = "",
    watermark: str = "",
) -> bytes:
    """One volume of `rows` (a value for each column) as PDF bytes. `volume` stands behind the period: "Quyển 2/5"."""
    subtitle = f"Từ ngày {format_date(since)} đến ngày {format_date(until)}" + (f". {volume}" if volume else "")
    keys = [block.part for block in worded.blocks if block.part in _COLUMNS]
    heads = [block.label or _COLUMNS[block.part][0] for block in worded.blocks if block.part in _COLUMNS]
    scale = register.WIDTH / sum(_COLUMNS[key][1] for key in keys)
    return register.render_register(
        worded.title,
        subtitle,
        head=Head(marks.issuer, marks.number, marks.at),
        columns=[
            Column(head, _COLUMNS[key][1] * scale, _COLUMNS[key][2]) for key, head in zip(keys, heads, strict=True)
        ],
        rows=([row[key] for key in keys] for row in rows),
        code=marks.code,
        check_url=marks.check_url,
        size=worded.size,
        watermark=watermark,
    )


def rows_of(dossiers: Iterable[Dossier], *, first: int) -> Iterator[dict[str, Any]]:
    """What the register says of each dossier; they count from `first`."""
    for number, dossier in enumerate(dossiers, first):
        said = subject.of_dossier(dossier)
        yield {
            "count": number,
            "code": _breakable(said["code"]),
            "procedure": _cut(said["procedure"]),
            "sets": 1,
            "applicant": _cut(said["applicant"]),
            "contact": _cut(", ".join(text for text in (said["address"], said["phone"]) if text)),
            "agency": dossier.settling_agency.name if dossier.settling_agency else "",
            "received": _instant(dossier.received_at),
            "due": _instant(dossier.due_at or dossier.original_due_at),
            "returned": _instant(dossier.returned_at),
            "signature": "",
            "way": _WAYS[ReturnMethod(dossier.return_method)],
            "note": dossier.get_state_display(),
        }


def _instant(at: datetime | None) -> str:
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{local:%H:%M}\n{format_date(local)}"


def _breakable(code: str) -> str:
    """A code is longer than its column; it turns the line after the agency's part."""
    return code.replace("-", "-\n", 1)


def _cut(text: str) -> str:
    return excerpt(text, _LONGEST_CELL)
