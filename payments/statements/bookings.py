"""What every kind of statement is read into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from core.refusals import Refused


class UnreadableStatement(Refused):
    """The file is no statement we can read; the sentence says where and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("unreadable_statement", sentence, field="file")


@dataclass(frozen=True)
class Booking:
    """One booking. `amount` in đồng is what it does to the balance; a `reversal` has its sign already.

    `batch`: the entry that this is a transaction of, as other files and formats give it: one booking of them all.
    """

    day: date
    value_day: date
    amount: int
    bank_reference: str = ""
    purpose: str = ""
    payer: str = ""
    reversal: bool = False
    batch: Booking | None = None


@dataclass
class Statement:
    """A statement while it is read: `bookings` is run through once, then the other fields are known."""

    bookings: Iterator[Booking]
    account: str = ""  # as the file names it, "" where it does not
    opening: int | None = None
    closing: int | None = None
    pending: int = 0  # entries that are no money yet, left out
    days: list[date] = field(default_factory=list)


def whole_dong(text: str, *, place: str, decimal: str = ".", group: str = "") -> int:
    """Whole đồng of an amount as banks write it: 1500000, 1.500.000,00 or -1,500,000.00; "" is nought.

    Raises UnreadableStatement for anything else, a part of a đồng included.
    """
    bare = text.strip().replace("\u00a0", "").replace(" ", "")
    if not bare:
        return 0
    if group:
        bare = bare.replace(group, "")
    try:
        number = Decimal(bare.replace(decimal, ".").removesuffix(".") or "0")
        if not number.is_finite() or number != number.to_integral_value() or abs(number) >= 10**15:
            raise InvalidOperation
    except InvalidOperation:
        raise UnreadableStatement(
            _("%(place)s: “%(text)s” không phải số tiền tròn đồng. Hãy kiểm tra cách viết số trong mẫu đọc tệp.")
            % {"place": place, "text": text[:40]}
        ) from None
    return int(number)
