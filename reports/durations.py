"""How much working time the dossiers that were settled took: mean, median and the time that nine of ten kept to.

A dossier's working time is what its steps used, pauses and the time
after the result left out; beside it stands what was planned for those steps.
"""

from dataclasses import dataclass

from django.db.models import Aggregate, Avg, Count, FloatField, QuerySet, Sum

from dossiers.models import Dossier, StepRun
from reports.figures import dossiers_listed
from reports.indicators import MEASURES
from reports.indicators.kinds import Asked


class Percentile(Aggregate):
    """The value below which the part `fraction` of all values lies."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class WorkingTimes:
    """Working minutes of the `count` dossiers settled."""

    count: int
    mean: int
    median: int
    p90: int
    planned_mean: int


def working_times(dossiers: QuerySet[Dossier], asked: Asked) -> WorkingTimes | None:
    """Of the dossiers finished in the period; None of nothing. One statement."""
    finished = dossiers_listed(dossiers, MEASURES["finished"], asked).order_by().values("pk")
    runs = StepRun.objects.judged().filter(dossier__in=finished).order_by()
    found = (
        runs.values("dossier")
        .annotate(used=Sum("used_minutes"), planned=Sum("minutes"))
        .aggregate(
            n=Count("dossier"),
            mean=Avg("used"),
            median=Percentile("used", fraction=0.5),
            p90=Percentile("used", fraction=0.9),
            planned_mean=Avg("planned"),
        )
    )
    if not found["n"]:
        return None
    return WorkingTimes(found["n"], *(round(found[name]) for name in ("mean", "median", "p90", "planned_mean")))
