"""The dossier's legal time, counted by the pure clock of the country on the competent agency's calendar.

A due date is never moved by hand: it is counted anew from what is stored (start, limit, extension, pauses), so that
it can always explain itself.
"""

from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal

from django.conf import settings
from django.db import connection

from agencies.calendars import calendar_of
from agencies.models import WorkCalendar
from dossiers.models import Dossier, DueDateChange, DueGround, Pause, PauseReason, State
from vietnam import working_time

# Sector rule: received after 15:00 counts from the next working day (a setting of the edition's term).
AFTERNOON_RULE = time(15, 0)


def count_due(
    dossier: Dossier, *, explain: bool = True, pauses: Iterable[Pause] | None = None
) -> working_time.Due | None:
    """The due date as counted from the dossier's facts; None without a start or a limit. A read, changes nothing.

    `pauses` are the dossier's, where somebody has read them for many at once.
    """
    if dossier.clock_started_at is None or not dossier.limit_unit:
        return None
    return working_time.due(
        calendar_of(dossier.settler),
        dossier.clock_started_at,
        period_of(dossier),
        after_hour_rule=AFTERNOON_RULE if dossier.after_15h_next_day else None,
        pauses=[
            working_time.Pause(p.began_at, p.ended_at)
            for p in (dossier.pauses.all() if pauses is None else pauses)
            # What paused a clock that was started anew since has no say in it.
            if p.ended_at is None or p.ended_at > dossier.clock_started_at
        ]
        if dossier.pk
        else [],
        explain=explain,
    )


def period_of(dossier: Dossier) -> working_time.Period:
    amount = (dossier.limit_amount or Decimal(0)) + dossier.extension_amount
    if dossier.limit_unit == working_time.Unit.AT_ONCE and amount:
        # "At once" has no amount of its own: what is granted beyond the day is counted in working days.
        return working_time.Period(amount, working_time.Unit.WORKING_DAY)
    return working_time.Period(amount, working_time.Unit(dossier.limit_unit))


def start_clock(dossier: Dossier, *, at: datetime, by: str) -> None:
    """Begin the legal time at `at` (receipt). Sets due dates on the locked dossier; the caller saves it."""
    dossier.received_at = dossier.clock_started_at = at
    _recalculate_due_date(dossier, ground=DueGround.RECEIVED, at=at, by=by)
    dossier.original_due_at = dossier.due_at


def pause_clock(dossier: Dossier, reason: PauseReason, *, at: datetime) -> None:
    Pause.objects.create(dossier=dossier, reason=reason, began_at=at)
    dossier.due_at, dossier.paused_times = None, None


def end_pauses(dossier: Dossier, *, at: datetime) -> None:
    """Nothing pauses it any longer; the due date is left as it is."""
    dossier.pauses.filter(ended_at__isnull=True).update(ended_at=at)
    dossier.paused_times = None


def resume_clock(dossier: Dossier, *, at: datetime, by: str) -> None:
    end_pauses(dossier, at=at)
    _recalculate_due_date(dossier, ground=DueGround.RESUMED, at=at, by=by)


def restart_clock(dossier: Dossier, *, at: datetime, by: str) -> None:
    """The whole limit runs anew from the complete dossier, where the edition's sector law says so."""
    end_pauses(dossier, at=at)
    dossier.clock_started_at = at
    _recalculate_due_date(dossier, ground=DueGround.RESTARTED, at=at, by=by)


def correct_due_date(dossier: Dossier, reason: str, *, at: datetime, by: str) -> None:
    """Count anew after the limit itself was corrected."""
    _recalculate_due_date(dossier, ground=DueGround.CORRECTED, at=at, by=by, reason=reason)


def extend_due_date(dossier: Dossier, amount: Decimal, reason: str, *, at: datetime, by: str) -> None:
    """Add `amount` of the limit's unit to the limit (Form 04, apology and extension)."""
    dossier.extension_amount += amount
    _recalculate_due_date(dossier, ground=DueGround.EXTENDED, at=at, by=by, reason=reason)


def stop_clock(dossier: Dossier, *, at: datetime) -> None:
    """The result exists; the due date stays as it was, to be judged against."""
    dossier.finished_at = at


def _recalculate_due_date(dossier: Dossier, *, ground: DueGround, at: datetime, by: str, reason: str = "") -> None:
    before = dossier.due_at or dossier.original_due_at
    found = count_due(dossier, explain=False)
    dossier.due_at = found.at if found else None
    dossier.calendar_version = found.calendar_version if found else ""
    DueDateChange.objects.create(
        dossier=dossier,
        ground=ground,
        old_due_at=before,
        new_due_at=dossier.due_at,
        reason=reason,
        by=by,
        at=at,
    )


def working_minutes(dossier: Dossier, since: datetime, until: datetime) -> int:
    """Working minutes of the competent agency between two instants, the dossier's pauses left out."""
    calendar = calendar_of(dossier.settler)
    total = working_time.minutes_between(calendar, since, until)
    for began_at, ended_at in _pauses_of(dossier):
        begin, end = max(since, began_at), min(until, ended_at or until)
        if begin < end:
            total -= working_time.minutes_between(calendar, begin, end)
    return max(total, 0)


def _pauses_of(dossier: Dossier) -> list[tuple[datetime, datetime | None]]:
    """When it was paused: as it was read with its lock or by its page, else by a statement that is worded once."""
    if dossier.paused_times is not None:
        return dossier.paused_times
    if "pauses" in getattr(dossier, "_prefetched_objects_cache", {}):
        return [(pause.began_at, pause.ended_at) for pause in dossier.pauses.all()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT began_at, ended_at FROM dossiers_pause WHERE dossier_id = %s", [dossier.pk])
        return cursor.fetchall()


def minutes_left(dossier: Dossier, *, at: datetime) -> int | None:
    """Working minutes until the due date (negative when over it), None while paused or without one."""
    until = dossier.due_at
    if until is None:
        return None
    return working_time.minutes_between(calendar_of(dossier.settler), at, until)


def soon_before(at: datetime) -> dict[int, datetime]:
    """For each agency's calendar (by id) the first moment that is further away than due soon: a due date before it has
    at most `DUE_SOON_MINUTES` of working time left."""
    calendars = WorkCalendar.objects.filter(agency__isnull=False).distinct()
    return {
        calendar.pk: working_time.add_minutes(calendar_of(calendar), at, settings.DUE_SOON_MINUTES + 1)
        for calendar in calendars
    }


def standing_of(dossier: Dossier, *, at: datetime) -> working_time.Stand | None:
    """Early, on time, due soon, overdue or paused, with the working minutes left (None of years that no calendar has);
    None where no limit runs."""
    ended = dossier.finished_at
    paused = dossier.is_paused
    if not (ended or paused or dossier.state in (State.RECEIVED, State.PROCESSING)):
        return None
    if dossier.due_at is None and not paused or dossier.state == State.STOPPED:
        return None  # what was stopped was never settled, so neither early nor late
    due = dossier.due_at
    try:
        return working_time.standing(
            calendar_of(dossier.settler),
            due,
            at,
            finished_at=ended,
            paused=paused,
            soon_minutes=settings.DUE_SOON_MINUTES,
        )
    except working_time.OutsideCalendar:  # moved in, from years before the calendar begins
        if due is None:
            raise
        return working_time.Stand(working_time.standing_by_dates(due, at, finished_at=ended, paused=paused), None)
