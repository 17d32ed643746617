"""Cover sheet, separators and post label of a dossier: working aids, drawn when asked for, without number or record.

The cover and the separators carry a code for the scanner (`digitization.slots`); the label goes on an envelope that
anybody may see, so it says nothing of what is asked for and holds no personal number.
"""

from datetime import datetime

from django.utils import timezone
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from accounts.actors import Actor
from agencies.models import Agency
from digitization import slots
from digitization.slots import Slot
from dossiers.letters import subject
from dossiers.letters.letter import one_stop_unit
from dossiers.models import Dossier, DossierDocument, ReturnMethod
from papers import aids, blocks, heading


class NoLabel(ValueError):
    """The result of this dossier does not go by post, or nobody said where to."""


def cover(dossier: Dossier, *, at: datetime, with_separators: bool = False) -> bytes:
    """PDF/A of the folder's cover; with a separator for each paper behind it when asked for."""
    kept = [row for row in subject.documents(dossier) if row.originals or row.copies]
    pages = [_cover(dossier, kept)]
    if with_separators:
        scanned = [row for row in kept if row.required_document is None or not row.required_document.secret]
        pages += [_separator_of(dossier, row, n, len(scanned)) for n, row in enumerate(scanned, 1)]
    return _made(pages, "A4", f"Tờ bìa hồ sơ {dossier.code}", _unit(dossier), at)


def separator(agency: Agency, *, at: datetime) -> bytes:
    """PDF/A of a separator that belongs to no dossier: what lies behind it is a paper of its own."""
    page = [
        Spacer(0, 30 * mm),
        heading.title("Tờ ngăn"),
        blocks.QR(slots.SEPARATOR, side=80, centred=True),
        Spacer(0, 8 * mm),
        blocks.paragraph("Đặt tờ này giữa hai giấy tờ khi quét nhiều giấy tờ một lần.", align="center"),
        blocks.paragraph("Dùng lại được nhiều lần. Không đưa vào hồ sơ lưu.", align="center"),
    ]
    return _made([page], "A4", "Tờ ngăn quét", agency, at)


def label(dossier: Dossier, *, at: datetime) -> bytes:
    """PDF/A of the post label; raises NoLabel."""
    said = subject.of_dossier(dossier)
    to = dossier.return_address or said["address"]
    if dossier.return_method != ReturnMethod.POST or not to:
        raise NoLabel
    unit = _unit(dossier)
    sender = [
        blocks.paragraph("Người gửi", italic=True, size=9, align="left"),
        blocks.paragraph(unit.name, bold=True, size=10, align="left"),
        blocks.paragraph(", ".join(text for text in (unit.address, unit.phone) if text), size=9, align="left"),
    ]
    page: list[Flowable] = [
        blocks.columns([sender, [blocks.QR(dossier.code or "", side=26)]], [None, 27 * mm]),
        Spacer(0, 2 * mm),
        blocks.paragraph("Người nhận", italic=True, size=10, align="left"),
        blocks.paragraph(said["applicant"], bold=True, size=15, align="left"),
        blocks.paragraph(to, size=13, align="left"),
        blocks.paragraph(f"Điện thoại: {said['phone']}" if said["phone"] else "", size=13, align="left"),
        aids.Barcode(dossier.code or "", height=13, centred=True),
        blocks.paragraph(f"Mã hồ sơ: {dossier.code}", align="center", size=11),
    ]
    return _made([page], "A6-landscape", f"Nhãn bưu gửi {dossier.code}", unit, at)


def _unit(dossier: Dossier) -> Agency:
    return one_stop_unit(dossier, Actor())


def _cover(dossier: Dossier, kept: list[DossierDocument]) -> list[Flowable]:
    said = subject.of_dossier(dossier)
    rows = [[n, row.name, row.originals or "", row.copies or ""] for n, row in enumerate(kept, 1)]
    settler = dossier.settling_agency.name if dossier.settling_agency else ""
    return [
        blocks.paragraph(_unit(dossier).name, align="center", size=12),
        heading.title("Tờ bìa hồ sơ"),
        blocks.QR(slots.slot_token(Slot(dossier.reference)), side=58, centred=True),
        Spacer(0, 3 * mm),
        aids.Barcode(dossier.code or "", height=16, centred=True),
        blocks.paragraph(dossier.code, align="center", bold=True, size=20),
        Spacer(0, 3 * mm),
        blocks.field("Hồ sơ của", said["applicant"]),
        blocks.field("Thủ tục", said["procedure"]),
        blocks.field("Cơ quan giải quyết", settler),
        blocks.field("Thời gian nhận hồ sơ", subject.moment(dossier.received_at)),
        blocks.field("Thời gian hẹn trả kết quả", subject.moment(dossier.due_at)),
        *(
            [
                blocks.table(
                    ["TT", "Giấy tờ trong tập", "Bản chính", "Bản sao"],
                    rows,
                    [12, 116, 22, 22],
                    aligns=["center", "left", "center", "center"],
                    size=11,
                )
            ]
            if rows
            else [blocks.paragraph("Hồ sơ không có giấy tờ bản giấy.", italic=True)]
        ),
    ]


def _separator_of(dossier: Dossier, row: DossierDocument, number: int, total: int) -> list[Flowable]:
    return [
        Spacer(0, 25 * mm),
        heading.title("Tờ ngăn", f"Giấy tờ {number}/{total}"),
        blocks.QR(slots.slot_token(Slot(dossier.reference, str(row.pk))), side=80, centred=True),
        Spacer(0, 6 * mm),
        blocks.paragraph(row.name, align="center", bold=True, size=16),
        blocks.paragraph(dossier.code, align="center", size=14),
        blocks.paragraph("Đặt tờ này ngay trước giấy tờ trên khi quét.", align="center"),
    ]


def _made(pages: list[list[Flowable]], size: str, title: str, unit: Agency, at: datetime) -> bytes:
    return aids.render_aid(pages, size=size, title=title, author=unit.name, at=timezone.localtime(at))
