"""What each person of an agency handled, how much of it within the time of the step, and what they hold now.

For reward and support, read by the agency's own heads alone. Steps count, not dossiers: several people share one.
"""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum

from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.models import JUDGED, OPEN_STATES, RETURN_STEP, Dossier, StepRun
from reports.indicators.kinds import Asked


@dataclass(frozen=True)
class Workload:
    """One post: steps ended in the period (results handed back too), those that time speaks of, of them the ones within
    it, working minutes used, dossiers held now."""

    post: StaffPost
    handled: int
    judged: int
    in_time: int
    used: int
    held: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.judged if self.judged else None


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
            handled=Count("pk", filter=Q(broken_off=False)),
            judged=Count("pk", filter=JUDGED),
            in_time=Count("pk", filter=JUDGED & Q(used_minutes__lte=F("minutes"))),
            used=Sum("used_minutes", filter=~Q(key=RETURN_STEP), default=0),
        )
    }
    open_ones = Dossier.objects.filter(holder__agency=agency, state__in=OPEN_STATES).order_by()
    held = dict(open_ones.values_list("holder").annotate(n=Count("pk")))
    posts = StaffPost.objects.select_related("account").in_bulk({*handled, *held})
    nothing = {"handled": 0, "judged": 0, "in_time": 0, "used": 0}
    found = [Workload(post, **handled.get(pk, nothing), held=held.get(pk, 0)) for pk, post in posts.items()]
    return sorted(found, key=lambda one: (-one.held, -one.handled, one.post.account.full_name))
