"""Form 03: refusal to receive the dossier, with the reason."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, one_stop_unit
from dossiers.models import Dossier
from papers.wording import LINE, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        **subject.of_dossier(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "asked_on": subject.day(dossier.filed_at or at),
        "reason": str(facts["reason"]),
        "filer": dossier.filer.full_name,
        "signer": subject.who_acts(by),
    }


LETTER = Letter(
    Form(
        "refusal",
        Vocabulary(
            fields={
                **subject.FIELDS,
                "unit": Field("Bộ phận tiếp nhận", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "asked_on": Field("Ngày nộp hồ sơ", "ngày 23 tháng 11 năm 2026"),
                "reason": Field("Lý do từ chối", "Không thuộc thẩm quyền giải quyết của Ủy ban nhân dân phường."),
                "filer": Field("Họ tên người nộp", "Nguyễn Thị Ánh"),
                "signer": Field("Họ tên người tiếp nhận", "Nguyễn Văn An"),
            },
            required=("code", "applicant", "reason"),
        ),
        Wording(
            "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
            "TCHS",
            (
                Block(LINE, "Bộ phận tiếp nhận", "{unit}"),
                *subject.lines("Tiếp nhận hồ sơ của"),
                Block(LINE, "Ngày nộp hồ sơ", "{asked_on}"),
                Block(
                    TEXT,
                    text="Qua xem xét, bộ phận tiếp nhận thông báo không tiếp nhận giải quyết hồ sơ này với lý do cụ "
                    "thể như sau:",
                ),
                Block(TEXT, text="{reason}"),
                Block(TEXT, text="Xin thông báo để Ông/Bà, tổ chức được biết và thực hiện."),
                Block(SIGNATURE, "Người nộp hồ sơ", "{filer}"),
                Block(SIGNATURE, "Người tiếp nhận hồ sơ", "{signer}"),
            ),
        ),
        official="03",
    ),
    issuing_agency=one_stop_unit,
    gather=gather,
)
