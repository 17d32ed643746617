"""Due dates counted anew after a calendar changed: the second of the writers of a dossier, set-based.

One bounded stream: batches by id, each in a transaction with its place in the stream, so that a killed worker's
successor goes on where it stood and nothing is counted twice. A batch waits for rows that somebody acts on and skips
none. A dossier whose date moved gets an event, a line among its changes of date that keeps the old one, and the next
revision, as after any act. Paused dossiers are left alone: their date is counted when the clock runs again.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actors import automatic
from agencies.calendars import calendar_of
from agencies.consequences import Consequence, Moved
from agencies.models import Agency, CalendarDay
from dossiers import clock, long_work
from dossiers.models import Dossier, DossierEvent, DueDateChange, Opinion, Pause, Recalendar, StepRun
from dossiers.querysets import DossierQuerySet
from journal.outbox import handler
from vietnam import working_time

log = logging.getLogger(__name__)

TOPIC = "dossiers.recalendar"
ACTION = "recalendar"
BATCH = 1000
FORESEEN_AT_MOST = 20_000
SHOWN = 50
# What no count asks for and a million rows need not carry.
_HEAVY = ("search_vector", "answers", "route", "content", "contact_address", "return_address", "sort_key")


@dataclass(frozen=True)
class Move:
    """A dossier whose date, or whose running step's end, is another under the calendar of now."""

    dossier: Dossier
    due_at: datetime
    calendar_version: str
    step_due_at: datetime | None  # None: as it is

    @property
    def moves_date(self) -> bool:
        return self.due_at != self.dossier.due_at


def ask(calendars: Sequence[int], first_day: date, last_day: date, *, reason: str, by: str, at: datetime) -> Recalendar:
    """Have open dossiers counted anew. Call it in the transaction that changes the calendar."""
    run = Recalendar.objects.create(
        calendars=list(calendars), first_day=first_day, last_day=last_day, reason=reason[:300], by=by[:200], asked_at=at
    )
    long_work.begin(TOPIC, run=run.pk)
    return run


def ground(recorded: CalendarDay | None, day: date) -> str:
    """Why the calendar changed, as histories keep it: in the product's language."""
    with translation.override(settings.LANGUAGE_CODE):
        kind = recorded.get_kind_display() if recorded else _("theo lịch tuần")
    said = f"{day:%d/%m/%Y}: {kind}"
    if recorded is None:
        return said
    said += f", {recorded.name}" if recorded.name else ""
    return f"{said} ({recorded.document})" if recorded.document else said


@handler(TOPIC)
def call_worker(payload: dict[str, Any]) -> None:
    from dossiers.tasks import recalendar

    if Recalendar.objects.filter(pk=payload["run"], finished_at=None).exists():
        long_work.call(TOPIC, recalendar, payload, at=timezone.now())


def carry_on(run: int, *, at: datetime) -> bool:
    """Count one batch; True while more may be left. False when it is finished, or another worker is at it."""
    with transaction.atomic():
        stream = Recalendar.objects.select_for_update(skip_locked=True).filter(pk=run, finished_at=None).first()
        if stream is None:
            return False
        touched = _touched(stream.calendars, stream.first_day, stream.last_day).filter(pk__gt=stream.cursor)
        batch = list(touched.select_for_update(of=("self",))[:BATCH])
        moves = list(_moves(batch, stream))
        _write(moves, stream, at=at)
        if batch:
            stream.cursor = batch[-1].pk
            stream.seen += len(batch)
            stream.moved += sum(move.moves_date for move in moves)
        else:  # not merely a short batch: rows that changed while it waited for them fall out of it
            _recount_opinions(stream)
            stream.finished_at = at
        stream.save()
        return bool(batch)


def foresee(calendars: Sequence[int], first_day: date, last_day: date) -> Consequence:
    """The dates that would move if the calendar stayed as it is within this transaction; at most
    `FORESEEN_AT_MOST` dossiers are looked at. Changes nothing, locks nothing."""
    span = Recalendar(calendars=list(calendars), first_day=first_day, last_day=last_day)
    touched = _touched(calendars, first_day, last_day)
    seen, cursor, by_agency, first = 0, 0, Counter[str](), list[Moved]()
    while batch := list(touched.filter(pk__gt=cursor)[: min(BATCH, FORESEEN_AT_MOST - seen)]):
        for move in _moves(batch, span):
            if move.moves_date:
                agency = move.dossier.settler.local_name
                by_agency[agency] += 1
                if len(first) < SHOWN:
                    first.append(_shown(move, agency))
        seen, cursor = seen + len(batch), batch[-1].pk
    return Consequence(
        seen=seen,
        moved=by_agency.total(),
        complete=seen < FORESEEN_AT_MOST or not touched.filter(pk__gt=cursor).exists(),
        by_agency=by_agency.most_common(),
        first=first,
    )


def _shown(move: Move, agency: str) -> Moved:
    code, old = move.dossier.code or "", move.dossier.due_at
    return Moved(code, reverse("dossier", args=[code]), agency, old or move.due_at, move.due_at)


def _touched(calendars: Sequence[int], first_day: date, last_day: date) -> DossierQuerySet:
    """Open dossiers whose clock runs over the changed days, in the order of the stream."""
    since, until = _midnight(first_day), _midnight(last_day + timedelta(days=1))
    agencies = list(Agency.objects.filter(calendar__in=calendars).values_list("pk", flat=True))
    return (
        Dossier.objects.open()
        .filter(settling_agency__in=agencies, due_at__gte=since, clock_started_at__lt=until)
        .order_by("pk")
        .defer(*_HEAVY)
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=working_time.VIETNAM)


