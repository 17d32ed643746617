"""Why a call to a neighbour failed, in words for people: what happened, and what to do where there is anything to do.

What is kept of a failure is for the log and short: a status, a library's error. `failure_in_words` says it; the
detail stays behind, since whoever mends it needs it.
"""

import re
from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_STATUS = re.compile(r"\bHTTP (\d{3})\b")
_STATUSES: tuple[tuple[range, str | Promise], ...] = (
    (range(300, 400), gettext_lazy("Địa chỉ đã chuyển đi nơi khác. Hãy sửa thành địa chỉ mới.")),
    (range(401, 402), gettext_lazy("Bên kia không nhận khóa hoặc mật khẩu của cổng. Hãy xem lại thiết lập.")),
    (range(403, 404), gettext_lazy("Bên kia không cho cổng làm việc này. Hãy hỏi họ về quyền đã cấp.")),
    (range(404, 406), gettext_lazy("Bên kia không có địa chỉ này. Hãy xem lại địa chỉ đã khai.")),
    (range(413, 414), gettext_lazy("Bên kia cho là nội dung quá lớn. Hãy hỏi họ về giới hạn.")),
    (range(429, 430), gettext_lazy("Bên kia nói cổng gọi quá nhiều. Cổng tự thử lại sau.")),
    (range(400, 500), gettext_lazy("Bên kia không nhận nội dung này. Hãy hỏi họ vì sao.")),
    (range(500, 600), gettext_lazy("Máy chủ bên kia đang lỗi. Cổng tự thử lại.")),
    (range(100, 300), gettext_lazy("Bên kia trả lời khác với mô tả. Hãy báo cho họ.")),
)
# A part of what is kept, the first that fits.
_REASONS: tuple[tuple[Sequence[str], str | Promise], ...] = (
    (("NotAllowedOut",), gettext_lazy("Địa chỉ chưa được phép kết nối. Hãy nêu máy chủ ấy trong OUTGOING_ALSO.")),
    (("private network",), gettext_lazy("Địa chỉ dẫn vào mạng nội bộ. Nếu đúng là vậy, hãy nêu nó trong "
                                        "OUTGOING_PRIVATE_HOSTS.")),
    (("Name or service not known", "nodename nor servname", "gaierror", "name resolution", "No address associated"),
     gettext_lazy("Không tìm thấy máy chủ mang tên này. Hãy xem lại địa chỉ.")),
    (("CERTIFICATE_VERIFY_FAILED",), gettext_lazy("Chứng thư của bên kia không được tin: hết hạn, sai tên hoặc do nơi "
                                                  "lạ cấp. Hãy báo cho họ.")),
    (("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE", "BAD_CERTIFICATE", "UNKNOWN_CA"),
     gettext_lazy("Bên kia đòi chứng thư của cổng, hoặc không nhận chứng thư ấy. Hãy xem CLIENT_CERTIFICATES.")),
    (("Timeout", "takes too long"), gettext_lazy("Bên kia không trả lời kịp. Cổng tự thử lại.")),
    (("ConnectError", "ConnectionRefused"), gettext_lazy("Không nối được tới máy chủ bên kia. Cổng tự thử lại.")),
    (("ReadError", "WriteError", "RemoteProtocolError", "CloseError"),
     gettext_lazy("Đường truyền đứt giữa chừng. Cổng tự thử lại.")),
    (("answer is too long",), gettext_lazy("Câu trả lời của bên kia quá dài. Hãy báo cho họ.")),
    (("is no JSON", "is no object"), gettext_lazy("Câu trả lời của bên kia không đọc được. Hãy báo cho họ.")),
    (("rests after",), gettext_lazy("Bên kia lỗi nhiều lần liên tiếp nên được nghỉ một lúc. Cổng tự thử lại.")),
    (("let us in",), gettext_lazy("Bên kia không cho cổng đăng nhập. Hãy xem lại tài khoản và mật khẩu.")),
    (("gave no session", "gave no number", "does not give it", "gave no procedure", "answers with the code"),
     gettext_lazy("Bên kia trả lời khác với mô tả. Hãy báo cho họ.")),
    (("InvalidURL", "UnsupportedProtocol"), gettext_lazy("Địa chỉ viết sai. Hãy sửa địa chỉ đã khai.")),
)  # fmt: skip
_TECHNICAL = re.compile(r"[A-Za-z]*(Error|Exception|Timeout)\b")


def failure_in_words(kept: str) -> str:
    """The sentence for what was kept of a failure, with the detail behind it; a sentence of our own stays as it is.
    "" for nothing."""
    if not kept:
        return ""
    if found := _STATUS.search(kept):
        status = int(found[1])
        return f"{next(words for among, words in _STATUSES if status in among)} ({kept})"
    for parts, words in _REASONS:
        if any(part in kept for part in parts):
            return f"{words} ({kept})"
    if _TECHNICAL.match(kept):
        words = _("Có lỗi chưa lường trước; nhật ký ghi chi tiết. Cổng tự thử lại.")
        return f"{words} ({kept})"
    return kept
