"""Tallies of dossiers: read with the changes that wait, added up by a task, compared with the dossiers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Q, Sum
from django.db.models.expressions import Combinable, Expression

from dossiers.models import Tally, TallyChange
from dossiers.models.tallies import CELL, NUMBERS

AT_ONCE = 20_000
_CELL = ", ".join(CELL)
_NUMBERS = ", ".join(NUMBERS)
_SUMS = ", ".join(f"sum({name}) AS {name}" for name in NUMBERS)
_ADDED = ", ".join(f"{name} = nullif(coalesce(tally.{name}, 0) + coalesce(excluded.{name}, 0), 0)" for name in NUMBERS)
_NOUGHTS = ", ".join(f"nullif(sum({name}), 0) AS {name}" for name in NUMBERS)
_ANY = " OR ".join(f"sum({name}) <> 0" for name in NUMBERS)
# The cells that a row of a day is added to.
_GRAINS = f"""
    CROSS JOIN LATERAL (VALUES
        (1, day, settling_agency_id, receiving_agency_id, edition_id, channel, NULL::bigint),
        (2, date_trunc('month', day)::date, settling_agency_id, receiving_agency_id, edition_id, channel, NULL),
        (3, day, settling_agency_id, NULL, NULL, '', NULL),
        (4, date_trunc('month', day)::date, settling_agency_id, NULL, NULL, '', NULL),
        (5, day, settling_agency_id, NULL, NULL, '', worker_id),
        (6, date_trunc('month', day)::date, settling_agency_id, NULL, NULL, '', worker_id)
    ) AS kept (grain, {_CELL})
