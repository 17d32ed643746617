"""Form 02: request to supplement or complete the dossier, once and in full."""

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
    agency = agency_of_post(dossier, by)
    return {
        **subject.of_dossier(dossier),
        "agency": agency.name,
        "items": [_item(item) for item in facts["items"]],
        "reason": str(facts.get("reason", "")),
        "legal_ground": str(facts.get("legal_ground", "") or ""),
        "contact": subject.who_acts(by),
        "contact_phone": agency.phone,
        "contact_email": agency.email,
        "signer": subject.who_acts(by),
    }


def draw(said: dict[str, Any], marks: Marks) -> Sheet:
    help_by = [said["contact"] or said["agency"]]
    if said["contact_phone"]:
        help_by.append(f"số điện thoại {said['contact_phone']}")
    if said["contact_email"]:
        help_by.append(f"email {said['contact_email']}")
    return Sheet(
        LETTER.title,
        [
            *subject.lines(said, size=13),
            blocks.paragraph("Đề nghị bổ sung, hoàn thiện hồ sơ gồm những nội dung sau:", bold=True),
            *blocks.numbered(said["items"]),
            blocks.field("Lý do", said["reason"]),
            *([blocks.field("Căn cứ pháp luật", said["legal_ground"])] if said["legal_ground"] else []),
            blocks.paragraph(
                "Trong quá trình bổ sung, hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà, tổ chức liên hệ với "
                f"{', '.join(help_by)} để được hướng dẫn."
            ),
            blocks.signatures(("Người hướng dẫn", said["signer"])),
        ],
    )


def _item(item: Any) -> str:
    """An item is a name, or a name with its own reason."""
    if not isinstance(item, dict):
        return str(item)
    return f"{item['name']}: {item['reason']}" if item.get("reason") else str(item["name"])


LETTER = Letter(
    form="completion",
    title="Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    sign="HDHS",
    issuing_agency=agency_of_post,
    gather=gather,
    draw=draw,
)
