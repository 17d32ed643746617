"""Statistics for everybody: sums alone, small counts left out so that nobody can be told from them.

A count below STATISTICS_SMALLEST is not said. Where a hidden count could be had by subtraction, from the sum of its
row or of its column, the next smallest one beside it is left out too. Tables that overlap are left out of together: the
same total stands in the table by agency and by field, a year is its four quarters, and a field that one agency alone
works in is counted twice. Who works in which field is known to everybody, so what agencies and fields have in common is
looked at as well (`_blocks`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import get_language

from dossiers.statistics.tallies import tallies
from reports import figures, periods
from reports.cuts import CUTS, names_of
from reports.indicators import MEASURES, SHARES
from reports.periods import Period

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
Crossed = Mapping[tuple[Any, ...], Mapping[str, int]]
NOTHING: Crossed = {}
Node = tuple[str, Any]  # a row by its table and key
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


def open_table(cut_key: str, period: Period) -> tuple[list[OpenRow], OpenRow]:
    """The rows of one of CUTS_OPEN and the total. Kept an hour in each language."""
    key = f"reports.open:{cut_key}:{period.key}:{get_language()}:{settings.STATISTICS_SMALLEST}"
    kept: tuple[list[OpenRow], OpenRow] | None = cache.get(key)
    if kept is None:
        kept = _drawn(cut_key, *_period(period))
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


def _period(period: Period) -> tuple[dict[str, Table], dict[str, Hidden]]:
    """The period in each of CUTS_OPEN, and what is not said of it. Of a year nothing is said that a quarter keeps back:
    its other quarters would give that away."""
    crossed = _counted(period)
    tables = {cut: _table(crossed, place) for place, cut in enumerate(CUTS_OPEN)}
    quarters = [f"{period.key}-Q{n}" for n in range(1, 5)] if period.key.isdigit() else []
    parts = [_period(periods.named(key, today=_ANY_DAY))[1] for key in quarters]
    return tables, suppressed_together(tables, settings.STATISTICS_SMALLEST, parts, crossed)


def _counted(period: Period) -> Crossed:
    wanted = {name: tallied for name in COLUMNS if (tallied := MEASURES[name].tallied)}
    by = {cut: CUTS[cut].value for cut in CUTS_OPEN}
    return tallies(period.first, period.last, wanted, by=by)


def _table(crossed: Crossed, place: int) -> Table:
    rows: dict[Any, list[Mapping[str, int]]] = defaultdict(list)
    for key, counts in crossed.items():
        rows[key[place]].append(counts)
    found = {key: figures.summed(parts, COLUMNS) for key, parts in rows.items()}
    return {**found, TOTAL: figures.summed(crossed.values(), COLUMNS)}


def suppressed_together(
    tables: Mapping[str, Table], smallest: int, parts: Sequence[Mapping[str, Hidden]] = (), crossed: Crossed = NOTHING
) -> dict[str, Hidden]:
    """What is not said of tables that cut the same dossiers in several ways, each with its TOTAL: small counts, what
    gives them away by subtraction, and what is not said of the `parts` that the tables add up. `crossed` counts the
    same dossiers by all the cuts at once, by their keys in the order of the tables."""
    hidden = {
        cut: {(key, name) for key, row in table.items() for name in COLUMNS if 0 < row[name] < smallest}
        | {cell for part in parts for cell in part[cut]}
        for cut, table in tables.items()
    }
    blocks = [block for name in COLUMNS for block in _blocks(crossed, list(tables), name, smallest)]
    before = -1
    while before != (before := sum(map(len, hidden.values()))):
        for cut, table in tables.items():
            while more := _given_away(table, hidden[cut]):
                hidden[cut] |= more
        totals = {cell for cells in hidden.values() for cell in cells if cell[0] == TOTAL}
        for cells in hidden.values():
            cells |= totals  # the same number stands in each table
        for block in blocks:
            for cut, cell in block.given_away(tables, hidden):
                hidden[cut].add(cell)
    return hidden


@dataclass(frozen=True)
class Block:
    """Cells of one column whose agencies and fields count the same dossiers but for a few: taken from each other, those
    of one table and those of the other leave these few, or nothing."""

    cells: tuple[tuple[str, tuple[Any, str]], ...]  # by table
    leaves_some: bool

    def given_away(
        self, tables: Mapping[str, Table], hidden: Mapping[str, Hidden]
    ) -> list[tuple[str, tuple[Any, str]]]:
        """The smallest one that is said, where all but one of the block's unknowns are."""
        if sum(cell in hidden[cut] for cut, cell in self.cells) + self.leaves_some != 1:
            return []
        said = [(cut, cell) for cut, cell in self.cells if cell not in hidden[cut] and tables[cut][cell[0]][cell[1]]]
        return [min(said, key=lambda one: tables[one[0]][one[1][0]][one[1][1]])] if said else []


def _blocks(crossed: Crossed, cuts: Sequence[str], column: str, smallest: int) -> list[Block]:
    """Those whose rows of both tables have dossiers in common, and those that are so but for fewer than `smallest`."""
    common = {
        tuple(zip(cuts, key, strict=True)): counts[column] for key, counts in crossed.items() if counts[column] > 0
    }
    found = [(nodes, False) for nodes in _joined(common, common)]
    for nodes in _joined(common, {ends for ends, number in common.items() if number >= smallest}):
        left = sum(number for ends, number in common.items() if sum(end in nodes for end in ends) == 1)
        if 0 < left < smallest:
            found.append((nodes, True))
    return [Block(tuple((cut, (key, column)) for cut, key in nodes), some) for nodes, some in found]


def _joined(pairs: Iterable[tuple[Node, ...]], holding: Collection[tuple[Node, ...]]) -> list[list[Node]]:
    """The ends of all pairs in groups: together are those that some of the pairs hold together."""
    groups: dict[Node, list[Node]] = {end: [end] for pair in pairs for end in pair}
    for one, other in holding:
        if groups[one] is not groups[other]:
            groups[one] += groups[other]
            for node in groups[other]:
                groups[node] = groups[one]
    return list({id(group): group for group in groups.values()}.values())


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
