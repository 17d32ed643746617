"""Form 05: notice that settlement stops at the applicant's request; papers handed in go back."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import signing, subject
from dossiers.letters.letter import Form, Letter, agency_of_post, one_stop_unit
from dossiers.models import Dossier
from papers import parts
from papers.wording import LINE, PART, RECIPIENTS, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    asked = dossier.events.filter(action="withdraw").last()
    return {
        **subject.of_dossier(dossier),
        "agency": agency_of_post(dossier, by).name,
        "received_at": subject.moment(dossier.received_at),
        "asked_by": (asked.facts.get("requested_by") or asked.actor) if asked else dossier.filer.full_name,
        "asked_on": subject.day(asked.at if asked else at),
        "reason": str(facts.get("reason") or (asked.reason if asked else "")),
        "stopped_at": subject.moment(at),
        "documents": [
            {"name": row.name, "originals": row.originals, "copies": row.copies}
            for row in subject.documents(dossier)
            if row.originals or row.copies
        ],
        "unit": one_stop_unit(dossier, by).name,
        **signing.signature_block(by, agency_of_post(dossier, by)),
    }


LETTER = Letter(
    Form(
        "stop",
        Vocabulary(
            fields={
                **subject.FIELDS,
                "agency": Field("Cơ quan thông báo", "Ủy ban nhân dân phường Kinh Bắc"),
                "received_at": Field("Thời gian nhận hồ sơ", subject.MOMENT),
                "unit": Field("Bộ phận tiếp nhận", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "asked_by": Field("Người đề nghị rút hồ sơ", "Nguyễn Thị Ánh"),
                "asked_on": Field("Ngày đề nghị rút hồ sơ", "ngày 24 tháng 11 năm 2026"),
                "reason": Field("Lý do rút hồ sơ", "Thay đổi thiết kế"),
                "stopped_at": Field("Thời điểm dừng", "10 giờ 00 phút, ngày 25 tháng 11 năm 2026"),
                "signer_title": Field("Quyền hạn, chức vụ của người ký", "TL. Chủ tịch\nTrưởng phòng"),
                "signer": Field("Họ tên người ký", "Lê Văn Cường"),
            },
            parts={
                "documents": parts.table(
                    "Bảng giấy tờ trả lại",
                    [
                        parts.Column("#", "TT", 12, "center"),
                        parts.Column("name", "Tên giấy tờ", 106),
                        parts.Column("originals", "Bản chính", 22, "center"),
                        parts.Column("copies", "Bản sao", 22, "center"),
                    ],
                    [{"name": "Bản vẽ thiết kế", "originals": 1, "copies": 2}],
                )
            },
            required=("code", "applicant", "stopped_at"),
        ),
        Wording(
            "Thông báo dừng giải quyết hồ sơ",
            "TB",
            (
                Block(TEXT, text="Kính gửi: {applicant}", centred=True),
                Block(
                    TEXT,
                    text="Căn cứ Nghị định số 118/2025/NĐ-CP và đề nghị rút hồ sơ của {asked_by} {asked_on}, {agency} "
                    "thông báo dừng giải quyết hồ sơ sau:",
                ),
                *subject.lines(),
                Block(LINE, "Thời gian nhận hồ sơ", "{received_at}", if_known=True),
                Block(LINE, "Lý do rút hồ sơ", "{reason}"),
                Block(LINE, "Dừng giải quyết từ", "{stopped_at}", strong=True),
                Block(
                    PART,
                    "Giấy tờ trả lại cho người nộp hồ sơ:",
                    "Hồ sơ không có bản giấy phải trả lại.",
                    part="documents",
                ),
                Block(RECIPIENTS, text="Như trên\n{unit}\nLưu: VT, hồ sơ"),
                Block(SIGNATURE, "{signer_title}", "{signer}"),
            ),
            signing_note="(Ký, ghi rõ họ tên và đóng dấu)",
        ),
        official="05",
    ),
    issuing_agency=agency_of_post,
    gather=gather,
)
