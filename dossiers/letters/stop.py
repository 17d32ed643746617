"""Form 05: notice that settlement stops at the applicant's request; papers handed in go back."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Letter, agency_of_post
from dossiers.models import Dossier
from papers import blocks
from papers.issue import Marks
from papers.layout import Sheet


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    asked = dossier.events.filter(action="withdraw").last()
    return {
        **subject.of_dossier(dossier),
        "agency": agency_of_post(dossier, by).name,
        "received_at": subject.moment(dossier.received_at),
        "asked_by": asked.actor if asked else dossier.filer.full_name,
        "asked_on": subject.day(asked.at if asked else at),
        "reason": str(facts.get("reason") or (asked.reason if asked else "")),
        "stopped_at": subject.moment(at),
        "documents": [
            {"name": row.name, "originals": row.originals, "copies": row.copies}
            for row in subject.documents(dossier)
            if row.originals or row.copies
        ],
        "signer_title": subject.title_of(by),
        "signer": subject.who_acts(by),
    }


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    returned = [
        [number, row["name"], row["originals"] or "", row["copies"] or ""]
        for number, row in enumerate(said["documents"], 1)
    ]
    return Sheet(
        LETTER.title,
        [
            blocks.paragraph(f"Kính gửi: {said['applicant']}", align="center", bold=True),
            blocks.paragraph(
                "Căn cứ Nghị định số 118/2025/NĐ-CP và đề nghị rút hồ sơ của "
                f"{said['asked_by']} {said['asked_on']}, {said['agency']} thông báo dừng giải quyết hồ sơ sau:"
            ),
            *subject.lines(said, size=13),
            *([blocks.field("Thời gian nhận hồ sơ", said["received_at"])] if said["received_at"] else []),
            blocks.field("Lý do rút hồ sơ", said["reason"]),
            blocks.field("Dừng giải quyết từ", said["stopped_at"], strong=True),
            *(
                [
                    blocks.paragraph("Giấy tờ trả lại cho người nộp hồ sơ:"),
                    blocks.table(
                        ["TT", "Tên giấy tờ", "Bản chính", "Bản sao"],
                        returned,
                        [10, 108, 22, 22],
                        aligns=["center", "left", "center", "center"],
                    ),
                ]
                if returned
                else [blocks.paragraph("Hồ sơ không có bản giấy phải trả lại.")]
            ),
            blocks.signatures((said["signer_title"] or "Người thông báo", said["signer"])),
        ],
    )


LETTER = Letter(
    form="stop",
    title="Thông báo dừng giải quyết hồ sơ",
    sign="TB",
    issuing_agency=agency_of_post,
    gather=gather,
    draw=draw,
)
