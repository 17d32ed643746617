"""How VNPAY 2.1.0 signs, dates and answers.

The redirect, the return and the IPN sign the form-encoded fields in the order of their names (space is "+"), without
vnp_SecureHash and vnp_SecureHashType. Query and refund sign bare values joined by "|" in an order of their own. Both
with HMAC-SHA512 as hexadecimal digits. Amounts are đồng times 100; times are Vietnam's, yyyyMMddHHmmss.
Source: sandbox.vnpayment.vn/apis/docs (pay; querydr and refund).
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from vietnam.working_time import VIETNAM

VERSION = "2.1.0"
_UNSIGNED = ("vnp_SecureHash", "vnp_SecureHashType")
# What is signed, in this order.
QUERY = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
REFUND = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
_ANSWER = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
)
QUERY_ANSWER = (*_ANSWER, "vnp_PromotionCode", "vnp_PromotionAmount")
REFUND_ANSWER = _ANSWER
FULL, PART = "02", "03"  # vnp_TransactionType of a refund; a query answers with it once money went back

REVERSED = "04"  # vnp_TransactionStatus

# vnp_ResponseCode of a payment, for the payer.
PAYMENT_CODES = {
    "00": _("Giao dịch thành công."),
    "07": _("Tiền đã bị trừ nhưng giao dịch bị nghi ngờ; VNPAY đang kiểm tra. Bạn đừng trả lại lần nữa."),
    "09": _("Thẻ hoặc tài khoản chưa đăng ký dịch vụ Internet Banking tại ngân hàng."),
    "10": _("Xác thực thông tin thẻ hoặc tài khoản không đúng quá 3 lần."),
    "11": _("Đã hết thời gian chờ thanh toán. Bạn hãy nộp lại."),
    "12": _("Thẻ hoặc tài khoản bị khóa."),
    "13": _("Nhập sai mật khẩu xác thực giao dịch (OTP). Bạn hãy nộp lại."),
    "24": _("Bạn đã hủy giao dịch."),
    "51": _("Tài khoản không đủ số dư."),
    "65": _("Tài khoản đã vượt hạn mức giao dịch trong ngày."),
    "75": _("Ngân hàng đang bảo trì. Bạn hãy nộp lại sau."),
    "79": _("Nhập sai mật khẩu thanh toán quá số lần quy định. Bạn hãy nộp lại."),
    "99": _("VNPAY báo lỗi khác. Bạn hãy nộp lại, hoặc chọn cách nộp khác."),
}
# vnp_TransactionStatus: where the transaction stands at VNPAY.
STATUSES = {
    "00": _("Giao dịch thành công."),
    "01": _("Giao dịch chưa hoàn tất."),
    "02": _("Giao dịch bị lỗi."),
    "04": _("Giao dịch đảo: tiền đã bị trừ nhưng chưa thành công ở VNPAY."),
    "05": _("VNPAY đang xử lý việc hoàn tiền."),
    "06": _("VNPAY đã gửi yêu cầu hoàn tiền sang ngân hàng."),
    "07": _("Giao dịch bị nghi ngờ gian lận."),
    "09": _("Yêu cầu hoàn tiền bị từ chối."),
}
# vnp_ResponseCode of a query or a refund, for staff.
API_CODES = {
    "00": _("Yêu cầu thành công."),
    "02": _("Mã định danh kết nối (TmnCode) không hợp lệ."),
    "03": _("Dữ liệu gửi sang không đúng định dạng."),
    "91": _("VNPAY không tìm thấy giao dịch."),
    "94": _("Yêu cầu trùng lặp, hoặc giao dịch đã được gửi yêu cầu hoàn tiền trước đó."),
    "95": _("Giao dịch này không thành công bên VNPAY nên VNPAY từ chối xử lý."),
    "97": _("Chữ ký không hợp lệ."),
    "98": _("Quá thời gian chờ."),
    "99": _("VNPAY báo lỗi khác."),
}


def signed_query(fields: Mapping[str, str], secret: str) -> str:
    """The query string of a redirect, with its signature at the end."""
    return f"{_canonical(fields)}&vnp_SecureHash={_hmac(_canonical(fields), secret)}"


def is_genuine(fields: Mapping[str, str], secret: str) -> bool:
    """Whether the signature of a return or an IPN fits; never without a secret."""
    given = fields.get("vnp_SecureHash", "").lower()
    return bool(secret) and hmac.compare_digest(_hmac(_canonical(fields), secret).encode(), given.encode())


def signed_values(fields: Mapping[str, str], order: Sequence[str], secret: str) -> dict[str, str]:
    """A query or a refund with its signature."""
    return {**fields, "vnp_SecureHash": _hmac(_joined(fields, order), secret)}


def are_genuine_values(fields: Mapping[str, str], order: Sequence[str], secret: str) -> bool:
    given = fields.get("vnp_SecureHash", "").lower()
    return bool(secret) and hmac.compare_digest(_hmac(_joined(fields, order), secret).encode(), given.encode())


def in_units(amount: int) -> str:
    """Đồng as VNPAY writes them: times 100."""
    return str(amount * 100)


def in_dong(text: str) -> int:
    """Đồng of what VNPAY writes. Raises ValueError for anything but a whole number of đồng."""
    if not (text.isascii() and text.isdigit() and len(text) <= 17) or int(text) % 100:
        raise ValueError(f"no amount in whole đồng: {text[:20]!r}")
    return int(text) // 100


def written_moment(at: datetime) -> str:
    """An instant on Vietnam's clock, whatever the machine's zone."""
    return at.astimezone(VIETNAM).strftime("%Y%m%d%H%M%S")


def _canonical(fields: Mapping[str, str]) -> str:
    signed = sorted((n, v) for n, v in fields.items() if n.startswith("vnp_") and n not in _UNSIGNED and v != "")
    return urlencode(signed)


def _joined(fields: Mapping[str, str], order: Sequence[str]) -> str:
    return "|".join(fields.get(name, "") for name in order)


def _hmac(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()
