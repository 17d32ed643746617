"""Working time as decision tables write it ("0,5 ngày", "1/2 ngày", "04 giờ") and as we say it."""

import re
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from procedures.display import amount_words
from procedures.routes.steps import DAY, HOUR, Limit
from vietnam.text import without_accents
from vietnam.working_time import MINUTES_OF_WORKING_DAY, Period, Unit

# Nobody plans a step finer than a quarter of an hour, or longer than two years of working days.
FINEST = 15
LONGEST = 500 * MINUTES_OF_WORKING_DAY

_NUMBER = r"(?P<number>\d{1,4}(?:[.,]\d{1,3})?)(?:\s*/\s*(?P<parts>\d{1,2}))?"
_WORDS = {"nua": Fraction(1, 2), "mot": Fraction(1), "half": Fraction(1, 2)}
_AMOUNT = re.compile(rf"^(?:{_NUMBER}|(?P<word>nua|mot|half))\s*(?P<unit>[a-z].*)?$")
_UNITS = {
    "ngay": DAY,
    "ngay lam viec": DAY,
    "day": DAY,
    "days": DAY,
    "working day": DAY,
    "working days": DAY,
    "gio": HOUR,
    "gio lam viec": HOUR,
    "h": HOUR,
    "hour": HOUR,
    "hours": HOUR,
    "buoi": "half",
    "buoi lam viec": "half",
}


class UnreadableAmount(ValueError):
    """The text is no amount of working time."""


def read_amount(text: str, unit: str = "") -> Limit:
    """The amount that a cell says; `unit` is that of a column of its own. Raises UnreadableAmount.

    Never guesses: a number without a unit, a range or a calendar unit ("ngày lịch") is not read.
    """
    said = _plain(text)
    found = _AMOUNT.match(said)
    if not found:
        raise UnreadableAmount(text)
    kind = _UNITS.get(found["unit"] or _plain(unit))
    if kind is None:
        raise UnreadableAmount(text)
    if found["word"]:
        amount = _WORDS[found["word"]]
    else:
        amount = Fraction(found["number"].replace(",", "."))
        if found["parts"]:
            if not int(found["parts"]):
                raise UnreadableAmount(text)
            amount /= int(found["parts"])
    if kind == "half":
        kind, amount = DAY, amount / 2
    exact = amount * (MINUTES_OF_WORKING_DAY if kind == DAY else 60)
    if exact.denominator != 1 or exact > LONGEST:
        raise UnreadableAmount(text)
    written = Decimal(amount.numerator) / Decimal(amount.denominator)
    if Fraction(written) != amount:  # a third of a day: said in hours, or not at all
        kind, written = HOUR, Decimal(exact.numerator) / 60
        if Fraction(written) * 60 != exact:
            raise UnreadableAmount(text)
    return Limit(written, kind)


def _plain(text: str) -> str:
    for sign, written in (("½", " 1/2"), ("¼", " 1/4"), ("¾", " 3/4")):
        text = text.replace(sign, written)
    return " ".join(without_accents(text).lower().split())


def words(minutes: Fraction | int) -> str:
    """ "2,25 ngày" where it is a number of quarter days, else "5 giờ" or "20 phút"."""
    exact = Fraction(minutes)
    for unit, size in ((DAY, MINUTES_OF_WORKING_DAY), (HOUR, 60)):
        amount = exact / size
        if (amount * 4).denominator == 1 and (exact >= size / 4 or not exact):
            number = _number(amount)
            return _("%(n)s ngày") % {"n": number} if unit == DAY else _("%(n)s giờ") % {"n": number}
    return _("%(n)s phút") % {"n": _number(exact)}


def limit_words(limit: Limit) -> str:
    """The limit in the unit in which it was given."""
    number = _number(Fraction(limit.amount))
    return _("%(n)s ngày") % {"n": number} if limit.unit == DAY else _("%(n)s giờ") % {"n": number}


def period_words(period: Period) -> str:
    """A published limit in words."""
    if period.unit is Unit.AT_ONCE:
        return _("trong ngày")
    amount = Fraction(period.amount)
    return amount_words(Decimal(amount.numerator) / amount.denominator, period.unit)


def _number(amount: Fraction) -> str:
    if amount.denominator == 1:
        return str(amount.numerator)
    rounded = (Decimal(amount.numerator) / amount.denominator).quantize(Decimal("0.001")).normalize()
    return str(number_format(rounded, use_l10n=True))
