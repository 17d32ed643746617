"""Statistics for everybody: sums alone, small counts left out so that nobody can be told from them.

A count below STATISTICS_SMALLEST is not said. Where a hidden count could be had by subtraction, from the sum of its
row or of its column, the next smallest one beside it is left out too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from reports import figures, periods
from reports.cuts import CUTS, names_of
from reports.indicators import SHARES
from reports.periods import Period
from reports.population import EVERYTHING

COLUMNS = ("received", "finished", "early", "on_time", "late")
SHARE = SHARES["on_time_of_settled"]
# What together is not more than the sum that stands beside it.
_PARTS, _SUM = ("early", "on_time", "late"), "finished"
CUTS_OPEN = ("agency", "field")
KEPT_SECONDS = 3600
Counts = dict[str, int | None]


@dataclass(frozen=True)
class OpenRow:
    """`values` holds None for a count that is not said; `share` is None where one of its counts is not."""

    name: str
    values: Counts
    share: float | None


def choices(today: date) -> list[Period]:
    """Whole months, quarters and years that are over, the newest first: nobody watches single days."""
    keys = [f"{year}-Q{number}" for year in (today.year, today.year - 1) for number in (4, 3, 2, 1)]
    keys = [*keys, *(str(year) for year in (today.year - 1, today.year - 2))]
    found = [periods.named(key, today=date(9998, 1, 1)) for key in keys]
    return [period for period in found if period.last < today]


def open_table(cut_key: str, period: Period, *, at: datetime) -> tuple[list[OpenRow], OpenRow]:
    """The rows of one of CUTS_OPEN and the total. Kept an hour in each language."""
    key = f"reports.open:{cut_key}:{period.key}:{get_language()}:{settings.STATISTICS_SMALLEST}"
    kept: tuple[list[OpenRow], OpenRow] | None = cache.get(key)
    if kept is None:
        kept = _count(cut_key, period, at)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _count(cut_key: str, period: Period, at: datetime) -> tuple[list[OpenRow], OpenRow]:
    cut = CUTS[cut_key]
    asked = figures.Asked(period.since, period.until, at, {})
    counted = figures.figures(EVERYTHING, asked, COLUMNS, cut=cut)
    names = names_of(cut, list(counted))
    total = figures.summed(counted.values(), COLUMNS)
    *rows, last = suppressed([*(counted[key] for key in names), total], settings.STATISTICS_SMALLEST)
    return [_row(name, row) for name, row in zip(names.values(), rows, strict=True)], _row("", last)


def suppressed(table: Sequence[Mapping[str, int]], smallest: int) -> list[Counts]:
    """The rows of a table whose last one is the sum of the others, with None for what is not said."""
    hidden = {(place, name) for place, row in enumerate(table) for name in COLUMNS if 0 < row[name] < smallest}
    while more := _given_away(table, hidden):
        hidden |= more
    return [
        {name: None if (place, name) in hidden else row[name] for name in COLUMNS} for place, row in enumerate(table)
    ]


def _given_away(table: Sequence[Mapping[str, int]], hidden: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """One cell more to hide for each sum that gives its only hidden part away."""
    found: set[tuple[int, str]] = set()
    for place in range(len(table)):
        found |= _second([(place, name) for name in (*_PARTS, _SUM)], table, hidden)
    for name in COLUMNS:
        found |= _second([(place, name) for place in range(len(table))], table, hidden)
    return found


def _second(
    cells: list[tuple[int, str]], table: Sequence[Mapping[str, int]], hidden: set[tuple[int, str]]
) -> set[tuple[int, str]]:
    if sum(cell in hidden for cell in cells) != 1:
        return set()
    said = [cell for cell in cells if cell not in hidden and table[cell[0]][cell[1]]]
    return {min(said, key=lambda cell: table[cell[0]][cell[1]])} if said else set()


def _row(name: str, values: Counts) -> OpenRow:
    parts: dict[str, Any] = {part: values[part] for part in _PARTS}
    share = None if None in parts.values() else SHARE.share_of(parts)
    return OpenRow(name, values, share)
