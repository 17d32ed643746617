"""What every paper says about its dossier and people, and the words for times and limits."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Enterprise, Person
from core.countries import country_name
from dossiers.deadlines import clock
from dossiers.models import Dossier, DossierDocument, FilingGround
from papers import blocks
from papers.wording import LINE, Block, Field
from vietnam.documents import VIETNAM, DocumentKind
from vietnam.text import fold
from vietnam.working_time import Unit

_GROUNDS = {
    FilingGround.REPRESENTATIVE: "người đại diện theo pháp luật",
    FilingGround.AUTHORISED: "người được ủy quyền",
}
_PAPERS = {
    DocumentKind.PERSONAL_NUMBER: "Số định danh cá nhân",
    DocumentKind.OLD_CARD: "Số chứng minh nhân dân",
    DocumentKind.PASSPORT: "Số hộ chiếu",
    DocumentKind.TRAVEL_DOCUMENT: "Số giấy tờ đi lại quốc tế",
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
    owner = _owner(dossier)
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
        "asked": _asked(dossier.edition.title, dossier.content),
    }


def _owner(dossier: Dossier) -> Person | Enterprise:
    return dossier.owner_person or dossier.owner_enterprise or dossier.filer


def identity(dossier: Dossier) -> dict[str, str]:
    """The number by which the applicant is known, and what it is called; only where a form asks for it."""
    owner = _owner(dossier)
    if isinstance(owner, Enterprise):
        if owner.tax_number:
            return {"identity_kind": "Mã số doanh nghiệp", "identity": owner.tax_number}
        kind = "Số quyết định, giấy phép thành lập" + _of_country(owner.decision_country)
        return {"identity_kind": kind, "identity": str(owner.decision)}
    document = owner.identity
    if document is None:
        return {"identity_kind": "Số định danh cá nhân", "identity": ""}
    kind = _PAPERS[document.kind] + _of_country(document.country)
    return {"identity_kind": kind, "identity": document.number}


def _of_country(code: str) -> str:
    """ " (Hàn Quốc)" of a foreign paper."""
    return "" if code == VIETNAM else f" ({country_name(code, 'vi')})"


def _asked(procedure: str, content: str) -> str:
    """The procedure, and what is asked for where that says more than its name."""
    said = fold(content).strip(" .")
    return procedure if not said or said == fold(procedure).strip(" .") else f"{procedure} ({content})"


FIELDS = {
    "code": Field("Mã hồ sơ", "H05.160-261123-0001"),
    "applicant": Field("Tên cá nhân, tổ chức", "Nguyễn Thị Ánh"),
    "filed_by": Field("Người nộp thay", "Trần Văn Ẩn (người được ủy quyền)"),
    "address": Field("Địa chỉ", "12 Nguyễn Gia Thiều, Phường Kinh Bắc"),
    "phone": Field("Số điện thoại", "0912 345 678"),
    "email": Field("Email", "anh@example.vn"),
    "procedure": Field("Tên thủ tục", "Cấp giấy phép xây dựng nhà ở riêng lẻ"),
    "content": Field("Nội dung đề nghị", "Nhà ở số 12 Nguyễn Gia Thiều"),
    "asked": Field("Thủ tục và nội dung đề nghị", "Cấp giấy phép xây dựng nhà ở riêng lẻ (Nhà ở số 12)"),
}
IDENTITY_FIELDS = {
    "identity_kind": Field("Tên loại số của cá nhân, tổ chức", "Số định danh cá nhân"),
    "identity": Field("Số định danh, mã số doanh nghiệp", "027190000011"),
}
MOMENT = "09 giờ 10 phút, ngày 23 tháng 11 năm 2026"


def lines(applicant: str = "Hồ sơ của", *, with_identity: bool = False) -> tuple[Block, ...]:
    """The opening lines of a form about its dossier."""
    return (
        Block(LINE, "Mã hồ sơ", "{code}"),
        Block(LINE, applicant, "{applicant}"),
        *([Block(LINE, "{identity_kind}", "{identity}", if_known=True)] if with_identity else []),
        Block(LINE, "Người nộp hồ sơ", "{filed_by}", if_known=True),
        Block(LINE, "Nội dung yêu cầu giải quyết", "{asked}"),
        Block(LINE, "Địa chỉ", "{address}"),
        Block(LINE, "Số điện thoại", "{phone}"),
        Block(LINE, "Email", "{email}", beside=True),
    )


def documents(dossier: Dossier) -> list[DossierDocument]:
    """What was handed in, in the checklist's order; results are not among it."""
    papers = dossier.documents.exclude(kind=DossierDocument.Kind.RESULT)
    return list(papers.select_related("file", "required_document").prefetch_related("further__file"))


def who_acts(by: Actor) -> str:
    """Name of the person who signs; an automatic rule signs nothing, and a connected system in no person's name."""
    if by.connected_system:
        return by.system
    return by.post.account.full_name if by.post else by.account.full_name if by.account else ""


def limit_of(dossier: Dossier) -> str:
    """The legal limit; where "at once" ends on a later day than that of the receipt, why it does."""
    said = limit(dossier.limit_amount, dossier.limit_unit)
    if dossier.limit_unit != Unit.AT_ONCE or dossier.received_at is None or dossier.original_due_at is None:
        return said
    received, due = timezone.localtime(dossier.received_at), timezone.localtime(dossier.original_due_at)
    if received.date() == due.date():
        return said
    late = dossier.after_15h_next_day and received.time() >= clock.AFTERNOON_RULE
    why = f"sau {clock.AFTERNOON_RULE.hour} giờ" if late else "ngoài giờ làm việc"
    return f"Trong ngày làm việc; hồ sơ nhận {why} được trả kết quả trong ngày làm việc tiếp theo"


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
