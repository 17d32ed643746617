"""VietQR: the QR code of an inter-bank transfer as NAPAS lays it out on EMVCo's merchant-presented mode.

A payload is a run of fields: two digits of tag, two digits of length in characters, value. The last field, 63, is a
CRC-16/CCITT-FALSE over everything before its value, its own tag and length included.
"""

import binascii
from collections.abc import Iterable
from dataclasses import dataclass

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"
VND = "704"  # ISO 4217
# Names of banks by BIN, for people who type a transfer; a bank that is not here is told by its BIN.
BANKS = {
    "970405": "Agribank",
    "970407": "Techcombank",
    "970415": "VietinBank",
    "970418": "BIDV",
    "970422": "MB Bank",
    "970436": "Vietcombank",
}
_SERVICES = (TO_ACCOUNT, TO_CARD)
_LONGEST_PURPOSE = 25  # more is cut by some banks
_LONGEST_NAME = 25
_LONGEST_CITY = 15


class InvalidPayload(ValueError):
    """The text is no VietQR payload; the argument says where it breaks."""


@dataclass(frozen=True)
class Account:
    """Where the money goes: the bank's BIN (6 digits), the account number, and the holder as banks write it."""

    bin: str
    number: str
    holder: str = ""
    city: str = ""


@dataclass(frozen=True)
class Transfer:
    """What a payload asks for. `amount` in đồng, None when the payer enters it; `dynamic`: for one payment only."""

    account: Account
    amount: int | None
    purpose: str
    dynamic: bool
    service: str = TO_ACCOUNT


def crc_of(text: str) -> str:
    """CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF) as four upper-case hexadecimal digits."""
    return f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def field(tag: str, value: str) -> str:
    """One field. Raises ValueError for an empty value or one over 99 characters."""
    if not 1 <= len(value) <= 99:
        raise ValueError(f"field {tag} has {len(value)} characters")
    return f"{tag}{len(value):02d}{value}"


def fields(payload: str) -> dict[str, str]:
    """The fields of a payload or of a template within it, in their order. Raises InvalidPayload."""
    found: dict[str, str] = {}
    place = 0
    while place < len(payload):
        head = payload[place : place + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise InvalidPayload(f"no tag and length at {place}")
        tag, length = head[:2], int(head[2:])
        value = payload[place + 4 : place + 4 + length]
        if len(value) != length or not length:
            raise InvalidPayload(f"field {tag} is cut short")
        if tag in found:
            raise InvalidPayload(f"field {tag} comes twice")
        found[tag] = value
        place += 4 + length
    return found


def transfer_code(account: Account, *, amount: int | None, purpose: str, service: str = TO_ACCOUNT) -> str:
    """The payload of a transfer to `account`. With an amount it is dynamic, without one static.

    Raises ValueError for an account, an amount or a purpose that banks would not read: purpose is printable ASCII of
    at most 25 characters, as an accent or a longer text may arrive changed and then matches nothing.
    """
    _check_account(account, service)
    if amount is not None and not 0 < amount < 10**13:
        raise ValueError(f"no amount for a QR code: {amount}")
    if not (1 <= len(purpose) <= _LONGEST_PURPOSE and _plain(purpose)):
        raise ValueError(f"no purpose for a QR code: {purpose!r}")
    holder = field("00", account.bin) + field("01", account.number)
    parts = [
        field("00", "01"),
        field("01", "11" if amount is None else "12"),
        field("38", field("00", NAPAS) + field("01", holder) + field("02", service)),
        field("53", VND),
        *([field("54", str(amount))] if amount is not None else []),
        field("58", "VN"),
        *_written("59", account.holder, _LONGEST_NAME),
        *_written("60", account.city, _LONGEST_CITY),
        field("62", field("08", purpose)),
    ]
    return sealed("".join(parts))


def sealed(payload: str) -> str:
    """The payload with its checksum."""
    return payload + "6304" + crc_of(payload + "6304")


def parse_code(payload: str) -> Transfer:
    """Read a payload as a bank's app does. Raises InvalidPayload."""
    text = payload.strip()
    if not text.isascii() or text[-8:-4] != "6304" or crc_of(text[:-4]) != text[-4:].upper():
        raise InvalidPayload("the checksum does not fit")
    outer = fields(text)
    if outer.get("00") != "01" or outer.get("01") not in ("11", "12"):
        raise InvalidPayload("not an EMVCo payload, version 01")
    if outer.get("53") != VND or outer.get("58") != "VN":
        raise InvalidPayload("not an amount in đồng in Vietnam")
    napas = fields(outer.get("38", ""))
    if napas.get("00") != NAPAS or napas.get("02") not in _SERVICES:
        raise InvalidPayload("not a transfer through NAPAS")
    holder = fields(napas.get("01", ""))
    amount = outer.get("54")
    if amount is not None and not amount.isdigit():
        raise InvalidPayload(f"amount {amount!r} is no whole number of đồng")
    account = Account(holder.get("00", ""), holder.get("01", ""), outer.get("59", ""), outer.get("60", ""))
    try:
        _check_account(account, napas["02"])
    except ValueError as error:
        raise InvalidPayload(str(error)) from error
    return Transfer(
        account=account,
        amount=int(amount) if amount is not None else None,
        purpose=fields(outer.get("62", "")).get("08", ""),
        dynamic=outer["01"] == "12",
        service=napas["02"],
    )


def _check_account(account: Account, service: str) -> None:
    if service not in _SERVICES:
        raise ValueError(f"no service {service!r}")
    if len(account.bin) != 6 or not _digits(account.bin):
        raise ValueError(f"no bank BIN: {account.bin!r}")
    if not (1 <= len(account.number) <= 19 and account.number.isascii() and account.number.isalnum()):
        raise ValueError("no account number")


def _written(tag: str, text: str, longest: int) -> Iterable[str]:
    """A name as banks write it: upper case, plain letters, cut to what the field holds; nothing when empty."""
    if text and not _plain(text):
        raise ValueError(f"field {tag} needs plain letters: {text!r}")
    return [field(tag, text.upper()[:longest].rstrip())] if text.strip() else []


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
