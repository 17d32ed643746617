"""Motion along the internal route: which step runs, who holds it, how much time it used."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import StaffPost
from agencies.calendars import calendar_of
from agencies.models import Agency
from core.together import Statement, execute_together
from dossiers.deadlines import clock
from dossiers.models import Dossier, PlannedRoute, StepRun, statements
from procedures import routes
from procedures.competence.lookup import agency_at
from procedures.routes.planning import KnownRoutes
from vietnam import working_time


def plan_route(dossier: Dossier, known: KnownRoutes | None = None) -> list[dict]:
    """The route of the dossier's edition, case and level, as plain data to freeze on the dossier; for many dossiers
    from routes that are `known`."""
    level = "commune" if dossier.settler.of_commune else "province"
    steps = routes.route_for(
        dossier.edition,
        dossier.case,
        level,
        channel=dossier.channel,
        limit=clock.period_of(dossier) if dossier.limit_unit else None,
        agency=dossier.settler,
        known=known,
    )
    return routes.frozen_steps(steps)


def begin_step(
    dossier: Dossier, key: str, *, at: datetime, holder: int | None = None, last_held: bool = False
) -> StepRun:
    """End the running step and begin the one named, held by the post of that id, or by the one that had this step of
    the dossier last (`last_held`), when it still holds. The caller saves the dossier."""
    finished = _finish(dossier, at=at)
    position, step = next((i, s) for i, s in enumerate(dossier.route) if s["key"] == key)
    agency = _agency_of(dossier, step, at)
    planned_end = working_time.step_due(calendar_of(agency), at, step["minutes"], ceiling=dossier.due_at)
    run = StepRun(
        dossier=dossier,
        position=position,
        key=key,
        act=step.get("act", ""),
        name=step["name"],
        name_en=step["name_en"],
        role=step["role"],
        agency=agency,
        holder_id=holder,
        minutes=step["minutes"],
        started_at=at,
        due_at=planned_end,
    )
    statements.insert_step(run, after=finished, route=_route_just_given(dossier), last_held=last_held)
    dossier.step, dossier.holder_id = run, run.holder_id
    return run


def _route_just_given(dossier: Dossier) -> PlannedRoute | None:
    """The route that was planned in this action, as long as nobody has read it from the database."""
    route = dossier.planned_route
    return route if route is not None and route._state.adding else None


def _agency_of(dossier: Dossier, step: dict[str, Any], at: datetime) -> Agency:
    """Another body where the route names one and the place has it; else who receives or who settles."""
    if key := step.get("agency_key"):
        named = agency_at(key, dossier.settler.territory, timezone.localtime(at).date())
        if named is not None:
            return named
    return dossier.receiver if step["role"] == StaffPost.Role.COUNTER else dossier.settler


def finish_step(dossier: Dossier, *, at: datetime, broken_off: bool = False) -> None:
    """End the running step; `broken_off` where its work was never done. The caller saves the dossier."""
    if finished := _finish(dossier, at=at, broken_off=broken_off):
        execute_together(*finished)


def _finish(dossier: Dossier, *, at: datetime, broken_off: bool = False) -> list[Statement]:
    """End the running step in memory; what writes it down, nothing where none runs."""
    run = dossier.step
    if run is None or run.finished_at is not None:
        return []
    run.finished_at = max(at, run.started_at)
    run.used_minutes = clock.working_minutes(dossier, run.started_at, run.finished_at)
    run.broken_off = broken_off
    dossier.step, dossier.holder = None, None
    return statements.updating_row(run, "holder_id", "finished_at", "used_minutes", "broken_off")


def step_after(dossier: Dossier, key: str) -> str:
    """Key of the step that follows `key` on the dossier's route."""
    keys = [s["key"] for s in dossier.route]
    return keys[keys.index(key) + 1]


def first_carrying(dossier: Dossier, act: str) -> str:
    """Key of the first step of the route that carries a step of the life-cycle table."""
    return next(s["key"] for s in dossier.route if (s.get("act") or s["key"]) == act)


def steps_back(dossier: Dossier, key: str) -> list[str]:
    """Keys of the steps to which `key` may be sent back, the usual one first."""
    keys = [s["key"] for s in dossier.route]
    here = keys.index(key)
    named = [back for back in dossier.route[here].get("back_to", []) if back in keys[1:here]]
    return named[::-1] or [keys[max(here - 1, 1)]]
