"""The kinds of notices about dossiers, with the example facts of their previews."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Kind, register_kind

_DOSSIER = {
    "code": "H05.160-261123-0001",
    "owner": "Nguyễn Thị Ánh",
    "title": "Cấp lại giấy phép xây dựng",
    "due": "17:00, 30/11/2026",
}
_ACT = {
    **_DOSSIER,
    "done": "Đã tiếp nhận",
    "actor": "Trần Văn Ẩn, Cán bộ một cửa",
    "reason": "Thiếu bản vẽ",
    "items": [{"name": "Bản vẽ hiện trạng"}, {"name": "Bản sao căn cước"}],
    "fee": ["Miễn, giảm: Người thuộc hộ nghèo (đã xác nhận)", "Phí, lệ phí: Miễn phí"],
    "next": "hãy bổ sung giấy tờ nêu trên; thời gian chờ không tính vào hạn.",
    "public_url": "https://…",
}

_MOVED = {
    "code": _DOSSIER["code"],
    "owner": _DOSSIER["owner"],
    "title": _DOSSIER["title"],
    "reason": "24/11/2026: Nghỉ, Ngày Văn hóa Việt Nam (Nghị quyết số 28/2026/QH16)",
    "items": [{"name": "Hạn trả kết quả", "old": "17:00, 30/11/2026", "new": "17:00, 01/12/2026"}],
}
_MESSAGE = {
    "code": _DOSSIER["code"],
    "title": _DOSSIER["title"],
    "author": "Trần Văn Ẩn, Chuyên viên thụ lý",
    "text": "Bản vẽ của bạn thiếu tỷ lệ. Bạn có bản khác không?",
    "answer_by": "23:59, 30/11/2026",
}
_FEEDBACK = {
    "about": _DOSSIER["code"],
    "agency": "Ủy ban nhân dân phường Kinh Bắc",
    "author": "Nguyễn Thị Ánh",
    "text": "Tôi chờ đã ba ngày mà chưa có ai trả lời.",
    "answer": "Chúng tôi xin lỗi vì chậm trễ. Hồ sơ đã được ký hôm nay.",
    "due": "17:00, 07/12/2026",
}

_ESCALATED = {**{name: _DOSSIER[name] for name in ("code", "title", "due")}, "agency": _FEEDBACK["agency"]}

register_kind(
    Kind("dossier_applicant", _("Hồ sơ có thay đổi (người nộp)"), _ACT),
    Kind("dossier_staff", _("Hồ sơ có thay đổi (cán bộ)"), {**_ACT, "answer_due": "17:00, 24/11/2026"}),
    Kind("due_soon", _("Sắp đến hạn"), _DOSSIER, gathered=True),
    Kind("overdue", _("Quá hạn"), _DOSSIER, gathered=True),
    Kind("escalated", _("Quá hạn lâu (giám sát)"), _ESCALATED, gathered=True),
    Kind("apology", _("Thư xin lỗi chờ ký"), _DOSSIER),
    Kind("pin", _("Mã PIN"), {**_DOSSIER, "pin": "123456"}, urgent=True, secret=True),
    Kind("message_applicant", _("Tin nhắn của cán bộ (người nộp)"), _MESSAGE),
    Kind("message_staff", _("Tin nhắn của người nộp (cán bộ)"), _MESSAGE),
    Kind("message_due_soon", _("Tin nhắn sắp đến hạn trả lời (cán bộ)"), _MESSAGE, gathered=True),
    Kind("message_overdue", _("Tin nhắn quá hạn trả lời (cán bộ)"), _MESSAGE, gathered=True),
    Kind("message_wanted", _("Sắp đến ngày cần trả lời cán bộ (người nộp)"), _MESSAGE),
    Kind("message_missed", _("Quá ngày cần trả lời cán bộ (người nộp)"), _MESSAGE),
    Kind("message_silent", _("Người nộp quá ngày chưa trả lời (cán bộ)"), _MESSAGE, gathered=True),
    Kind("dates_moved", _("Ngày hẹn dời theo lịch làm việc (người nộp)"), _MOVED, gathered=True),
    Kind("feedback_moved", _("Ngày trả lời phản ánh dời theo lịch (người gửi)"), _FEEDBACK, gathered=True),
    Kind("feedback_received", _("Đã nhận phản ánh, kiến nghị (người gửi)"), _FEEDBACK),
    Kind("feedback_answered", _("Trả lời phản ánh, kiến nghị (người gửi)"), _FEEDBACK),
    Kind("feedback_filed", _("Có phản ánh, kiến nghị (lãnh đạo)"), _FEEDBACK),
    Kind("feedback_due_soon", _("Phản ánh sắp đến hạn trả lời (lãnh đạo)"), _FEEDBACK, gathered=True),
    Kind("feedback_overdue", _("Phản ánh quá hạn trả lời (lãnh đạo)"), _FEEDBACK, gathered=True),
)
