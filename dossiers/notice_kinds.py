"""The kinds of notices that dossiers tell, with the pretend facts of their previews."""

from django.utils.translation import gettext_lazy as _

from notices.kinds import Kind, register

_DOSSIER = {
    "code": "H05.160-261123-0001",
    "owner": "Nguyễn Thị Ánh",
    "title": "Cấp lại giấy phép xây dựng",
    "due": "17:00 30/11/2026",
}
_ACT = {
    **_DOSSIER,
    "done": "Đã tiếp nhận",
    "actor": "Trần Văn Ẩn, Cán bộ một cửa",
    "reason": "Thiếu bản vẽ",
    "items": [{"name": "Bản vẽ hiện trạng"}, {"name": "Bản sao căn cước"}],
    "next": "hãy bổ sung giấy tờ nêu trên; thời gian chờ không tính vào hạn.",
    "public_url": "https://…",
}

register(
    Kind("dossier_applicant", _("Hồ sơ có thay đổi (người nộp)"), _ACT),
    Kind("dossier_staff", _("Hồ sơ có thay đổi (cán bộ)"), _ACT),
    Kind("due_soon", _("Sắp đến hạn"), _DOSSIER, gathered=True),
    Kind("overdue", _("Quá hạn"), _DOSSIER, gathered=True),
    Kind("pin", _("Mã PIN"), {**_DOSSIER, "pin": "123456"}, urgent=True, secret=True),
)
