"""Where working time went: by step of the internal route and agency, from the records of the steps.

What a step used beyond its own plan is its loss, whoever is late at the end. Once the result exists (state 9)
nothing is lost: how long it lies until it is fetched is up to the applicant.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Q, Sum, Value
from django.db.models.functions import Greatest
from django.utils.translation import get_language

from agencies.models import Agency
from dossiers.models import Involvement, StepRun
from reports.indicators.kinds import Asked

SHOWN = 40
COMPARED = 400


@dataclass(frozen=True)
class StepLoss:
    """The runs of one step at one agency that ended in the period; times in working minutes of the dossier's clock."""

    key: str
    name: str
    agency: Agency
    runs: int
    late_runs: int
    planned: int
    used: int
    lost: int

    @property
    def mean(self) -> int:
        return round(self.used / self.runs) if self.runs else 0


def step_losses(asked: Asked, *, agency: Agency | None = None, at_most: int = COMPARED) -> list[StepLoss]:
    """The steps that lost most, first: of all dossiers, or with `agency` of those it settles."""
    ended = StepRun.objects.judged().filter(finished_at__gte=asked.since, finished_at__lt=asked.until)
    if agency is not None:
        settled = Involvement.objects.filter(dossier=OuterRef("dossier"), agency=agency, kind=Involvement.Kind.SETTLES)
        ended = ended.filter(Exists(settled))  # short rows in the order of the agency; dossiers are long ones
    rows = (
        ended.order_by()
        .values("key", "agency")
        .annotate(
            name=Max("name"),
            name_en=Max("name_en"),
            runs=Count("pk"),
            late_runs=Count("pk", filter=Q(used_minutes__gt=F("minutes"))),
            planned=Sum("minutes"),
            used=Sum("used_minutes"),
            lost=Sum(Greatest(F("used_minutes") - F("minutes"), Value(0), output_field=IntegerField())),
        )
        .order_by("-lost", "-used", "key", "agency")[:at_most]
    )
    found = list(rows)
    agencies = Agency.objects.in_bulk({row["agency"] for row in found})
    english = get_language() == "en"
    return [
        StepLoss(
            row["key"],
            (english and row["name_en"]) or row["name"],
            agencies[row["agency"]],
            *(row[name] for name in ("runs", "late_runs", "planned", "used", "lost")),
        )
        for row in found
    ]
