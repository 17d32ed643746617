"""Motion along the internal route: which step runs, who holds it, how much time it used."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import StaffPost
from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.deadlines import clock
from dossiers.models import Dossier, PlannedRoute, StepRun, statements
from procedures import routes
from procedures.competence.lookup import agency_at
from procedures.routes.planning import KnownRoutes
from vietnam import working_time

_LAST_HOLDER = """
    SELECT id FROM accounts_staffpost WHERE valid_to IS NULL AND id = (
        SELECT holder_id FROM dossiers_steprun WHERE dossier_id = %s AND key = %s AND holder_id IS NOT NULL
        ORDER BY id DESC LIMIT 1
    )
"""


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


def begin_step(dossier: Dossier, key: str, *, at: datetime, holder: int | None = None) -> StepRun:
    """End the running step and begin the one named, held by the post of that id. The caller saves the dossier."""
    finish_step(dossier, at=at)
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
    statements.insert_row(run, beside=_route_just_given(dossier))
    dossier.step, dossier.holder_id = run, holder
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
    run = dossier.step
    if run is None or run.finished_at is not None:
        return
    run.finished_at = max(at, run.started_at)
    run.used_minutes = clock.working_minutes(dossier, run.started_at, run.finished_at)
    run.broken_off = broken_off
    statements.update_row(run, "holder_id", "finished_at", "used_minutes", "broken_off")
    dossier.step, dossier.holder = None, None


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


def last_holder(dossier: Dossier, key: str) -> int | None:
    """The post (its id) that had the step `key` of this dossier last, when it still holds."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_HOLDER, [dossier.pk, key])
        found = cursor.fetchone()
    return found[0] if found else None
