"""A route tried on a simulated dossier: who has it from when to when, on the agencies' own calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from procedures.routes.planning import PlannedOpinion, PlannedStep
from vietnam.working_time import Calendar, Due, Period, due, step_due


@dataclass(frozen=True)
class RehearsedOpinion:
    opinion: PlannedOpinion
    since: datetime
    until: datetime


@dataclass(frozen=True)
class RehearsedStep:
    step: PlannedStep
    since: datetime
    until: datetime
    opinions: tuple[RehearsedOpinion, ...]


@dataclass(frozen=True)
class Rehearsal:
    """`minutes` is the sum of the steps, `due` what the procedure's limit says; `keeps`: the last step ends by then."""

    steps: tuple[RehearsedStep, ...]
    minutes: int
    due: Due | None
    keeps: bool


def rehearse_route(
    planned: Sequence[PlannedStep],
    start: datetime,
    calendar: Calendar,
    *,
    limit: Period | None = None,
    elsewhere: dict[str, Calendar] | None = None,
) -> Rehearsal:
    """Walk the steps one after the other from `start`, each taking all of its time.

    `calendar` is the competent agency's, `elsewhere` those of other agencies by key. Steps are not cut at the due date
    here, so that a route that is too long shows it. Raises as `vietnam.working_time.due`.
    """
    calendars = elsewhere or {}
    rows = []
    at = start
    for step in planned:
        own = calendars.get(step.agency_key, calendar)
        until = _after(own, at, step.minutes or 0)
        opinions = tuple(
            RehearsedOpinion(o, at, _after(calendars.get(o.agency_key, calendar), at, o.minutes)) for o in step.opinions
        )
        # An office with other hours may answer later than its minutes on our calendar: the step waits for it.
        until = max([until, *(o.until for o in opinions)])
        rows.append(RehearsedStep(step, at, until, opinions))
        at = until
    counted = due(calendar, start, limit, explain=False) if limit else None
    return Rehearsal(
        steps=tuple(rows),
        minutes=sum(step.minutes or 0 for step in planned),
        due=counted,
        keeps=counted is None or counted.at is None or at <= counted.at,
    )


def _after(calendar: Calendar, at: datetime, minutes: int) -> datetime:
    return step_due(calendar, at, minutes) or at
