"""What a signature is worth, in plain words, whatever was signed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VALID = "valid"
SENTENCES: dict[str, str | Promise] = {
    VALID: _("Chữ ký hợp lệ: nội dung đúng như khi ký, chứng thư số còn tin cậy."),
    "changed": _("Không hợp lệ: nội dung tệp đã bị thay đổi sau khi ký."),
    "appended": _("Không hợp lệ: tệp đã được thêm nội dung sau khi ký, ví dụ thêm trang."),
    "forged": _("Không hợp lệ: chữ ký không phải do chứng thư số này tạo ra."),
    "expired": _("Không hợp lệ: chứng thư số đã hết hạn và không có dấu thời gian cho thấy đã ký khi còn hạn."),
    "not_yet": _("Không hợp lệ: chứng thư số chưa có hiệu lực khi ký."),
    "revoked": _("Không hợp lệ: chứng thư số đã bị thu hồi."),
    "unknown_root": _("Không xác nhận được: chứng thư số không do tổ chức mà hệ thống tin cậy cấp."),
    "time_stamp": _("Không xác nhận được: dấu thời gian của chữ ký không tin cậy."),
    "unanswered": _("Chưa xác nhận được: nơi cấp chứng thư số không trả lời về việc thu hồi. Hãy kiểm tra lại sau."),
    "not_trusted": _("Không xác nhận được: chứng thư số không được dùng để ký văn bản, hoặc không đạt yêu cầu."),
    "unreadable": _("Không đọc được chữ ký này."),
}

# What the library calls a doubt about the certificate (ETSI EN 319 102-1, subindications).
ENDED = frozenset({"EXPIRED", "OUT_OF_BOUNDS_NO_POE", "OUT_OF_BOUNDS_NOT_REVOKED"})
PROBLEMS = {
    **dict.fromkeys(ENDED, "expired"),
    "NOT_YET_VALID": "not_yet",
    "NO_CERTIFICATE_CHAIN_FOUND": "unknown_root",
    "REVOKED": "revoked",
    "REVOKED_NO_POE": "revoked",
    "REVOKED_CA_NO_POE": "revoked",
    "TRY_LATER": "unanswered",
}


@dataclass(frozen=True)
class SignatureVerdict:
    """One signature. `code` is a key of `SENTENCES`; `signed_at` is ISO 8601, of the time stamp or by the signer."""

    code: str
    signer: str = ""
    issuer: str = ""
    signed_at: str = ""
    time_stamped: bool = False
    revocation_checked: bool = False

    @property
    def is_good(self) -> bool:
        return self.code == VALID


def sentence_of(code: str) -> str | Promise:
    return SENTENCES.get(code, SENTENCES["unreadable"])
