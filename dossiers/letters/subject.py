"""What every paper says about its dossier and people, and the words for times and limits."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from dossiers.models import Dossier, DossierDocument, FilingGround
from papers import blocks
from papers.wording import LINE, Block, Field
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
        "asked": dossier.edition.title + (f" ({dossier.content})" if dossier.content else ""),
    }


FIELDS = {
    "code": Field("Mã hồ sơ", "H05.013-261123-0001"),
    "applicant": Field("Tên cá nhân, tổ chức", "Nguyễn Thị Ánh"),
    "filed_by": Field("Người nộp thay", "Trần Văn Ẩn (người được ủy quyền)"),
    "address": Field("Địa chỉ", "12 Nguyễn Gia Thiều, Phường Kinh Bắc"),
    "phone": Field("Số điện thoại", "0912 345 678"),
    "email": Field("Email", "anh@example.vn"),
    "procedure": Field("Tên thủ tục", "Cấp giấy phép xây dựng nhà ở riêng lẻ"),
    "content": Field("Nội dung đề nghị", "Nhà ở số 12 Nguyễn Gia Thiều"),
    "asked": Field("Thủ tục và nội dung đề nghị", "Cấp giấy phép xây dựng nhà ở riêng lẻ (Nhà ở số 12)"),
}
MOMENT = "09 giờ 10 phút, ngày 23 tháng 11 năm 2026"


def lines(applicant: str = "Hồ sơ của") -> tuple[Block, ...]:
    """The opening lines of a form about its dossier."""
    return (
        Block(LINE, "Mã hồ sơ", "{code}"),
        Block(LINE, applicant, "{applicant}"),
        Block(LINE, "Người nộp hồ sơ", "{filed_by}", if_known=True),
        Block(LINE, "Nội dung yêu cầu giải quyết", "{asked}"),
        Block(LINE, "Địa chỉ", "{address}"),
        Block(LINE, "Số điện thoại", "{phone}"),
        Block(LINE, "Email", "{email}", beside=True),
    )


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
