"""A limit as the law writes it: an amount and a unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from vietnam.typed import plain_characters

# "Mỗi ngày tính bằng 08 giờ làm việc" in the provinces' internal processes, whatever an office's hours.
MINUTES_OF_WORKING_DAY = 480

MOST_DIGITS = 12  # before and after the point

Amount = int | Decimal | Fraction


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"
    CALENDAR_HOUR = "calendar_hour"
    MONTH = "month"
    AT_ONCE = "at_once"


class InvalidPeriod(ValueError):
    """The amount is none that this unit can count."""


_NUMBER = re.compile(r"[0-9]{1,12}(?:[.,][0-9]{1,6})?", re.ASCII)


def parse_amount(text: str) -> Decimal:
    """An amount as people and tables write it, "5", "1,5" or "1.5". Raises `InvalidPeriod` for anything else."""
    tidy = plain_characters(text).strip()
    if not _NUMBER.fullmatch(tidy):
        raise InvalidPeriod(f"not an amount: {text[:40]!r}")
    return Decimal(tidy.replace(",", "."))


@dataclass(frozen=True, slots=True)
class Period:
    """An amount of a unit; `at_once` has none (zero). `days`: calendar days on top of months, as an extension.

    Days split into whole days and working minutes of an eight-hour day (0.25 = 2 hours); hours are minutes;
    months are whole (write half a month as 15 calendar days, Civil Code 2015, article 146, unconfirmed).
    Raises `InvalidPeriod` for an amount that is not positive or gives no whole minutes.
    """

    amount: Amount
    unit: Unit
    days: int = 0
    whole: int = field(init=False, repr=False, compare=False)
    minutes: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int | Decimal | Fraction):
            raise InvalidPeriod(f"an amount is a whole number, a Decimal or a Fraction: {self.amount!r}")
        if isinstance(self.amount, Decimal):
            if not self.amount.is_finite():
                raise InvalidPeriod(f"not an amount: {self.amount}")
            # As a fraction, 1e99999999 would have as many digits.
            if not -MOST_DIGITS <= self.amount.adjusted() < MOST_DIGITS:
                raise InvalidPeriod(f"no limit is that long or short: {self.amount}")
        amount, unit = Fraction(self.amount), Unit(self.unit)
        if unit is Unit.AT_ONCE:
            if amount:
                raise InvalidPeriod("at once has no amount")
        elif amount <= 0:
            raise InvalidPeriod(f"a limit is longer than nothing: {self.amount}")
        elif unit is Unit.MONTH and amount.denominator != 1:
            raise InvalidPeriod(f"months are counted whole: {self.amount}")
        if self.days < 0 or (self.days and unit is not Unit.MONTH):
            raise InvalidPeriod(f"days come on top of months only: {self.amount} {unit} and {self.days} days")
        in_hours = unit in (Unit.WORKING_HOUR, Unit.CALENDAR_HOUR)
        whole = 0 if in_hours else int(amount)
        minutes = (amount - whole) * (60 if in_hours else MINUTES_OF_WORKING_DAY)
        if minutes.denominator != 1:
            raise InvalidPeriod(f"not a whole number of minutes: {self.amount} {unit}")
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "whole", whole)
        object.__setattr__(self, "minutes", int(minutes))

    @property
    def working_minutes(self) -> int:
        """The amount as working minutes, for comparing sums of steps with a limit.

        Raises `InvalidPeriod` for units that have none.
        """
        if self.unit not in (Unit.WORKING_DAY, Unit.WORKING_HOUR):
            raise InvalidPeriod(f"{self.unit} is no amount of working time")
        return self.whole * MINUTES_OF_WORKING_DAY + self.minutes
