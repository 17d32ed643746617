"""Form 03: refusal to receive the dossier, with the reason."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Letter, one_stop_unit
from dossiers.models import Dossier
from papers import blocks
from papers.issue import Marks
from papers.layout import Sheet


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        **subject.of_dossier(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "asked_on": subject.day(dossier.filed_at or at),
        "reason": str(facts["reason"]),
        "filer": dossier.filer.full_name,
        "signer": subject.who_acts(by),
    }


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    return Sheet(
        LETTER.title,
        [
            blocks.field("Bộ phận tiếp nhận", said["unit"]),
            *subject.lines(said, size=13, applicant="Tiếp nhận hồ sơ của"),
            blocks.field("Ngày nộp hồ sơ", said["asked_on"]),
            blocks.paragraph(
                "Qua xem xét, bộ phận tiếp nhận thông báo không tiếp nhận giải quyết hồ sơ này "
                "với lý do cụ thể như sau:"
            ),
            blocks.paragraph(said["reason"]),
            blocks.paragraph("Xin thông báo để Ông/Bà, tổ chức được biết và thực hiện."),
            blocks.signatures(("Người nộp hồ sơ", said["filer"]), ("Người tiếp nhận hồ sơ", said["signer"])),
        ],
    )


LETTER = Letter(
    form="refusal",
    title="Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    sign="TCHS",
    issuing_agency=one_stop_unit,
    gather=gather,
    draw=draw,
)
