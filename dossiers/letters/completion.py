"""Form 02: request to supplement or complete the dossier, once and in full."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, agency_of_post, one_stop_unit
from dossiers.models import Dossier
from papers import parts
from papers.wording import LINE, PART, RECIPIENTS, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording

_TO_FILL_IN = "…" * 8  # by hand


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    agency = agency_of_post(dossier, by)
    contact = subject.who_acts(by) or agency.name
    phone = (by.post.phone if by.post else "") or agency.phone or one_stop_unit(dossier, by).phone
    reached = [contact, f"số điện thoại {phone or _TO_FILL_IN}"]
    if agency.email:
        reached.append(f"email {agency.email}")
    request = dossier.supplement_requests.filter(answered_at=None).last()
    return {
        **subject.of_dossier(dossier),
        "agency": agency.name,
        "unit": one_stop_unit(dossier, by).name,
        "items": [_item(item) for item in facts["items"]],
        "reason": str(facts.get("reason", "")),
        "legal_ground": str(facts.get("legal_ground", "") or ""),
        "contact": contact,
        "contact_phone": phone,
        "contact_email": agency.email,
        "ask": ", ".join(reached),
        "answer_by": subject.moment(request.answer_by) if request else "",
        "signer": subject.who_acts(by),
    }


def _item(item: Any) -> str:
    """An item is a name, or a name with its own reason."""
    if not isinstance(item, dict):
        return str(item)
    return f"{item['name']}: {item['reason']}" if item.get("reason") else str(item["name"])


LETTER = Letter(
    Form(
        "completion",
        Vocabulary(
            fields={
                **subject.FIELDS,
                "agency": Field("Cơ quan yêu cầu", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "unit": Field("Bộ phận tiếp nhận", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "reason": Field("Lý do", "Hồ sơ chưa đủ thành phần"),
                "legal_ground": Field("Căn cứ pháp luật", "Văn bản mà người yêu cầu nêu"),
                "contact": Field("Người hướng dẫn", "Nguyễn Văn An"),
                "contact_phone": Field("Điện thoại của cơ quan", "0222 3822 000"),
                "contact_email": Field("Email của cơ quan", "motcua@example.vn"),
                "answer_by": Field("Thời hạn bổ sung", "17 giờ 00 phút, ngày 22 tháng 01 năm 2027"),
                "ask": Field("Người hướng dẫn và cách liên hệ", "Nguyễn Văn An, số điện thoại 0222 3822 000"),
                "signer": Field("Họ tên người ký", "Nguyễn Văn An"),
            },
            parts={
                "items": parts.numbered(
                    "Những nội dung phải bổ sung", ["Bản vẽ hoàn công", "Đơn đề nghị: chưa có chữ ký"]
                )
            },
            required=("code", "applicant", "items", "reason"),
        ),
        Wording(
            "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
            "HDHS",
            (
                *subject.lines(),
                Block(PART, "Đề nghị bổ sung, hoàn thiện hồ sơ gồm những nội dung sau:", part="items", strong=True),
                Block(LINE, "Lý do", "{reason}"),
                Block(LINE, "Căn cứ pháp luật", "{legal_ground}", if_known=True),
                Block(
                    TEXT,
                    text="Đề nghị Ông/Bà, tổ chức bổ sung đến hết {answer_by}. Quá thời gian này mà chưa bổ sung thì "
                    "hồ sơ kết thúc; Ông/Bà, tổ chức có thể nộp hồ sơ mới.",
                    if_known=True,
                ),
                Block(
                    TEXT,
                    text="Trong quá trình bổ sung, hoàn thiện hồ sơ, nếu có vướng mắc, Ông/Bà, tổ chức liên hệ với "
                    "{ask} để được hướng dẫn.",
                ),
                Block(RECIPIENTS, text="{applicant}\n{unit}\nLưu: hồ sơ"),
                Block(SIGNATURE, "Người hướng dẫn", "{signer}"),
            ),
        ),
        official="02",
    ),
    issuing_agency=agency_of_post,
    gather=gather,
)
