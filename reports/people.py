"""What each person of an agency handled, how much of it within the time of the step, and what they hold now.

For reward and support, read by the agency's own heads alone. Steps count, not dossiers: several people share one.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.models import OPEN_STATES, Dossier, StepRun
from reports.indicators.kinds import Asked


@dataclass(frozen=True)
class Workload:
    """One post: steps ended in the period, those within their time, working minutes used, dossiers held now."""

    post: StaffPost
    handled: int
    in_time: int
    used: int
    held: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.handled if self.handled else None


def workloads(agency: Agency, asked: Asked) -> list[Workload]:
    """Everybody of the agency with something ended in the period or held now; who holds most comes first."""
    ended = StepRun.objects.filter(
        holder__agency=agency,
        finished_at__gte=asked.since,
        finished_at__lt=asked.until,
        used_minutes__isnull=False,
    ).order_by()
    handled = {
        row.pop("holder"): row
        for row in ended.values("holder").annotate(
            handled=Count("pk"), in_time=Count("pk", filter=Q(used_minutes__lte=F("minutes"))), used=Sum("used_minutes")
        )
    }
    open_ones = Dossier.objects.filter(holder__agency=agency, state__in=OPEN_STATES).order_by()
    held = dict(open_ones.values_list("holder").annotate(n=Count("pk")))
    posts = StaffPost.objects.select_related("account").in_bulk({*handled, *held})
    nothing = {"handled": 0, "in_time": 0, "used": 0}
    found = [Workload(post, **handled.get(pk, nothing), held=held.get(pk, 0)) for pk, post in posts.items()]
    return sorted(found, key=lambda one: (-one.held, -one.handled, one.post.account.full_name))
