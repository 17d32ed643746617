"""Figures: measures of dossiers, whole or cut by who, what, how or when. The one place that counts.

What happened in whole days is added up from the tallies (`dossiers.statistics.tallies`), of measures that they keep. Of
the others, of parts of days and of what is open now, each family is one GROUP BY over the dossiers themselves.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from dossiers.deadlines.clock import soon_before
from dossiers.models import OPEN_STATES, Dossier, State
from dossiers.statistics.tallies import Tallied, knows, tallies
from reports.cuts import Cut
from reports.indicators import MEASURES, SHARES
from reports.indicators.account import in_account
from reports.indicators.kinds import FINISHED, Asked, Condition, Family, Measure
from reports.indicators.reminders import reminded_in
from reports.population import EVERYTHING, Population
from vietnam.working_time import VIETNAM

_ROWS: dict[Family, Condition] = {
    Family.RECEIVED: lambda asked: Q(received_at__gte=asked.since, received_at__lt=asked.until),
    Family.FINISHED: lambda asked: Q(state__in=FINISHED, finished_at__gte=asked.since, finished_at__lt=asked.until),
    Family.ENDED: lambda asked: Q(
        state__in=(State.NOT_RECEIVED, State.STOPPED), closed_at__gte=asked.since, closed_at__lt=asked.until
    ),
    Family.ACCOUNT: in_account,
    Family.NOW: lambda asked: Q(state__in=(State.FILED, *OPEN_STATES)),
    Family.FEES: lambda asked: Q(fee_settled_at__gte=asked.since, fee_settled_at__lt=asked.until, fee_amount__gt=0),
    Family.REMINDED: reminded_in,
}
# When a family's happening was; the others have none.
_MOMENTS = {
    Family.RECEIVED: "received_at",
    Family.FINISHED: "finished_at",
    Family.ENDED: "closed_at",
    Family.FEES: "fee_settled_at",
}
Counted = dict[str, int]


def period_asked(since: datetime, until: datetime, *, at: datetime) -> Asked:
    """What is asked, with the near moment of every calendar that an agency works by."""
    return Asked(since, until, at, soon_before(at))


def figures(
    population: Population, asked: Asked, names: Iterable[str] = MEASURES, *, cut: Cut | None
) -> dict[Any, Counted]:
    """The measures `names` of each value of the cut that has something to count: in one statement from the tallies, and
    one for each family that must look at dossiers.

    Tallies know who works on a dossier within an agency and nothing beside it: the rest is counted from the dossiers.
    Values are as the cut's column holds them (ids, or None where a dossier has none), so that the sum of all is
    `totals` of the same dossiers.
    """
    wanted = list(names)
    kept = {name: tallied for name in wanted if (tallied := _tallied(name, asked)) and _told(population, tallied, cut)}
    found = _from_tallies(population, asked, kept, cut) if kept else {}
    others = [name for name in wanted if name not in kept]
    for key, numbers in counted_dossiers(population.dossiers, asked, others, cut=cut).items():
        found.setdefault(key, {}).update(numbers)
    nothing = dict.fromkeys(wanted, 0)
    return {key: nothing | numbers for key, numbers in found.items()}


def totals(population: Population, asked: Asked, names: Iterable[str] = MEASURES) -> Counted:
    """The measures `names` of all of them, in as many statements."""
    wanted = list(names)
    return summed(figures(population, asked, wanted, cut=None).values(), wanted)


def counted_dossiers(
    dossiers: QuerySet[Dossier], asked: Asked, names: Iterable[str], *, cut: Cut | None
) -> dict[Any, Counted]:
    """The same from the dossiers alone, for measures that no tally keeps and to hold the others against."""
    found: dict[Any, Counted] = {}
    for family, measures in _by_family(names).items():
        by = cut.of_dossiers(_MOMENTS.get(family, "")) if cut else {"all": Value(0)}
        counted = dossiers.filter(_ROWS[family](asked)).order_by().values(**by)
        rows: Iterable[Mapping[str, Any]] = counted.annotate(**_aggregates(measures, asked))
        for row in rows:
            key = cut.value_of(tuple(row[part] for part in by)) if cut else None
            found.setdefault(key, {}).update({name: row[_as(name)] or 0 for name in measures})
    return found


def procedures_filed(population: Population, asked: Asked, cut: Cut) -> dict[Any, set[int]]:
    """The procedures of which something was received in the period, by the values of the cut."""
    by = {**cut.of_tallies, "procedure": F("edition__procedure")}
    found: dict[Any, set[int]] = {}
    for *key, procedure in _added(population, asked, {"received": Tallied(("received",))}, by):
        found.setdefault(cut.value_of(tuple(key)), set()).add(procedure)
    return found


def summed(rows: Iterable[Mapping[str, int]], names: Iterable[str] = MEASURES) -> Counted:
    """The numbers of several values of a cut together."""
    found = dict.fromkeys(names, 0)
    for row in rows:
        for name, number in row.items():
            found[name] = found.get(name, 0) + number
    return found


def dossiers_listed(dossiers: QuerySet[Dossier], measure: Measure, asked: Asked) -> QuerySet[Dossier]:
    """The dossiers that `measure` counts."""
    return dossiers.filter(_ROWS[measure.family](asked), measure.condition(asked))


def shares(counted: Mapping[str, int]) -> dict[str, float | None]:
    """Every share whose measures are all in `counted`; None of nothing."""
    return {
        name: share.share_of(counted)
        for name, share in SHARES.items()
        if all(part in counted for part in (*share.part, *share.whole))
    }


def finished_in_time(since: datetime, until: datetime) -> tuple[int, int]:
    """(judged, early or on time) of all dossiers finished from `since` until before `until`."""
    counted = totals(EVERYTHING, Asked(since, until, until, {}), ("early", "on_time", "late"))
    return sum(counted.values()), counted["early"] + counted["on_time"]


def _tallied(name: str, asked: Asked) -> Tallied | None:
    """What the tallies say of a measure; None where they keep it not, or whole days do not make the time asked for."""
    edges = (asked.since.astimezone(VIETNAM), asked.until.astimezone(VIETNAM))
    return MEASURES[name].tallied if all(edge.time() == time() for edge in edges) else None


def _told(population: Population, tallied: Tallied, cut: Cut | None) -> bool:
    return cut is None or knows(population.where & tallied.where, cut.column)


def _from_tallies(
    population: Population, asked: Asked, wanted: Mapping[str, Tallied], cut: Cut | None
) -> dict[Any, Counted]:
    found = _added(population, asked, wanted, cut.of_tallies if cut else {"all": Value(0)})
    return {cut.value_of(key) if cut else None: numbers for key, numbers in found.items()}


def _added(
    population: Population, asked: Asked, wanted: Mapping[str, Tallied], by: dict[str, Combinable]
) -> dict[tuple[Any, ...], Counted]:
    first, end = (moment.astimezone(VIETNAM).date() for moment in (asked.since, asked.until))
    return tallies(first, end - timedelta(days=1), wanted, by=by, where=population.where)


def _by_family(names: Iterable[str]) -> dict[Family, list[str]]:
    found: dict[Family, list[str]] = {}
    for name in names:
        found.setdefault(MEASURES[name].family, []).append(name)
    return found


def _aggregates(names: Iterable[str], asked: Asked) -> dict[str, Aggregate]:
    return {_as(name): _aggregate(MEASURES[name], asked) for name in names}


def _aggregate(measure: Measure, asked: Asked) -> Aggregate:
    condition = measure.condition(asked) or None
    return Sum(measure.sums, filter=condition) if measure.sums else Count("pk", filter=condition)


def _as(name: str) -> str:
    """A measure may be named as a column of the dossier is, an aggregate may not."""
    return f"n_{name}"
