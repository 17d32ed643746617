"""Form 04: apology for the delay and request to extend the time of settlement."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Letter, one_stop_unit, settling_agency
from dossiers.models import Dossier
from papers import blocks
from papers.issue import Marks
from papers.layout import Sheet


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    """Called when the clock has been extended: the old date is in the last change of the due date."""
    change = dossier.due_date_changes.filter(ground="extended").last()
    return {
        **subject.of_dossier(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "agency": settling_agency(dossier, by).name,
        "received_at": subject.moment(dossier.received_at),
        "old_due_at": subject.moment(change.old_due_at if change else dossier.original_due_at),
        "new_due_at": subject.moment(dossier.due_at),
        "reason": str(facts["reason"]),
        "signer_title": subject.title_of(by),
        "signer": subject.who_acts(by),
    }


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    return Sheet(
        LETTER.title,
        [
            blocks.paragraph(f"Kính gửi: {said['applicant']}", align="center", bold=True),
            blocks.paragraph(
                f"{said['unit']} đã tiếp nhận hồ sơ của Ông/Bà, tổ chức để {said['agency']} giải quyết, như sau:"
            ),
            *subject.lines(said, size=13),
            blocks.field("Thời gian nhận hồ sơ", said["received_at"]),
            blocks.field("Thời gian hẹn trả kết quả", said["old_due_at"]),
            blocks.paragraph(
                f"Tuy nhiên, {said['agency']} chưa thể trả kết quả giải quyết hồ sơ đúng thời gian đã hẹn."
            ),
            blocks.field("Lý do", said["reason"]),
            blocks.paragraph(
                "Sự chậm trễ này gây phiền hà, tốn thời gian, công sức của Ông/Bà, tổ chức. "
                f"{said['agency']} xin lỗi Ông/Bà, tổ chức và đề nghị gia hạn thời gian giải quyết hồ sơ."
            ),
            blocks.field("Thời gian hẹn trả kết quả mới", said["new_due_at"], strong=True),
            blocks.paragraph("Rất mong nhận được sự thông cảm của Ông/Bà, tổ chức."),
            blocks.signatures(
                (said["signer_title"] or "Thủ trưởng cơ quan", said["signer"]), note="(Ký, ghi rõ họ tên và đóng dấu)"
            ),
        ],
    )


LETTER = Letter(
    form="apology",
    title="Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
    sign="XLGH",
    issuing_agency=settling_agency,
    gather=gather,
    draw=draw,
)
