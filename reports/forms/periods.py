"""The days of a periodic report: a quarter or a year that ends on the cut-off day of its last month.

Decree 09/2019/NĐ-CP: a quarter runs from the 15th of the month before it to the 14th of its last month. The day is the
setting REPORT_CUTOFF_DAY; 0 stands for whole calendar quarters.
"""

import re
from datetime import date, timedelta

from django.conf import settings

from reports import periods
from reports.periods import CUSTOM, Period

_KEY = re.compile(r"(2\d{3})(?:-Q([1-4]))?", re.ASCII)
SHOWN = 6


def reporting_period(key: str) -> Period | None:
    """The days of "2026-Q3" or "2026"; None for a text that names neither."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    year, last_month = int(found[1]), int(found[2] or 4) * 3
    months = 3 if found[2] else 12
    day = settings.REPORT_CUTOFF_DAY
    if not day:
        return periods.named(key, today=date.max - timedelta(days=1))
    before = last_month - months
    first = date(year, before, day) if before else date(year - 1, 12, day)
    return Period(CUSTOM, first + timedelta(days=1), date(year, last_month, day))


def last_ended(today: date) -> str:
    """The quarter whose days ended last before `today`."""
    return next(key for key in _quarters_back(today) if _ends(key) < today)


def choices(today: date) -> list[str]:
    """The quarters and years to choose from: those that have begun, the newest first."""
    quarters = [key for key in _quarters_back(today) if _begins(key) <= today]
    return [*quarters[:SHOWN], *(str(year) for year in (today.year, today.year - 1))]


def _quarters_back(today: date) -> list[str]:
    return [f"{year}-Q{number}" for year in range(today.year + 1, today.year - 3, -1) for number in (4, 3, 2, 1)]


def _ends(key: str) -> date:
    period = reporting_period(key)
    return period.last if period else date.max


def _begins(key: str) -> date:
    period = reporting_period(key)
    return period.first if period else date.max
