"""MT940, read by the package mt-940, whose entry dates are right at the turn of the year.

Its signs are not: a reversed credit (RC) takes money away and a reversed debit (RD) brings it back, so the mark is read
here. What stands in the field :86: over several lines is one text.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import mt940
from django.utils.translation import gettext as _

from payments.statements.bookings import Booking, Statement, UnreadableStatement, whole_dong

_SIGNS = {"C": 1, "D": -1, "RC": -1, "RD": 1}
_MESSAGE = re.compile(r"^:20:", re.MULTILINE)
_ENVELOPE = re.compile(r"\{\d:[^{}]*\}|\{4:|^-\}?\s*$", re.MULTILINE)


def read_mt940(content: bytes) -> Statement:
    """The statements of a file, one after the other, as one. Raises UnreadableStatement."""
    text = _ENVELOPE.sub("", _decoded(content).replace("\r\n", "\n"))
    begins = [found.start() for found in _MESSAGE.finditer(text)]
    if not begins:
        raise UnreadableStatement(_("Tệp không có trường :20: nên không phải MT940. Hãy chọn đúng loại tệp."))
    messages = [text[a:b] for a, b in zip(begins, [*begins[1:], len(text)], strict=True)]
    statement = Statement(iter(()))
    statement.bookings = _bookings(messages, statement)
    return statement


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _bookings(messages: list[str], statement: Statement) -> Iterator[Booking]:
    for number, message in enumerate(messages, 1):
        place = _("Bản sao kê thứ %s trong tệp") % number
        try:
            read = mt940.models.Transactions()
            read.parse(message)  # not mt940.parse, which takes a text for the name of a file first
        except Exception as error:  # the package raises whatever its expressions meet
            raise UnreadableStatement(_("%s không đọc được. Hãy xuất lại tệp từ ngân hàng.") % place) from error
        told: dict[str, Any] = read.data
        statement.account = statement.account or str(told.get("account_identification", ""))
        opening, closing = told.get("final_opening_balance"), told.get("final_closing_balance")
        if opening is not None and statement.opening is None:
            statement.opening = _balance(opening, place)
        if closing is not None:
            statement.closing = _balance(closing, place)
        for line in read:
            yield _booking(line.data, place)


def _booking(data: dict[str, Any], place: str) -> Booking:
    sign = _SIGNS.get(data.get("status") or "")
    if sign is None or data.get("date") is None or data.get("amount") is None:
        raise UnreadableStatement(_("%s có dòng :61: không đọc được. Hãy xuất lại tệp từ ngân hàng.") % place)
    if data["amount"].currency not in (None, "VND"):
        raise UnreadableStatement(_("%s không tính bằng đồng Việt Nam.") % place)
    booked = data.get("guessed_entry_date") or data.get("entry_date") or data["date"]
    details = " ".join(str(data.get("transaction_details") or data.get("extra_details") or "").split())
    bank, customer = str(data.get("bank_reference") or ""), str(data.get("customer_reference") or "")
    return Booking(
        day=_day(booked),
        value_day=_day(data["date"]),
        amount=sign * whole_dong(str(abs(data["amount"].amount)), place=place),
        bank_reference=bank.strip() or (customer.strip() if customer.strip() != "NONREF" else ""),
        purpose=f"{customer.strip()} {details}".strip() if customer.strip() != "NONREF" else details,
        reversal=data["status"].startswith("R"),
    )


def _day(value: date) -> date:
    """A plain date of the package's own kind of date."""
    return date(value.year, value.month, value.day)


def _balance(value: Any, place: str) -> int:
    if value.amount.currency not in (None, "VND"):
        raise UnreadableStatement(_("%s không tính bằng đồng Việt Nam.") % place)
    sign = -1 if value.status == "D" else 1
    return sign * whole_dong(str(abs(value.amount.amount)), place=place)
