"""Figures: measures of dossiers, whole or cut by who, what, how or when. The one place that counts.

Each family of measures is one GROUP BY over the dossiers; what reads from elsewhere one day comes in under `figures`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Count, Q, QuerySet, Sum

from dossiers.deadlines.clock import soon_before
from dossiers.models import OPEN_STATES, Dossier, State
from reports.cuts import Cut
from reports.indicators import MEASURES, SHARES
from reports.indicators.account import in_account
from reports.indicators.kinds import FINISHED, Asked, Condition, Family, Measure

_ROWS: dict[Family, Condition] = {
    Family.RECEIVED: lambda asked: Q(received_at__gte=asked.since, received_at__lt=asked.until),
    Family.FINISHED: lambda asked: Q(state__in=FINISHED, finished_at__gte=asked.since, finished_at__lt=asked.until),
    Family.ENDED: lambda asked: Q(
        state__in=(State.NOT_RECEIVED, State.STOPPED), closed_at__gte=asked.since, closed_at__lt=asked.until
    ),
    Family.ACCOUNT: in_account,
    Family.NOW: lambda asked: Q(state__in=(State.FILED, *OPEN_STATES)),
    Family.FEES: lambda asked: Q(fee_settled_at__gte=asked.since, fee_settled_at__lt=asked.until, fee_amount__gt=0),
}
Counted = dict[str, int]


def period_asked(since: datetime, until: datetime, *, at: datetime) -> Asked:
    """What is asked, with the near moment of every calendar that an agency works by."""
    return Asked(since, until, at, soon_before(at))


def figures(
    dossiers: QuerySet[Dossier], asked: Asked, names: Iterable[str] = MEASURES, *, cut: Cut
) -> dict[Any, Counted]:
    """The measures `names` of each value of the cut that has something to count, in one statement for each family.

    Values are as the cut's column holds them (ids, or None where a dossier has none), so that the sum of all is
    `totals` of `dossiers`.
    """
    wanted = list(names)
    found: dict[Any, Counted] = {}
    for family, measures in _by_family(wanted).items():
        rows = dossiers.filter(_ROWS[family](asked)).order_by()
        for row in rows.values(**cut.expressions).annotate(**_aggregates(measures, asked)):
            own: dict[str, Any] = dict(row)
            key = cut.value_in(own)
            numbers = {name: own[_as(name)] or 0 for name in measures}
            found.setdefault(key, dict.fromkeys(wanted, 0)).update(numbers)
    return found


def totals(dossiers: QuerySet[Dossier], asked: Asked, names: Iterable[str] = MEASURES) -> Counted:
    """The measures `names` of all `dossiers`, in one statement for each family."""
    found: Counted = {}
    for family, measures in _by_family(list(names)).items():
        row = dossiers.filter(_ROWS[family](asked)).order_by().aggregate(**_aggregates(measures, asked))
        found |= {name: row[_as(name)] or 0 for name in measures}
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
    counted = totals(Dossier.objects.all(), Asked(since, until, until, {}), ("early", "on_time", "late"))
    return sum(counted.values()), counted["early"] + counted["on_time"]


def _by_family(names: list[str]) -> dict[Family, list[str]]:
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
