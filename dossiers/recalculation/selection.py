"""The records with a date that a changed calendar could move, in the order of their ids.

Each source gives its lowest ids after the cursor; the lowest of them all are the next batch. So every source is read
by its own index, and none twice.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q, QuerySet

from dossiers.correspondence.messages import waiting_for_staff
from dossiers.models import Dossier, Feedback, Folder, Opinion, State, StepRun, SupplementRequest
from dossiers.recalculation.span import Span

# What is counted in calendar days moves only when its last day does, and then over a long holiday at most.
LONGEST_HOLIDAY = timedelta(days=30)


def dossiers_after(cursor: int, span: Span, limit: int) -> list[int]:
    """Ids of at most `limit` dossiers above `cursor` with an open date over the changed days."""
    found: set[int] = set()
    for rows, column in _sources(span):
        ids = rows.filter(**{f"{column}__gt": cursor}).order_by(column).values_list(column, flat=True)
        found.update(ids[:limit])
    return sorted(found)[:limit]


def feedback_after(cursor: int, span: Span) -> QuerySet[Feedback]:
    """Complaints and suggestions without an answer whose ten days run over the changed days, by id."""
    owed = Feedback.objects.filter(agency__in=span.agencies, answered_at=None, due_at__gte=span.since)
    return owed.filter(filed_at__lt=span.until, pk__gt=cursor).order_by("pk")


def _sources(span: Span) -> Iterable[tuple[QuerySet, str]]:
    settling, receiving = Q(settling_agency__in=span.agencies), Q(receiving_agency__in=span.agencies)
    theirs = Q(dossier__settling_agency__in=span.agencies) | Q(dossier__receiving_agency__in=span.agencies)
    last = span.until + LONGEST_HOLIDAY
    running = Dossier.objects.open().filter(settling, due_at__gte=span.since, clock_started_at__lt=span.until)
    yield running, "pk"
    asked = Dossier.objects.filter(receiving, state=State.FILED, answer_due_at__gte=span.since)
    yield asked.filter(waiting_since__lt=span.until), "pk"
    waits = Dossier.objects.filter(receiving, wait_ends_at__gte=span.since, wait_ends_at__lt=last)
    yield waits.filter(waiting_since__lt=span.until), "pk"
    wanted = SupplementRequest.objects.filter(answered_at=None, answer_by__gte=span.since, answer_by__lt=last)
    yield wanted.filter(dossier__receiving_agency__in=span.agencies, asked_at__lt=span.until), "dossier_id"
    steps = StepRun.objects.filter(agency__in=span.agencies, finished_at=None, due_at__gte=span.since)
    yield steps.filter(started_at__lt=span.until), "dossier_id"
    opinions = Opinion.objects.filter(agency__in=span.agencies, ended_at=None, due_at__gte=span.since)
    yield opinions.filter(asked_at__lt=span.until), "dossier_id"
    questions = waiting_for_staff().filter(answer_by__gte=span.since, sent_at__lt=span.until)
    yield questions.filter(theirs), "dossier_id"
    folders = Folder.objects.filter(theirs, wanted_by__gte=span.since, wanted_since__lt=span.until)
    yield folders, "dossier_id"
