"""The certificate of destruction: which dossiers of which list are gone, by whose decision, and which were kept.

It names codes and procedures and nobody who filed them: it outlives what it speaks of.
"""

from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Form
from dossiers.models import DestructionItem, DestructionList
from papers import issue as papers
from papers import parts, templates
from papers.issuers import Issuer
from papers.models import Paper
from papers.wording import LINE, PART, SIGNATURE, TEXT, Block, Field, Vocabulary, Wording
from vietnam.dates import format_date

_KEPT = {
    "linked": "Giữ lại: hồ sơ liên thông chưa kết thúc",
    "correction": "Giữ lại: còn yêu cầu đính chính",
    "feedback": "Giữ lại: còn phản ánh, kiến nghị",
    "money": "Giữ lại: còn khoản phải nộp hoặc phải hoàn",
    "travelling": "Giữ lại: túi hồ sơ giấy đang luân chuyển",
    "not_due": "Giữ lại: chưa hết thời hạn bảo quản",
}


def issue_certificate(made: DestructionList, *, owner: str, by: Actor, at: datetime) -> Paper:
    """Issue the certificate of a list that was carried out. Must run in the transaction that finishes the list."""
    issuer = Issuer.of(made.agency)
    with translation.override("vi"):
        said = gather(made, at=at)
        version, worded = templates.worded(FORM.key, FORM.wording)
        return papers.issue_paper(
            form=FORM.key,
            title=worded.title,
            number=papers.next_number(issuer, FORM.key, worded.sign, at=at),
            agency=issuer,
            owner=owner,
            facts=said,
            draw=lambda marks: FORM.draw(worded, said, marks),
            by=by.label,
            at=at,
            template_version=version,
        )


def gather(made: DestructionList, *, at: datetime) -> dict[str, Any]:
    items = list(
        made.items.select_related("dossier__edition", "period").defer(
            "dossier__search_vector", "dossier__answers", "dossier__edition__facts"
        )
    )
    gone = [item for item in items if item.destroyed_at]
    return {
        "done_at": subject.moment(at),
        "decision": made.reason,
        "drawn_up_by": made.edited_label,
        "approved_by": made.in_force_label,
        "total": f"{len(gone)} hồ sơ trong danh mục {len(items)} hồ sơ",
        "rows": [_row(item) for item in items],
    }


def _row(item: DestructionItem) -> dict[str, Any]:
    edition = item.dossier.edition
    years = item.period.years
    return {
        "code": item.dossier.code or str(item.dossier.uid),
        "procedure": edition.title,
        "ended_on": format_date(item.ended_on),
        "period": f"{years} năm" if years else "Vĩnh viễn",
        "ground": item.period.ground,
        "outcome": "Đã tiêu hủy" if item.destroyed_at else _KEPT.get(item.hindrance) or f"Giữ lại: {item.kept_reason}",
    }


FORM = Form(
    "destruction",
    Vocabulary(
        fields={
            "done_at": Field("Thời gian tiêu hủy", "09 giờ 10 phút, ngày 23 tháng 11 năm 2026"),
            "decision": Field("Quyết định tiêu hủy", "Quyết định số 15/QĐ-UBND ngày 20/11/2026"),
            "drawn_up_by": Field("Người lập danh mục", "Nguyễn Văn An (Quản trị hệ thống)"),
            "approved_by": Field("Người duyệt", "Trần Thị Bình (Lãnh đạo cơ quan)"),
            "total": Field("Tổng số", "1 hồ sơ trong danh mục 1 hồ sơ"),
        },
        parts={
            "rows": parts.table(
                "Danh mục hồ sơ",
                [
                    parts.Column("#", "TT", 12, "center"),
                    parts.Column("code", "Mã hồ sơ", 50),
                    parts.Column("procedure", "Thủ tục hành chính", 69),
                    parts.Column("ended_on", "Ngày kết thúc", 26, "center"),
                    parts.Column("period", "Thời hạn bảo quản", 24, "center"),
                    parts.Column("ground", "Căn cứ", 37),
                    parts.Column("outcome", "Kết quả", 34),
                ],
                [
                    {
                        "code": "H05.160-261123-0001",
                        "procedure": "Cấp giấy phép xây dựng",
                        "ended_on": "23/11/2026",
                        "period": "20 năm",
                        "ground": "Danh mục thời hạn bảo quản của tỉnh, mục 12",
                        "outcome": "Đã tiêu hủy",
                    }
                ],
            )
        },
        required=("decision", "rows"),
    ),
    Wording(
        "Biên bản tiêu hủy hồ sơ",
        "BBTH",
        (
            Block(
                TEXT,
                text="Lúc {done_at}, hệ thống đã xóa dữ liệu cá nhân và các tệp của những hồ sơ dưới đây. Lịch sử "
                "giải quyết, giấy tờ đã phát hành, chứng từ thu và số liệu thống kê được giữ.",
            ),
            Block(LINE, "Căn cứ", "{decision}"),
            Block(LINE, "Người lập danh mục", "{drawn_up_by}"),
            Block(LINE, "Người duyệt", "{approved_by}"),
            Block(PART, "Danh mục hồ sơ:", "Không có hồ sơ nào.", part="rows"),
            Block(LINE, "Tổng số", "{total}"),
            Block(SIGNATURE, "Người lập danh mục", "{drawn_up_by}"),
            Block(SIGNATURE, "Người duyệt", "{approved_by}"),
        ),
    ),
    size="A4-landscape",
)
