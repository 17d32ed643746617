"""Form 01: receipt of the dossier and appointment for the result."""

from datetime import datetime
from typing import Any

from django.conf import settings
from reportlab.platypus import Flowable

from accounts.actors import Actor
from dossiers import fees
from dossiers.letters import subject
from dossiers.letters.letter import Letter, one_stop_unit
from dossiers.models import Dossier, DossierDocument, ReturnMethod
from papers import blocks
from papers.issue import Marks
from papers.layout import Sheet
from procedures.models import Channel
from vietnam.money import format_money

_SIZE = 12


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    fee = fees.computed(dossier)
    return {
        **subject.of_dossier(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "documents": [_document(document) for document in subject.documents(dossier)],
        "sets": "01 bộ",
        "limit": subject.limit(dossier.limit_amount, dossier.limit_unit),
        "received_at": subject.moment(dossier.received_at or at),
        "return_at": subject.moment(dossier.due_at),
        "return_way": _return_way(dossier),
        "fee_lines": [
            {"name": line.name, "quantity": line.quantity, "amount": _money(line.amount)} for line in fee.lines
        ],
        "fee_total": "Miễn phí" if fee.free else _money(fee.total),
        "fee_paid": subject.moment(dossier.fee_settled_at),
        "filer": dossier.filer.full_name,
        "receiver": subject.who_acts(by),
        # An online filing has no paper to go two ways.
        "copies": [] if dossier.channel == Channel.ONLINE else ["giao người nộp hồ sơ", "chuyển kèm theo hồ sơ"],
        "track_url": track_url(dossier),
    }


def track_url(dossier: Dossier) -> str:
    """Printed on paper that is kept for years: this address is a promise."""
    return f"{settings.PUBLIC_URL}/track/{dossier.code}/"


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    body: list[Flowable] = [
        blocks.field("Bộ phận tiếp nhận", said["unit"], size=_SIZE),
        *subject.lines(said, size=_SIZE, applicant="Tiếp nhận hồ sơ của"),
        *_documents(said["documents"]),
        blocks.field("Số lượng hồ sơ", said["sets"], size=_SIZE),
        blocks.field("Thời hạn giải quyết theo quy định", said["limit"], size=_SIZE),
        blocks.field("Thời gian nhận hồ sơ", said["received_at"], size=_SIZE),
        blocks.field("Thời gian hẹn trả kết quả", said["return_at"], size=_SIZE, strong=True),
        blocks.field("Nhận kết quả", said["return_way"], size=_SIZE),
        *_fees(said),
        blocks.field(
            "Vào Sổ theo dõi hồ sơ", f"năm {marks.at.year}, số thứ tự {marks.number.split('/')[0]}", size=_SIZE
        ),
        blocks.field("Theo dõi hồ sơ tại", said["track_url"], size=_SIZE),
        blocks.signatures(
            ("Người nộp hồ sơ", said["filer"]),
            ("Người tiếp nhận hồ sơ", said["receiver"]),
            size=_SIZE,
            between=[
                blocks.QR(said["track_url"], side=26, centred=True),
                blocks.paragraph("Quét mã để theo dõi hồ sơ", align="center", size=9),
            ],
        ),
    ]
    copies = tuple(f"Liên {number}: {keeper}" for number, keeper in enumerate(said["copies"], 1))
    return Sheet(LETTER.title, body, copies=copies or ("",))


def _document(document: DossierDocument) -> dict[str, Any]:
    note = "Bổ sung sau" if document.later else ""
    if not note and document.file_id and not (document.originals or document.copies):
        note = "Bản điện tử"
    return {"name": document.name, "originals": document.originals, "copies": document.copies, "note": note}


def _documents(rows: list[dict[str, Any]]) -> list[Flowable]:
    if not rows:
        return [blocks.field("Thành phần hồ sơ nộp", "không có giấy tờ", size=_SIZE)]
    cells = [
        [number, row["name"], row["originals"] or "", row["copies"] or "", row["note"]]
        for number, row in enumerate(rows, 1)
    ]
    return [
        blocks.paragraph("Thành phần hồ sơ nộp gồm:", size=_SIZE),
        blocks.table(
            ["TT", "Tên giấy tờ", "Bản chính", "Bản sao", "Ghi chú"],
            cells,
            [10, 88, 18, 18, 28],
            aligns=["center", "left", "center", "center", "left"],
            size=11,
        ),
    ]


def _fees(said: dict[str, Any]) -> list[Flowable]:
    paid = f"; đã nộp lúc {said['fee_paid']}" if said["fee_paid"] else ""
    of_lines = [
        f"{line['name']}" + (f" × {line['quantity']}" if line["quantity"] != 1 else "") + f": {line['amount']}"
        for line in said["fee_lines"]
    ]
    if len(of_lines) == 1:
        return [blocks.field("Phí, lệ phí", of_lines[0] + paid, size=_SIZE)]
    total = blocks.field("Phí, lệ phí", said["fee_total"] + paid, size=_SIZE)
    return [total, *blocks.numbered(of_lines, size=_SIZE - 1)]


def _money(amount: int | None) -> str:
    """A fee still in doubt is said to be so, never guessed."""
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
    form="receipt",
    title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    sign="TNHS",
    issuing_agency=one_stop_unit,
    gather=gather,
    draw=draw,
)