def _moves(batch: Iterable[Dossier], span: Recalendar) -> Iterable[Move]:
    """What moves in a batch; pauses, steps and agencies are read once for all of it."""
    dossiers = list(batch)
    pauses = defaultdict[int, list[Pause]](list)
    for pause in Pause.objects.filter(dossier__in=[d.pk for d in dossiers]):
        pauses[pause.dossier_id].append(pause)
    steps = StepRun.objects.in_bulk([d.step_id for d in dossiers if d.step_id])
    ids = {d.settling_agency_id for d in dossiers} | {step.agency_id for step in steps.values()}
    agencies = Agency.objects.select_related("calendar").in_bulk(ids)
    for dossier in dossiers:
        dossier.settling_agency = agencies[dossier.settling_agency_id]
        step = steps.get(dossier.step_id) if dossier.step_id else None
        if step is not None:
            step.agency = agencies[step.agency_id]
        try:
            move = _move(dossier, step, pauses.get(dossier.pk, ()), span)
        except (working_time.OutsideCalendar, working_time.InvalidPause, working_time.InvalidPeriod):
            log.exception("a due date could not be counted anew", extra={"dossier": dossier.pk})
            continue
        if move is not None:
            yield move


def _move(dossier: Dossier, step: StepRun | None, pauses: Sequence[Pause], span: Recalendar) -> Move | None:
    found = clock.count(dossier, explain=False, pauses=pauses)
    if found is None or found.at is None:
        return None
    end = _step_end(step, pauses, found.at, span) if step else None
    if found.at == dossier.due_at and end is None:
        return None
    return Move(dossier, found.at, found.calendar_version, end)


def _step_end(step: StepRun, pauses: Sequence[Pause], due_at: datetime, span: Recalendar) -> datetime | None:
    """The running step's planned end where it is another now; None where it stays."""
    if step.due_at is None or step.finished_at is not None:
        return None
    if step.due_at < _midnight(span.first_day) or step.started_at >= _midnight(span.last_day + timedelta(days=1)):
        return None
    pauses = [p for p in pauses if p.ended_at and p.ended_at > step.started_at]
    end = working_time.step_due(
        calendar_of(step.agency),
        step.started_at,
        step.minutes,
        ceiling=due_at,
        pauses=[working_time.Pause(max(p.began_at, step.started_at), p.ended_at) for p in pauses],
    )
    # A step that had no time left when the clock ran on was due at that moment, and still is.
    if end is None or end == step.due_at or any(end <= p.ended_at for p in pauses if p.ended_at):
        return None
    return end


def _write(moves: Sequence[Move], stream: Recalendar, *, at: datetime) -> None:
    """One statement a table, whatever the number of dossiers; their rows are locked."""
    dated = [move for move in moves if move.moves_date]
    stepped = [(move.dossier.step_id, move.step_due_at) for move in moves if move.step_due_at]
    by = automatic(ACTION)
    with connection.cursor() as cursor:
        if dated:
            cursor.execute(
                "UPDATE dossiers_dossier AS d"
                " SET due_at = v.due_at, calendar_version = v.version, revision = d.revision + 1"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS v(id, due_at, version)"
                " WHERE d.id = v.id",
                [[m.dossier.pk for m in dated], [m.due_at for m in dated], [m.calendar_version for m in dated]],
            )
        if stepped:
            cursor.execute(
                "UPDATE dossiers_steprun AS s SET due_at = v.due_at"
                " FROM unnest(%s::bigint[], %s::timestamptz[]) AS v(id, due_at) WHERE s.id = v.id",
                [[pk for pk, _due in stepped], [due for _pk, due in stepped]],
            )
    DossierEvent.objects.bulk_create(_event(move, stream, by.label, at) for move in dated)
    DueDateChange.objects.bulk_create(
        DueDateChange(
            dossier=move.dossier,
            ground="calendar",
            old_due_at=move.dossier.due_at,
            new_due_at=move.due_at,
            reason=stream.reason,
            by=stream.by or by.label,
            at=at,
        )
        for move in dated
    )


def _recount_opinions(stream: Recalendar) -> None:
    """Opinions that bodies on these calendars still owe: few beside the dossiers, so they come last and together."""
    since, until = _midnight(stream.first_day), _midnight(stream.last_day + timedelta(days=1))
    owed = Opinion.objects.filter(agency__calendar__in=stream.calendars, ended_at=None)
    owed = owed.filter(due_at__gte=since, asked_at__lt=until).select_related("agency__calendar", "dossier")
    cursor = 0
    while batch := list(owed.filter(pk__gt=cursor).order_by("pk").select_for_update(of=("self",))[:BATCH]):
        for opinion in batch:
            calendar, ceiling = calendar_of(opinion.agency), opinion.dossier.due_at
            due_at = working_time.step_due(calendar, opinion.asked_at, opinion.minutes, ceiling=ceiling)
            opinion.due_at = due_at or opinion.due_at
        Opinion.objects.bulk_update(batch, ["due_at"])
        cursor = batch[-1].pk


def _event(move: Move, stream: Recalendar, actor: str, at: datetime) -> DossierEvent:
    dossier = move.dossier
    return DossierEvent(
        dossier=dossier,
        revision=dossier.revision + 1,
        action=ACTION,
        from_state=dossier.state,
        to_state=dossier.state,
        at=at,
        actor=actor,
        automatic=True,
        origin="automatic",
        reason=stream.reason,
        facts={
            "old_due_at": dossier.due_at.isoformat() if dossier.due_at else None,
            "due_at": move.due_at.isoformat(),
            "recalendar": stream.pk,
        },
    )
