"""How procedures are used, as their dossiers tell; the catalogue's evaluation asks for it."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.db.models.lookups import LessThan

from dossiers.models import Dossier, State, SupplementRequest
from procedures.review.evaluation import Usage, register_usage
from vietnam import working_time

_FINISHED = (State.DONE, State.RETURNED)
MOST_REQUESTS = 20_000  # read for the papers asked for; a province has some hundreds a month


@register_usage
def usage_by_procedure(since: datetime, until: datetime) -> dict[str, Usage]:
    """Usage by procedure code of what was filed, finished and paid from `since` to before `until`.

    Early is finished on a day before the due day (vietnam.working_time.standing). Four statements.
    """
    filed = _counted(
        Dossier.objects.filter(filed_at__gte=since, filed_at__lt=until),
        filed=Count("id", distinct=True),
        supplemented=Count("id", filter=Q(supplement_requests__isnull=False), distinct=True),
    )
    finished = _counted(
        Dossier.objects.filter(
            state__in=_FINISHED, finished_at__gte=since, finished_at__lt=until, due_at__isnull=False
        ),
        finished=Count("id"),
        late=Count("id", filter=Q(finished_at__gt=F("due_at"))),
        early=Count("id", filter=Q(LessThan(_day("finished_at"), _day("due_at")))),
    )
    paid = _counted(
        Dossier.objects.filter(fee_settled_at__gte=since, fee_settled_at__lt=until, fee_amount__gt=0),
        paid=Count("id"),
        paid_online=Count("id", filter=~Q(fee_method="cash")),
    )
    reasons = _reasons(since, until)
    codes = {*filed, *finished, *paid}
    return {
        code: Usage(
            **filed.get(code, {}), **finished.get(code, {}), **paid.get(code, {}), reasons=tuple(reasons.get(code, ()))
        )
        for code in codes
    }


def _counted(dossiers: QuerySet[Dossier], **counts: Count) -> dict[str, dict[str, int]]:
    rows: Any = dossiers.order_by().values(of=F("edition__procedure__code")).annotate(**counts)
    return {row.pop("of"): row for row in rows}


def _day(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=working_time.VIETNAM)


def _reasons(since: datetime, until: datetime) -> dict[str, list[tuple[str, int]]]:
    """Papers asked for by procedure, the most frequent first."""
    asked = SupplementRequest.objects.filter(dossier__filed_at__gte=since, dossier__filed_at__lt=until)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = asked.order_by("-id").values_list("dossier__edition__procedure__code", "items", "reason")
    for code, items, reason in rows[:MOST_REQUESTS]:
        for item in items:
            name = item.get("name") or reason
            why = item.get("reason") or ""
            found[code][f"{name}: {why}" if why else name] += 1
    return {code: counter.most_common(10) for code, counter in found.items()}
