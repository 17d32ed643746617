"""Noticing questions whose answer is due soon or overdue, once each, and recording who must be told.

An applicant's question is near its end within a working day of the agency; what staff want by a day, a day before.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from agencies.calendars import calendar_of
from agencies.models import WorkCalendar
from dossiers.correspondence.messages import waiting_for_applicant, waiting_for_staff
from dossiers.models import ENDED_STATES, DossierMessage
from journal import outbox
from vietnam import working_time

BATCH = 200
NEAR, DAY_BEFORE = working_time.MINUTES_OF_WORKING_DAY, timedelta(days=1)


def watch_message_deadlines(*, at: datetime) -> dict[str, int]:
    """Note what was crossed until `at`; counts by kind. Two watches at once note a crossing once."""
    # A dossier that has ended needs no answer of its applicant any more; the applicant's own question does.
    of_applicant = waiting_for_applicant().exclude(dossier__state__in=ENDED_STATES)
    of_staff = waiting_for_staff()
    late, near = Q(answer_by__lt=at, noticed_overdue_at=None), Q(answer_by__gte=at, noticed_soon_at=None)
    overdue = sum(_note("overdue", rows.filter(late), at=at) for rows in (of_staff, of_applicant))
    # Who was asked for an answer within the day needs no second word on it.
    asked_before = of_applicant.filter(answer_by__gt=F("sent_at") + DAY_BEFORE)
    soon = _note("due_soon", asked_before.filter(near, answer_by__lte=at + DAY_BEFORE), at=at)
    theirs = of_staff.filter(near).annotate(
        calendar=Coalesce("dossier__settling_agency__calendar", "dossier__receiving_agency__calendar")
    )
    calendars = set(theirs.order_by("calendar").values_list("calendar", flat=True).distinct())
    for calendar in WorkCalendar.objects.filter(pk__in=calendars):
        until = working_time.add_minutes(calendar_of(calendar), at, NEAR)
        soon += _note("due_soon", theirs.filter(calendar=calendar.pk, answer_by__lte=until), at=at)
    return {"message_overdue": overdue, "message_due_soon": soon}


def _note(what: str, rows: QuerySet[DossierMessage], *, at: datetime) -> int:
    field = {"overdue": "noticed_overdue_at", "due_soon": "noticed_soon_at"}[what]
    noted = 0
    while True:
        with transaction.atomic():
            locked = rows.select_for_update(skip_locked=True, of=("self",)).order_by("id")
            fresh = list(locked.values_list("pk", "answer_by")[:BATCH])
            if not fresh:
                return noted
            DossierMessage.objects.filter(pk__in=[pk for pk, _by in fresh]).update(**{field: at})
            payloads = [{"message": pk, "what": what, "answer_by": by.isoformat()} for pk, by in fresh]
            outbox.record_many("dossiers.message_crossing", payloads, available_at=[at] * len(payloads))
            noted += len(fresh)
