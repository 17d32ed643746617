"""What VNPAY's documents say about signatures, written anew beside the portal's own reading of them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus

GMT7 = timezone(timedelta(hours=7))
QUERY = (
    "vnp_RequestId vnp_Version vnp_Command vnp_TmnCode vnp_TxnRef vnp_TransactionDate vnp_CreateDate vnp_IpAddr "
    "vnp_OrderInfo"
)
REFUND = (
    "vnp_RequestId vnp_Version vnp_Command vnp_TmnCode vnp_TransactionType vnp_TxnRef vnp_Amount vnp_TransactionNo "
    "vnp_TransactionDate vnp_CreateBy vnp_CreateDate vnp_IpAddr vnp_OrderInfo"
)
REFUND_ANSWER = (
    "vnp_ResponseId vnp_Command vnp_ResponseCode vnp_Message vnp_TmnCode vnp_TxnRef vnp_Amount vnp_BankCode "
    "vnp_PayDate vnp_TransactionNo vnp_TransactionType vnp_TransactionStatus vnp_OrderInfo"
)
QUERY_ANSWER = f"{REFUND_ANSWER} vnp_PromotionCode vnp_PromotionAmount"


def encoded(fields: dict[str, str]) -> str:
    """The fields by name, form-encoded, without the signature."""
    kept = [n for n in sorted(fields) if n not in ("vnp_SecureHash", "vnp_SecureHashType") and fields[n]]
    return "&".join(f"{quote_plus(name)}={quote_plus(fields[name])}" for name in kept)


def seal(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def sealed_query(fields: dict[str, str], secret: str) -> str:
    return f"{encoded(fields)}&vnp_SecureHash={seal(encoded(fields), secret)}"


def unbroken(fields: dict[str, str], secret: str) -> bool:
    return fields.get("vnp_SecureHash", "").lower() == seal(encoded(fields), secret)


def joined(fields: dict[str, str], names: str) -> str:
    return "|".join(fields.get(name, "") for name in names.split())


def now() -> str:
    return datetime.now(GMT7).strftime("%Y%m%d%H%M%S")
