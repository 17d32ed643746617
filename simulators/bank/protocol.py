"""The bank's own signing rule and its own reader of VietQR codes."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from urllib.parse import quote_from_bytes

_TO_ACCOUNT = b"QRIBFTTA"
_GUID = b"A000000727"


def seal(message: dict[str, str], secret: str) -> dict[str, str]:
    """The message with its signature over the sorted, percent-encoded name=value pairs of every field."""
    return {**message, "signature": _mac(message, secret)}


def unbroken(message: dict[str, str], secret: str) -> bool:
    return hmac.compare_digest(_mac(message, secret), str(message.get("signature", "")))


def _mac(message: dict[str, str], secret: str) -> str:
    mac = hmac.new(secret.encode("utf-8"), digestmod="sha256")
    for place, name in enumerate(sorted(set(message) - {"signature"})):
        pair = quote_from_bytes(name.encode("utf-8"), "") + "=" + quote_from_bytes(message[name].encode("utf-8"), "")
        mac.update(("&" if place else "").encode() + pair.encode())
    return mac.hexdigest()


def fingerprint(message: dict[str, str]) -> str:
    """Short name of an order's content, to tell a repetition from a contradiction."""
    return hashlib.sha256(repr(sorted(message.items())).encode()).hexdigest()[:16]


class NotVietQR(ValueError):
    """The customer's app says this about the code."""


@dataclass(frozen=True)
class Scanned:
    """What a customer's app reads in a code."""

    bin: str
    account: str
    amount: int | None
    purpose: str
    one_time: bool


def scan(text: str) -> Scanned:
    """Read a VietQR code byte by byte. Raises NotVietQR."""
    code = text.strip().encode("utf-8")
    found = re.search(rb"6304([0-9A-F]{4})\Z", code)
    if not found or int(found[1], 16) != _checksum(code[:-4]):
        raise NotVietQR("the checksum is wrong")
    top = dict(_tags(code))
    transfer = dict(_tags(top.get(b"38", b"")))
    target = dict(_tags(transfer.get(b"01", b"")))
    if transfer.get(b"00") != _GUID or transfer.get(b"02") != _TO_ACCOUNT:
        raise NotVietQR("this is no transfer to an account through NAPAS")
    if (top.get(b"53"), top.get(b"58")) != (b"704", b"VN"):
        raise NotVietQR("this is not in Vietnamese đồng")
    bank, account = target.get(b"00", b""), target.get(b"01", b"")
    if not re.fullmatch(rb"\d{6}", bank) or not account:
        raise NotVietQR("there is no account in it")
    amount = top.get(b"54")
    if amount is not None and not re.fullmatch(rb"[1-9]\d*", amount):
        raise NotVietQR("the amount is no whole number")
    purpose = dict(_tags(top.get(b"62", b""))).get(b"08", b"")
    return Scanned(
        bank.decode(),
        account.decode(),
        int(amount) if amount else None,
        purpose.decode(),
        top.get(b"01") == b"12",
    )


def _tags(block: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    while block:
        if not re.match(rb"\d{4}", block) or len(block) < 4 + int(block[2:4]):
            raise NotVietQR("a field is cut short")
        end = 4 + int(block[2:4])
        found.append((block[:2], block[4:end]))
        block = block[end:]
    return found


def _checksum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit as the standard writes it."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _bit in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return register
