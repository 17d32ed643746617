"""Form 01: receipt of the dossier and appointment for the result."""

from datetime import datetime
from typing import Any

from django.conf import settings
from reportlab.platypus import Flowable

from accounts.actors import Actor
from dossiers.fees import amounts
from dossiers.filing import declaration
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, one_stop_unit
from dossiers.models import Dossier, DossierDocument, ReturnMethod
from papers import blocks, parts
from papers.wording import LINE, PART, QR, SIGNATURE, Block, Field, Part, Vocabulary, Wording
from procedures.fees.sentences import line_title
from procedures.models import Channel
from vietnam.money import format_money


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    fee = amounts.computed_fee(dossier)
    return {
        **subject.of_dossier(dossier),
        **subject.identity(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "documents": [*_declared(dossier), *(_document(document) for document in subject.documents(dossier))],
        "sets": "01 bộ",
        "limit": subject.limit_of(dossier),
        "received_at": subject.moment(dossier.received_at or at),
        "return_at": subject.moment(dossier.due_at),
        "return_way": _return_way(dossier),
        "fees": {
            "lines": [
                {"name": line_title(row, "vi"), "quantity": row.quantity, "amount": _money(row.amount)}
                for row in fee.lines
            ],
            "total": "Miễn phí" if fee.free else _money(fee.total),
            "paid": subject.moment(dossier.fee_settled_at),
        },
        "filer": dossier.filer.full_name,
        "receiver": subject.who_acts(by),
        # An online filing has no paper to go two ways.
        "copies": [] if dossier.channel == Channel.ONLINE else ["giao người nộp hồ sơ", "chuyển kèm theo hồ sơ"],
        "track_url": track_url(dossier),
    }


def track_url(dossier: Dossier) -> str:
    """Printed on paper that is kept for years: this address is a promise."""
    return f"{settings.PUBLIC_URL}/track/{dossier.code}/"


def _declared(dossier: Dossier) -> list[dict[str, Any]]:
    """The declaration filled in online is a paper of the dossier too, though nobody sent a file of it."""
    name = declaration.declared_paper(dossier)
    return [{"name": name, "originals": 0, "copies": 0, "note": "Khai điện tử"}] if name else []


def _document(document: DossierDocument) -> dict[str, Any]:
    note = "Bổ sung sau" if document.later else ""
    if not note and document.file_id and not (document.originals or document.copies):
        count = len(document.files)
        note = "Bản điện tử" if count == 1 else f"Bản điện tử, {count} tệp"
    return {"name": document.name, "originals": document.originals, "copies": document.copies, "note": note}


def _fees(said: Any, block: Block, size: float) -> list[Flowable]:
    """One fee stands in the line itself, several below their sum."""
    paid = f"; đã nộp lúc {said['paid']}" if said["paid"] else ""
    of_lines = [
        f"{line['name']}" + (f" × {line['quantity']}" if line["quantity"] != 1 else "") + f": {line['amount']}"
        for line in said["lines"]
    ]
    if len(of_lines) == 1:
        return [blocks.field(block.label, of_lines[0] + paid, size=size)]
    total = blocks.field(block.label, said["total"] + paid, size=size)
    return [total, *blocks.numbered(of_lines, size=size)]


def _money(amount: int | None) -> str:
    """A fee still open is said to be so, never guessed."""
    return "mức thu chờ xác nhận, cán bộ báo trước khi thu" if amount is None else format_money(amount)


def _return_way(dossier: Dossier) -> str:
    if dossier.return_method == ReturnMethod.POST:
        return f"qua dịch vụ bưu chính, tại {dossier.return_address or dossier.contact_address}"
    if dossier.return_method == ReturnMethod.DOWNLOAD:
        return f"bản điện tử, tại {settings.PUBLIC_URL}"
    desk = dossier.return_desk or dossier.help_desk
    place = f"{desk.name}, {desk.address}" if desk else one_stop_unit(dossier, Actor()).name
    return f"trực tiếp tại {place}"


LETTER = Letter(
    Form(
        "receipt",
        Vocabulary(
            fields={
                **subject.FIELDS,
                **subject.IDENTITY_FIELDS,
                "unit": Field("Bộ phận tiếp nhận", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "sets": Field("Số bộ hồ sơ", "01 bộ"),
                "limit": Field("Thời hạn giải quyết", "5 ngày làm việc"),
                "received_at": Field("Thời gian nhận hồ sơ", subject.MOMENT),
                "return_at": Field("Hẹn trả kết quả", "17 giờ 00 phút, ngày 01 tháng 12 năm 2026"),
                "return_way": Field("Cách nhận kết quả", "trực tiếp tại Quầy 1"),
                "filer": Field("Họ tên người nộp", "Nguyễn Thị Ánh"),
                "receiver": Field("Họ tên người tiếp nhận", "Nguyễn Văn An"),
                "track_url": Field("Trang theo dõi hồ sơ", "https://example.vn/track/H05.160-261123-0001/"),
            },
            parts={
                "documents": parts.table(
                    "Bảng thành phần hồ sơ",
                    [
                        parts.Column("#", "TT", 12, "center"),
                        parts.Column("name", "Tên giấy tờ", 84),
                        parts.Column("originals", "Bản chính", 19, "center"),
                        parts.Column("copies", "Bản sao", 19, "center"),
                        parts.Column("note", "Ghi chú", 28),
                    ],
                    [
                        {"name": "Đơn đề nghị", "originals": 1, "copies": 0, "note": ""},
                        {"name": "Bản vẽ thiết kế", "originals": 0, "copies": 2, "note": "Bản điện tử"},
                    ],
                ),
                "fees": Part(
                    "Phí, lệ phí",
                    _fees,
                    {"lines": [{"name": "Lệ phí", "quantity": 1, "amount": "75.000 đ"}], "total": "", "paid": ""},
                ),
            },
            required=("code", "applicant", "received_at", "return_at", "documents"),
        ),
        Wording(
            "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
            "TNHS",
            (
                Block(LINE, "Bộ phận tiếp nhận", "{unit}"),
                *subject.lines("Tiếp nhận hồ sơ của", with_identity=True),
                Block(
                    PART,
                    "Thành phần hồ sơ nộp gồm:",
                    "Thành phần hồ sơ nộp: không có giấy tờ",
                    part="documents",
                ),
                Block(LINE, "Số lượng hồ sơ", "{sets}"),
                Block(LINE, "Thời hạn giải quyết", "{limit}", beside=True),
                Block(LINE, "Thời gian nhận hồ sơ", "{received_at}"),
                Block(LINE, "Thời gian hẹn trả kết quả", "{return_at}", strong=True),
                Block(LINE, "Nhận kết quả", "{return_way}"),
                Block(PART, "Phí, lệ phí", part="fees"),
                Block(LINE, "Vào Sổ theo dõi hồ sơ", "năm {year}, số thứ tự {serial}"),
                Block(LINE, "Theo dõi hồ sơ tại", "{track_url}"),
                Block(SIGNATURE, "Người nộp hồ sơ", "{filer}"),
                Block(QR, "Mã theo dõi hồ sơ", "{track_url}"),
                Block(SIGNATURE, "Người tiếp nhận hồ sơ", "{receiver}"),
            ),
        ),
        official="01",
    ),
    issuing_agency=one_stop_unit,
    gather=gather,
)
