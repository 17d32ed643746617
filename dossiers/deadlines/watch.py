"""Alerts: due soon and overdue, noticed once for each due date. What people see follows from `due_at` alone."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.deadlines import clock, extension
from dossiers.models import AlertKind, DeadlineAlert, Dossier, DueDateChange, DueGround, State
from dossiers.models.querysets import DossierQuerySet
from journal import outbox
from vietnam import working_time

BATCH = 500


def watch_due_dates(*, at: datetime) -> dict[str, int]:
    """Record the alerts that fell due until `at` and queue whom they notify; returns counts by kind.

    Two watches at once record an alert once. One statement a batch, whatever the number of dossiers.
    """
    found = {"overdue": _record(AlertKind.OVERDUE, Dossier.objects.overdue(at), at=at), "due_soon": 0}
    for calendar, edge in clock.soon_before(at).items():
        near = Dossier.objects.running().filter(due_at__gte=at, due_at__lt=edge, settling_agency__calendar=calendar)
        found["due_soon"] += _record(AlertKind.DUE_SOON, near, at=at)
    return found


def prepare_apologies(*, at: datetime) -> int:
    """Note the dossiers whose apology and request for more time is to be signed now (`dossiers.deadlines.extension`).

    Once per due date; what has used up its extensions, or is past its due date, has no such letter.
    """
    extended = DueDateChange.objects.filter(dossier=OuterRef("pk"), ground=DueGround.EXTENDED).order_by()
    used_up = extended.values("dossier").annotate(n=Count("pk")).filter(n__gte=settings.EXTENSIONS_AT_MOST)
    open_ones = Dossier.objects.filter(state=State.PROCESSING).filter(~Exists(used_up))
    prepared = 0
    for agency in _one_agency_a_calendar():
        until = extension.prepared_before(calendar_of(agency), at)
        near = open_ones.due_between(at, until).filter(settling_agency__calendar_id=agency.calendar_id)
        prepared += _record(AlertKind.APOLOGY, near, at=at)
    return prepared


def escalate_overdue(*, at: datetime) -> int:
    """Note what is overdue by `ESCALATE_AFTER_DAYS` working days, for whoever supervises; once per due date."""
    escalated, minutes = 0, settings.ESCALATE_AFTER_DAYS * working_time.MINUTES_OF_WORKING_DAY
    for agency in _one_agency_a_calendar():
        edge = working_time.subtract_minutes(calendar_of(agency), at, minutes)
        long_ago = Dossier.objects.overdue(at).filter(due_at__lt=edge, settling_agency__calendar_id=agency.calendar_id)
        escalated += _record(AlertKind.ESCALATED, long_ago, at=at)
    return escalated


def _one_agency_a_calendar() -> QuerySet[Agency]:
    return (
        Agency.objects.filter(valid_to__isnull=True)
        .select_related("calendar")
        .order_by("calendar_id", "id")
        .distinct("calendar_id")
    )


def _record(kind: AlertKind, dossiers: DossierQuerySet, *, at: datetime) -> int:
    known = DeadlineAlert.objects.filter(dossier=OuterRef("pk"), kind=kind, due_at=OuterRef("due_at"))
    recorded = 0
    while fresh := list(dossiers.filter(~Exists(known)).values_list("pk", "due_at")[:BATCH]):
        with transaction.atomic():
            DeadlineAlert.objects.bulk_create(
                [DeadlineAlert(dossier_id=pk, kind=kind, due_at=due_at, noticed_at=at) for pk, due_at in fresh],
                ignore_conflicts=True,
            )
            for pk, due_at in fresh:
                due = due_at.isoformat()
                outbox.record_message(
                    "dossiers.crossing",
                    {"dossier": pk, "kind": kind, "due_at": due},
                    key=f"dossiers.crossing:{kind}:{pk}:{due}",
                )
        recorded += len(fresh)
    return recorded