"""
_KEPT = ", ".join(f"kept.{name}" for name in ("grain", *CELL))
_FOLD = f"""
    WITH taken AS (
        DELETE FROM dossiers_tallychange WHERE id IN (
            SELECT id FROM dossiers_tallychange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING {_CELL}, {_NUMBERS}
    ), added AS (
        INSERT INTO dossiers_tally AS tally (grain, {_CELL}, {_NUMBERS})
        SELECT {_KEPT}, {_NOUGHTS} FROM taken {_GRAINS} GROUP BY {_KEPT} HAVING {_ANY} ORDER BY {_KEPT}
        ON CONFLICT (grain, day, settling_agency_id, edition_id, channel, receiving_agency_id, worker_id)
        DO UPDATE SET {_ADDED}
    )
    SELECT count(*) FROM taken
"""  # noqa: S608 (names of columns only)
_TRUE = f"""
    SELECT {_KEPT}, {_NOUGHTS} FROM (SELECT {_CELL}, {_SUMS} FROM dossiers_counted_now GROUP BY {_CELL}) AS counted
    {_GRAINS} GROUP BY {_KEPT}
"""  # noqa: S608
_HELD = f"""
    SELECT grain, {_CELL}, {_NOUGHTS} FROM (
        SELECT grain, {_CELL}, {_NUMBERS} FROM dossiers_tally
        UNION ALL SELECT {_KEPT}, {_NUMBERS} FROM dossiers_tallychange {_GRAINS}
    ) AS both_tables GROUP BY grain, {_CELL} HAVING {_ANY}
"""  # noqa: S608
DIFFERENT = f"(({_HELD}) EXCEPT ({_TRUE})) UNION ALL (({_TRUE}) EXCEPT ({_HELD}))"


@dataclass(frozen=True)
class Tallied:
    """Numbers of the cells of the condition `where`, added up; `where` is about agencies, edition and channel."""

    numbers: tuple[str, ...]
    where: Q = Q()


def tallies(
    first: date, last: date, wanted: Mapping[str, Tallied], *, by: Mapping[str, Combinable], where: Q | None = None
) -> dict[tuple[Any, ...], dict[str, int]]:
    """Each of `wanted` from day to day (both included), by the values of `by`, of the cells of `where`. One statement.

    `by` are expressions on a cell's fields (paths such as "edition__field" too), its `day` where they are of days or
    months. Months that lie wholly in the time are read as such, so that years cost little more than months.
    Errors: ValueError when no tally tells apart what is asked.
    """
    where = where or Q()
    asked = {name for each in (where, *by.values(), *(one.where for one in wanted.values())) for name in _columns(each)}
    if (grains := _grains_of(asked)) is None:
        raise ValueError(f"no tally tells workers apart by {', '.join(sorted(asked))}")
    # Each number of each condition is added up once, and put together here: describing sums took most of the time.
    cells = list(dict.fromkeys((number, one.where) for one in wanted.values() for number in one.numbers))
    cells.sort(key=lambda cell: bool(cell[1]))  # those without a condition first
    places = {cell: place for place, cell in enumerate(cells)}
    parts = {name: [places[number, one.where] for number in one.numbers] for name, one in wanted.items()}
    sums: dict[str, Any] = {"n": _Sums([number for number, only in cells if not only])}
    sums |= {f"n_{place}": Sum(number, filter=only) for (number, only), place in places.items() if only}
    waiting, kept = (
        rows.filter(where).order_by().values(**by).annotate(**sums)
        for rows in (
            TallyChange.objects.filter(day__gte=first, day__lte=last),
            Tally.objects.filter(_grained(first, last, *grains)),
        )
    )
    names = [*by, *sums]
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    # One statement: the task may move rows at any time.
    for row in kept.values_list(*names).union(waiting.values_list(*names), all=True):
        counted = found.setdefault(row[: len(by)], dict.fromkeys(wanted, 0))
        numbers = [*row[len(by)], *row[len(by) + 1 :]]
        for name, own in parts.items():
            counted[name] += sum(numbers[place] or 0 for place in own)
    return {key: counted for key, counted in found.items() if any(counted.values())}


class _Sums(Expression):
    """Numbers of a cell, each added up, in one array: an expression of the ORM for each costs more than adding up."""

    contains_aggregate = True

    def __init__(self, numbers: Sequence[str]) -> None:
        super().__init__(output_field=ArrayField(BigIntegerField()))
        self.numbers = numbers

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        cells = compiler.quote_name_unless_alias(compiler.query.get_initial_alias())
        sums = ", ".join(f"sum({cells}.{connection.ops.quote_name(name)})::bigint" for name in self.numbers)
        return f"ARRAY[{sums}]::bigint[]", ()

    def get_group_by_cols(self) -> list[Any]:
        return []


def knows(where: Q, column: str) -> bool:
    """Whether tallies tell cells of `where` apart by the column too: workers only within their agencies."""
    return _grains_of({*_columns(where), column}) is not None


def _of_worker(name: str) -> bool:
    return name.split("__")[0] == "worker"


def _of_agency(name: str) -> bool:
    return name.startswith(("settling_agency", "day"))


def _grains_of(asked: Collection[str]) -> tuple[Tally.Grain, Tally.Grain] | None:
    """Days and months of the fewest cells that tell apart what is asked; None when no grain does."""
    grain = Tally.Grain
    if all(map(_of_agency, asked)):
        return grain.AGENCY_DAY, grain.AGENCY_MONTH
    if not any(map(_of_worker, asked)):
        return grain.DAY, grain.MONTH
    if all(_of_worker(name) or _of_agency(name) for name in asked):
        return grain.WORKER_DAY, grain.WORKER_MONTH
    return None


def _grained(first: date, last: date, day: Tally.Grain, month: Tally.Grain) -> Q:
    """Each day of the time once: whole months as months, the days before and after as days."""
    begin = first if first.day == 1 else _following_month(first)
    end = _following_month(last) if _following_month(last) == last + timedelta(days=1) else last.replace(day=1)
    if begin >= end:
        return Q(grain=day, day__gte=first, day__lte=last)
    found = Q(grain=month, day__gte=begin, day__lt=end)
    if first < begin:
        found |= Q(grain=day, day__gte=first, day__lt=begin)
    return found | Q(grain=day, day__gte=end, day__lte=last) if end <= last else found


def _following_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _columns(expression: Any) -> Iterator[str]:
    """The names that a condition or an expression is about."""
    if isinstance(expression, Q):
        for child in expression.children:
            yield from _columns(child)
    elif isinstance(expression, tuple):
        yield expression[0]
        yield from _columns(expression[1])
    elif isinstance(expression, F):
        yield expression.name
    elif hasattr(expression, "get_source_expressions"):
        for source in expression.get_source_expressions():
            yield from _columns(source)


def fold_changes(limit: int = AT_ONCE) -> int:
    """Add waiting changes to the tallies, in one statement: nobody sees one neither here nor there, or twice."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [limit])
        return int(cursor.fetchone()[0])


def differing_cells(limit: int = 20) -> list[tuple[Any, ...]]:
    """Cells (grain, day, both agencies, edition, channel, worker, then NUMBERS) that tallies or dossiers have and the
    other has not."""
    with connection.cursor() as cursor:
        cursor.execute(f"{DIFFERENT} LIMIT %s", [limit])
        return list(cursor.fetchall())


@transaction.atomic
def count_anew() -> None:
    """Tallies from the dossiers themselves; whoever changes a cell meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE dossiers_tallychange IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM dossiers_tallychange")
        cursor.execute("DELETE FROM dossiers_tally")
        cursor.execute(f"INSERT INTO dossiers_tally (grain, {_CELL}, {_NUMBERS}) {_TRUE}")  # noqa: S608
        cursor.execute("ANALYZE dossiers_tally")


_WRONG_WORKERS = "FROM dossiers_dossier WHERE worker_id IS DISTINCT FROM dossiers_worker_of(id, settling_agency_id)"


def wrong_workers() -> int:
    """How many dossiers name another worker than their steps say."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_WRONG_WORKERS}")  # noqa: S608
        return int(cursor.fetchone()[0])


def mend_workers() -> None:
    with connection.cursor() as cursor:
        wrong = f"SELECT id {_WRONG_WORKERS}"  # noqa: S608
        cursor.execute(
            f"UPDATE dossiers_dossier SET worker_id = dossiers_worker_of(id, settling_agency_id) WHERE id IN ({wrong})"  # noqa: S608
        )
