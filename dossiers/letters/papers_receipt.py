"""Receipt for papers handed in after filing: what, how many, when, to whom. No official form of its own exists."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from dossiers.letters import subject
from dossiers.letters.letter import Form, Letter, agency_of_post
from dossiers.letters.receipt import track_url
from dossiers.models import Dossier
from papers import parts
from papers.wording import LINE, PART, QR, SIGNATURE, Block, Field, Vocabulary, Wording


def gather(dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    """`facts["papers"]`: what was handed in (filing.papers_brought.Brought)."""
    return {
        **subject.of_dossier(dossier),
        **subject.identity(dossier),
        "unit": agency_of_post(dossier, by).name,
        "handed_in_at": subject.moment(at),
        "return_at": subject.moment(dossier.due_at),
        "documents": [
            {
                "name": paper.name,
                "originals": paper.originals,
                "copies": paper.copies,
                "note": "Đã quét" if paper.files else "",
            }
            for paper in facts["papers"]
        ],
        "filer": dossier.filer.full_name,
        "receiver": subject.who_acts(by),
        "copies": ["giao người nộp hồ sơ", "chuyển kèm theo hồ sơ"],
        "track_url": track_url(dossier),
    }


LETTER = Letter(
    Form(
        "papers_receipt",
        Vocabulary(
            fields={
                **subject.FIELDS,
                **subject.IDENTITY_FIELDS,
                "unit": Field("Nơi nhận giấy tờ", "Trung tâm Phục vụ hành chính công phường Kinh Bắc"),
                "handed_in_at": Field("Thời gian nhận giấy tờ", subject.MOMENT),
                "return_at": Field("Hẹn trả kết quả", "17 giờ 00 phút, ngày 01 tháng 12 năm 2026"),
                "filer": Field("Họ tên người nộp", "Nguyễn Thị Ánh"),
                "receiver": Field("Họ tên người nhận", "Nguyễn Văn An"),
                "track_url": Field("Trang theo dõi hồ sơ", "https://example.vn/track/H05.160-261123-0001/"),
            },
            parts={
                "documents": parts.table(
                    "Bảng giấy tờ đã nhận",
                    [
                        parts.Column("#", "TT", 12, "center"),
                        parts.Column("name", "Tên giấy tờ", 84),
                        parts.Column("originals", "Bản chính", 19, "center"),
                        parts.Column("copies", "Bản sao", 19, "center"),
                        parts.Column("note", "Ghi chú", 28),
                    ],
                    [{"name": "Bản vẽ thiết kế", "originals": 1, "copies": 2, "note": "Đã quét"}],
                )
            },
            required=("code", "applicant", "handed_in_at", "documents"),
        ),
        Wording(
            "Giấy nhận giấy tờ bổ sung",
            "NGT",
            (
                Block(LINE, "Nơi nhận giấy tờ", "{unit}"),
                *subject.lines("Nhận giấy tờ của", with_identity=True),
                Block(PART, "Giấy tờ đã nhận gồm:", "Không có giấy tờ", part="documents"),
                Block(LINE, "Thời gian nhận giấy tờ", "{handed_in_at}", strong=True),
                Block(LINE, "Thời gian hẹn trả kết quả", "{return_at}", if_known=True),
                Block(LINE, "Theo dõi hồ sơ tại", "{track_url}"),
                Block(SIGNATURE, "Người nộp giấy tờ", "{filer}"),
                Block(QR, "Mã theo dõi hồ sơ", "{track_url}"),
                Block(SIGNATURE, "Người nhận giấy tờ", "{receiver}"),
            ),
        ),
    ),
    issuing_agency=agency_of_post,
    gather=gather,
)
