"""Dates counted anew after a calendar changed: the second of the writers of a dossier, set-based.

One bounded stream: batches by id, each in a transaction with its place in the stream, so that a killed worker's
successor goes on where it stood and nothing is counted twice. A batch waits for rows that somebody acts on and skips
none; an action that began under the old calendar has ended before the change could (`lock_calendars`). A dossier whose
date moved gets an event, a line among its changes of date that keeps the old one, and the next revision, as after any
action; every moved date of whatever kind is kept with its run. Paused clocks are left alone: their date is counted
when they run again. Complaints and suggestions, which need no dossier, come last.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agencies.calendars import lock_calendars
from agencies.impact_preview import Impact, Moved
from agencies.models import CalendarDay
from dossiers import recalculation
from dossiers.models import DeadlineRecalculation, Dossier, Feedback, MovedDate
from dossiers.models.querysets import HEAVY, DossierQuerySet
from dossiers.recalculation import Move, Span
from journal import long_work
from journal.outbox import handler
from vietnam.dates import format_date

TOPIC = "dossiers.recalendar"
BATCH = 1000
FORESEEN_AT_MOST = 20_000
SHOWN = 50


def request_recalculation(
    calendars: Sequence[int], first_day: date, last_day: date, *, reason: str, by: str, at: datetime
) -> DeadlineRecalculation:
    """Have open dossiers counted anew. Call it in the transaction that changes the calendar."""
    run = DeadlineRecalculation.objects.create(
        calendars=list(calendars), first_day=first_day, last_day=last_day, reason=reason[:300], by=by[:200], asked_at=at
    )
    long_work.begin_work(TOPIC, run=run.pk)
    return run


def ground_of_change(recorded: CalendarDay | None, day: date) -> str:
    """Why the calendar changed, as histories keep it: in the product's language."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = recorded.get_kind_display() if recorded else _("theo lịch tuần")
    said = f"{format_date(day)}: {kind}"
    if recorded is None:
        return said
    said += f", {recorded.name}" if recorded.name else ""
    return f"{said} ({recorded.document})" if recorded.document else said


@shared_task(name="dossiers.tasks.recalendar")
def recalculate_deadlines(run: int) -> None:
    while run_batch(run, at=timezone.now()):
        pass


@handler(TOPIC)
def enqueue_recalculation(payload: dict[str, Any]) -> None:
    if DeadlineRecalculation.objects.filter(pk=payload["run"], finished_at=None).exists():
        long_work.enqueue(TOPIC, recalculate_deadlines, payload, at=timezone.now())


def run_batch(run: int, *, at: datetime) -> bool:
    """Count one batch; True while more may be left. False when it is finished, or another worker is at it."""
    with transaction.atomic():
        stream = (
            DeadlineRecalculation.objects.select_for_update(skip_locked=True).filter(pk=run, finished_at=None).first()
        )
        if stream is None:
            return False
        span = Span.of(stream.calendars, stream.first_day, stream.last_day)
        more = _count_dossiers(stream, span, at) or _count_feedback(stream, span, at)
        if not more:
            stream.finished_at = at
        stream.save()
        return more


def _count_dossiers(stream: DeadlineRecalculation, span: Span, at: datetime) -> bool:
    ids = recalculation.dossiers_after(stream.cursor, span, BATCH)
    if not ids:
        return False
    batch = list(_dossiers(ids).select_for_update(of=("self",)))
    lock_calendars()
    moves = recalculation.of_dossiers(batch, span)
    recalculation.write_changes(moves, stream, at=at)
    stream.cursor = ids[-1]
    stream.seen += len(batch)
    _add(stream, moves)
    return True


def _count_feedback(stream: DeadlineRecalculation, span: Span, at: datetime) -> bool:
    rows = recalculation.feedback_after(stream.feedback_cursor, span).select_for_update(of=("self",))
    batch = list(rows[:BATCH])
    if not batch:
        return False
    lock_calendars()
    moves = recalculation.of_feedback(_with_agencies(batch))
    recalculation.write_changes(moves, stream, at=at)
    stream.feedback_cursor = batch[-1].pk
    _add(stream, moves)
    return True


def _add(stream: DeadlineRecalculation, moves: Sequence[Move]) -> None:
    due = sum(move.kind == MovedDate.Kind.DUE for move in moves)
    stream.moved += due
    stream.moved_others += len(moves) - due


def preview_recalculation(calendars: Sequence[int], first_day: date, last_day: date) -> Impact:
    """The dates that would move if the calendar stayed as it is within this transaction; at most
    `FORESEEN_AT_MOST` dossiers, complaints and suggestions are looked at. Changes nothing, locks nothing."""
    span = Span.of(calendars, first_day, last_day)
    seen, by_agency, by_kind, first = 0, Counter[str](), Counter[str](), list[Moved]()

    def count(moves: Sequence[Move]) -> None:
        for move in moves:
            by_kind[move.kind] += 1
            by_agency[move.agency.local_name] += 1
            if len(first) < SHOWN:
                first.append(_shown(move))

    cursor = 0
    while ids := recalculation.dossiers_after(cursor, span, min(BATCH, FORESEEN_AT_MOST - seen)):
        count(recalculation.of_dossiers(list(_dossiers(ids)), span))
        seen, cursor = seen + len(ids), ids[-1]
    complete = seen < FORESEEN_AT_MOST or not recalculation.dossiers_after(cursor, span, 1)
    last = 0
    while batch := _with_agencies(recalculation.feedback_after(last, span)[: min(BATCH, FORESEEN_AT_MOST - seen)]):
        count(recalculation.of_feedback(batch))
        seen, last = seen + len(batch), batch[-1].pk
    complete = complete and (seen < FORESEEN_AT_MOST or not recalculation.feedback_after(last, span).exists())
    return Impact(
        seen=seen,
        moved=by_kind[MovedDate.Kind.DUE],
        complete=complete,
        by_kind=[(kind.label, by_kind[kind]) for kind in MovedDate.Kind if by_kind[kind]],
        by_agency=by_agency.most_common(),
        first=first,
    )


def _shown(move: Move) -> Moved:
    dossier = move.dossier or (move.feedback and move.feedback.dossier)
    code = (dossier and dossier.code) or ""
    url = reverse("dossier", args=[code]) if code else ""
    return Moved(code, url, move.agency.local_name, str(move.kind.label), move.old, move.new)


def _dossiers(ids: Sequence[int]) -> DossierQuerySet:
    return Dossier.objects.filter(pk__in=ids).order_by("pk").light()


def _with_agencies(rows: Iterable[Feedback]) -> list[Feedback]:
    """The same with what counting and showing read, in two queries and after the calendars are held."""
    found = Feedback.objects.select_related("agency__calendar", "dossier").defer(*(f"dossier__{n}" for n in HEAVY))
    return list(found.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
