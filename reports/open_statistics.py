"""Statistics for everybody: sums alone, small counts left out so that nobody can be told from them.

A count below STATISTICS_SMALLEST is not said. Where a hidden count could be had by subtraction, from the sum of its
row or of its column, the next smallest one beside it is left out too. Tables that overlap are left out of together: the
same total stands in the table by agency and by field, and a year is its four quarters.
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
TOTAL = "total"  # the key of a table's last row
Counts = dict[str, int | None]
Table = Mapping[Any, Mapping[str, int]]  # rows by their key in the cut
Hidden = set[tuple[Any, str]]  # cells by row and column
_ANY_DAY = date(9998, 1, 1)


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
    found = [periods.named(key, today=_ANY_DAY) for key in keys]
    return [period for period in found if period.last < today]


def open_table(cut_key: str, period: Period, *, at: datetime) -> tuple[list[OpenRow], OpenRow]:
    """The rows of one of CUTS_OPEN and the total. Kept an hour in each language."""
    key = f"reports.open:{cut_key}:{period.key}:{get_language()}:{settings.STATISTICS_SMALLEST}"
    kept: tuple[list[OpenRow], OpenRow] | None = cache.get(key)
    if kept is None:
        kept = _drawn(cut_key, *_period(period, at))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _drawn(cut_key: str, tables: Mapping[str, Table], hidden: Mapping[str, Hidden]) -> tuple[list[OpenRow], OpenRow]:
    table, unsaid = tables[cut_key], hidden[cut_key]
    names = names_of(CUTS[cut_key], [key for key in table if key != TOTAL])
    rows = {
        key: _row(name, {column: None if (key, column) in unsaid else table[key][column] for column in COLUMNS})
        for key, name in {**names, TOTAL: ""}.items()
    }
    last = rows.pop(TOTAL)
    return list(rows.values()), last


def _period(period: Period, at: datetime) -> tuple[dict[str, Table], dict[str, Hidden]]:
    """The period in each of CUTS_OPEN, and what is not said of it. Of a year nothing is said that a quarter keeps back:
    its other quarters would give that away."""
    tables = {cut: _counted(cut, period, at) for cut in CUTS_OPEN}
    quarters = [f"{period.key}-Q{n}" for n in range(1, 5)] if period.key.isdigit() else []
    parts = [_period(periods.named(key, today=_ANY_DAY), at)[1] for key in quarters]
    return tables, suppressed_together(tables, settings.STATISTICS_SMALLEST, parts)


def _counted(cut_key: str, period: Period, at: datetime) -> Table:
    asked = figures.Asked(period.since, period.until, at, {})
    counted = figures.figures(EVERYTHING, asked, COLUMNS, cut=CUTS[cut_key])
    return {**counted, TOTAL: figures.summed(counted.values(), COLUMNS)}


def suppressed_together(
    tables: Mapping[str, Table], smallest: int, parts: Sequence[Mapping[str, Hidden]] = ()
) -> dict[str, Hidden]:
    """What is not said of tables that cut the same dossiers in several ways, each with its TOTAL: small counts, what
    gives them away by subtraction, and what is not said of the `parts` that the tables add up."""
    hidden = {
        cut: {(key, name) for key, row in table.items() for name in COLUMNS if 0 < row[name] < smallest}
        | {cell for part in parts for cell in part[cut]}
        for cut, table in tables.items()
    }
    before = -1
    while before != (before := sum(map(len, hidden.values()))):
        for cut, table in tables.items():
            while more := _given_away(table, hidden[cut]):
                hidden[cut] |= more
        totals = {cell for cells in hidden.values() for cell in cells if cell[0] == TOTAL}
        for cells in hidden.values():
            cells |= totals  # the same number stands in each table
    return hidden


def _given_away(table: Table, hidden: Hidden) -> Hidden:
    """One cell more to hide for each sum that gives its only hidden part away."""
    found: Hidden = set()
    for key in table:
        found |= _second([(key, name) for name in (*_PARTS, _SUM)], table, hidden)
    for name in COLUMNS:
        found |= _second([(key, name) for key in table], table, hidden)
    return found


def _second(cells: list[tuple[Any, str]], table: Table, hidden: Hidden) -> Hidden:
    if sum(cell in hidden for cell in cells) != 1:
        return set()
    said = [cell for cell in cells if cell not in hidden and table[cell[0]][cell[1]]]
    return {min(said, key=lambda cell: table[cell[0]][cell[1]])} if said else set()


def _row(name: str, values: Counts) -> OpenRow:
    parts: dict[str, Any] = {part: values[part] for part in _PARTS}
    share = None if None in parts.values() else SHARE.share_of(parts)
    return OpenRow(name, values, share)
