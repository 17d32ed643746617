"""Form 04: apology for the delay and request to extend the time of settlement."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import signing, subject
from dossiers.letters.letter import Form, Letter, one_stop_unit, settling_agency
from dossiers.models import Dossier, DueGround
from papers import blocks
from papers.wording import LINE, RECIPIENTS, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    """After an extension the old date is in the last change of the due date; an apology alone names a new day."""
    change = dossier.due_date_changes.filter(ground=DueGround.EXTENDED).last()
    old, new = (change.old_due_at if change else dossier.original_due_at), subject.moment(dossier.due_at)
    if expected := facts.get("expected_on"):
        old, new = dossier.due_at, blocks.written_date(expected)
    return {
        **subject.of_dossier(dossier),
        "unit": one_stop_unit(dossier, by).name,
        "agency": settling_agency(dossier, by).name,
        "received_at": subject.moment(dossier.received_at),
        "old_due_at": subject.moment(old),
        "new_due_at": new,
        "reason": str(facts["reason"]),
        **signing.signature_block(by, settling_agency(dossier, by)),
    }


LETTER = Letter(
    Form(
        "apology",
        Vocabulary(
            fields={
                **subject.FIELDS,
                "unit": Field("Bộ phận tiếp nhận", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "agency": Field("Cơ quan giải quyết", "Ủy ban nhân dân phường Kinh Bắc"),
                "received_at": Field("Thời gian nhận hồ sơ", subject.MOMENT),
                "old_due_at": Field("Hẹn trả cũ", "17 giờ 00 phút, ngày 01 tháng 12 năm 2026"),
                "new_due_at": Field("Hẹn trả mới", "17 giờ 00 phút, ngày 04 tháng 12 năm 2026"),
                "reason": Field("Lý do chậm", "Chờ ý kiến của Sở Xây dựng"),
                "signer_title": Field(
                    "Quyền hạn, chức vụ của người ký", "TM. Ủy ban nhân dân\nKT. Chủ tịch\nPhó Chủ tịch"
                ),
                "signer": Field("Họ tên người ký", "Lê Văn Cường"),
            },
            required=("code", "applicant", "old_due_at", "new_due_at", "reason"),
        ),
        Wording(
            "Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết",
            "XLGH",
            (
                Block(TEXT, text="Kính gửi: {applicant}", centred=True),
                Block(
                    TEXT,
                    text="{unit} đã tiếp nhận hồ sơ của Ông/Bà, tổ chức để {agency} giải quyết, như sau:",
                ),
                *subject.lines(),
                Block(LINE, "Thời gian nhận hồ sơ", "{received_at}"),
                Block(LINE, "Thời gian hẹn trả kết quả", "{old_due_at}"),
                Block(TEXT, text="Tuy nhiên, {agency} chưa thể trả kết quả giải quyết hồ sơ đúng thời gian đã hẹn."),
                Block(LINE, "Lý do", "{reason}"),
                Block(
                    TEXT,
                    text="Sự chậm trễ này gây phiền hà, tốn thời gian, công sức của Ông/Bà, tổ chức. {agency} xin lỗi "
                    "Ông/Bà, tổ chức và đề nghị gia hạn thời gian giải quyết hồ sơ.",
                ),
                Block(LINE, "Thời gian hẹn trả kết quả mới", "{new_due_at}", strong=True),
                Block(TEXT, text="Rất mong nhận được sự thông cảm của Ông/Bà, tổ chức."),
                Block(RECIPIENTS, text="Như trên\n{unit}\nLưu: VT, hồ sơ"),
                Block(SIGNATURE, "{signer_title}", "{signer}"),
            ),
            signing_note="(Ký, ghi rõ họ tên và đóng dấu)",
        ),
        official="04",
    ),
    issuing_agency=settling_agency,
    gather=gather,
)
