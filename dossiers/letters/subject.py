"""What every paper says about its dossier and people, and the words for times and limits."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from reportlab.platypus import Flowable

from accounts.actors import Actor
from dossiers.models import Dossier, DossierDocument, FilingGround
from papers import blocks
from vietnam.working_time import Unit

_GROUNDS = {
    FilingGround.REPRESENTATIVE: "người đại diện theo pháp luật",
    FilingGround.AUTHORISED: "người được ủy quyền",
}
_UNITS = {
    Unit.WORKING_DAY: "ngày làm việc",
    Unit.WORKING_HOUR: "giờ làm việc",
    Unit.CALENDAR_DAY: "ngày",
    Unit.CALENDAR_HOUR: "giờ",
    Unit.MONTH: "tháng",
}


def of_dossier(dossier: Dossier) -> dict[str, Any]:
    """Code, applicant and what is asked for, as they were at filing."""
    owner = dossier.owner_person or dossier.owner_enterprise or dossier.filer
    filed_by = ""
    if dossier.filing_ground != FilingGround.SELF:
        ground = dossier.ground_note or _GROUNDS[FilingGround(dossier.filing_ground)]
        filed_by = f"{dossier.filer.full_name} ({ground})"
    return {
        "code": dossier.code,
        "applicant": dossier.owner_name or str(owner),
        "filed_by": filed_by,
        "address": dossier.contact_address or owner.address,
        "phone": dossier.contact_phone or owner.phone,
        "email": dossier.contact_email or owner.email,
        "procedure": dossier.edition.title,
        "content": dossier.content,
    }


def lines(said: dict[str, Any], *, size: float, applicant: str = "Hồ sơ của") -> list[Flowable]:
    """The opening lines of a form about its dossier."""
    asked = said["procedure"] + (f" ({said['content']})" if said["content"] else "")
    rows = [
        ("Mã hồ sơ", said["code"]),
        (applicant, said["applicant"]),
        *([("Người nộp hồ sơ", said["filed_by"])] if said["filed_by"] else []),
        ("Nội dung yêu cầu giải quyết", asked),
        ("Địa chỉ", said["address"]),
    ]
    reached = blocks.columns(
        [blocks.field("Số điện thoại", said["phone"], size=size), blocks.field("Email", said["email"], size=size)],
        [None, None],
    )
    reached.spaceAfter = size * 0.3
    return [*(blocks.field(label, value, size=size) for label, value in rows), reached]


def documents(dossier: Dossier) -> list[DossierDocument]:
    """What was handed in, in the checklist's order; results are not among it."""
    return list(dossier.documents.exclude(kind=DossierDocument.Kind.RESULT))


def who_acts(by: Actor) -> str:
    """Name of the person who signs; an automatic rule signs nothing."""
    return by.post.account.full_name if by.post else by.account.full_name if by.account else ""


def title_of(by: Actor) -> str:
    return (by.post.title or by.post.get_role_display()) if by.post else ""


def limit(amount: Decimal | None, unit: str) -> str:
    """3 ngày làm việc; 0,5 ngày làm việc; Giải quyết ngay."""
    if not unit:
        return ""
    if Unit(unit) is Unit.AT_ONCE:
        return "Giải quyết ngay khi tiếp nhận"
    written = f"{(amount or Decimal(0)).normalize():f}".replace(".", ",")
    return f"{written} {_UNITS[Unit(unit)]}"


def moment(at: datetime | None) -> str:
    """09 giờ 10 phút, ngày 05 tháng 02 năm 2026; empty when there is none."""
    return blocks.written_time(timezone.localtime(at)) if at else ""


def day(at: datetime) -> str:
    return blocks.written_date(timezone.localtime(at))
