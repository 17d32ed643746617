"""Statistics for everybody: sums alone, small counts left out so that nobody can be told from them.

A count below STATISTICS_SMALLEST is not said. Where a hidden count could be had by subtraction, from the sum of its
row or of its column, the next smallest one beside it is left out too. Tables that overlap are left out of together: the
same total stands in the table by agency and by field, a year is its four quarters, and a field that one agency alone
works in is counted twice. Who works in which field is known to everybody, so what agencies and fields have in common is
looked at as well (`Common`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
    common = [Common(crossed, list(tables), name, smallest) for name in COLUMNS] if crossed else []
    before = -1
    while before != (before := sum(map(len, hidden.values()))):
        for cut, table in tables.items():
            while more := _given_away(table, hidden[cut]):
                hidden[cut] |= more
        totals = {cell for cells in hidden.values() for cell in cells if cell[0] == TOTAL}
        for cells in hidden.values():
            cells |= totals  # the same number stands in each table
        for each in common:
            if more_of := each.more_to_hide(tables, hidden):
                hidden[more_of[0]].add((more_of[1], each.column))
    return hidden


class Common:
    """One column of the two tables as a graph: agencies and fields are joined where they have dossiers in common.

    Whoever adds up what is said with any weights gives each dossier the weights of its agency, its field and the total.
    That a sum says something of one row or one pair alone asks the others to weigh nothing together: within what is
    joined, agencies then have one weight and fields its opposite to what the total lacks. So it is decided by counting
    what is not said on both sides of each joined part.
    """

    def __init__(self, crossed: Crossed, cuts: Sequence[str], column: str, smallest: int) -> None:
        self.cuts, self.column = tuple(cuts), column
        known = {tuple(zip(cuts, key, strict=True)): row[column] for key, row in crossed.items() if row[column] > 0}
        self.beside: dict[Node, set[Node]] = defaultdict(set)
        for one, two in known:
            self.beside[one].add(two)
            self.beside[two].add(one)
        self.parts = self._joined()
        few = [ends for ends, number in known.items() if number < smallest]
        self.small = [split for one, two in few if (split := self._without(one, two))]

    def more_to_hide(self, tables: Mapping[str, Table], hidden: Mapping[str, Hidden]) -> Node | None:
        """A row to be left out too, since a row or a small pair can be had by a sum; None where nothing can."""
        for part in self.parts:
            for side in self.cuts:
                own, other = self._unsaid(part, hidden, side), self._unsaid(part, hidden, *self._but(side))
                if len(own) == 1 and (not other or self._weighs(hidden, self.parts, but=part)):
                    same, across = ([node for node in part if (node[0] == side) == here] for here in (True, False))
                    return self._least(same, tables, hidden) or self._least(across, tables, hidden) or self._total()
        for one, two, parts in self.small:
            sides = [{cut for cut, _key in self._unsaid(part, hidden, *self.cuts)} for part in (one, two)]
            free = [part for part, cuts in zip((one, two), sides, strict=True) if not cuts]
            if free:
                return self._least([node for part in free for node in part], tables, hidden) or self._total()
            if sides[0] != sides[1] and self._weighs(hidden, parts):
                return self._total()
        return None

    def _joined(self) -> list[list[Node]]:
        parts: list[list[Node]] = []
        placed: set[Node] = set()
        for node in self.beside:
            if node not in placed:
                parts.append(list(self._reached(node, ())))
                placed.update(parts[-1])
        return parts

    def _without(self, one: Node, two: Node) -> tuple[list[Node], list[Node], list[list[Node]]] | None:
        """The two parts that only this pair joins, and all parts when it is taken away; None where others join them."""
        start, end = sorted((one, two), key=lambda node: len(self.beside[node]))
        reached = self._reached(start, (start, end))
        if end in reached:
            return None
        whole = next(part for part in self.parts if start in part)
        first, second = list(reached), [node for node in whole if node not in reached]
        return first, second, [*(part for part in self.parts if part is not whole), first, second]

    def _reached(self, start: Node, but: tuple[Node, ...]) -> dict[Node, None]:
        """Whoever is joined with `start`; without the pair `but` up to its other end, when there is another way."""
        reached, ahead = {start: None}, [start]
        while ahead:
            node = ahead.pop()
            for other in self.beside[node]:
                if other in reached or (node, other) == but:
                    continue
                reached[other] = None
                if but and other == but[1]:
                    return reached
                ahead.append(other)
        return reached

    def _weighs(self, hidden: Mapping[str, Hidden], parts: list[list[Node]], but: list[Node] | None = None) -> bool:
        """Whether the total can help: it is said, and in no (other) part something is left out on both sides."""
        if (TOTAL, self.column) in hidden[self.cuts[0]]:
            return False
        return not any(all(self._unsaid(part, hidden, side) for side in self.cuts) for part in parts if part is not but)

    def _unsaid(self, part: list[Node], hidden: Mapping[str, Hidden], *sides: str) -> list[Node]:
        return [(cut, key) for cut, key in part if cut in sides and (key, self.column) in hidden[cut]]

    def _but(self, side: str) -> list[str]:
        return [cut for cut in self.cuts if cut != side]

    def _least(self, nodes: list[Node], tables: Mapping[str, Table], hidden: Mapping[str, Hidden]) -> Node | None:
        """The one of the smallest count that is said."""
        said = [(cut, key) for cut, key in nodes if (key, self.column) not in hidden[cut]]
        return min(said, key=lambda node: tables[node[0]][node[1]][self.column], default=None)

    def _total(self) -> Node:
        return self.cuts[0], TOTAL


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
