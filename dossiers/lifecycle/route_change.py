"""A dossier under way goes on by another version of its route only when a supervisor moves it, seeing what changes."""

from datetime import datetime

from django.utils.translation import gettext as _

from agencies.calendars import calendar_of
from core.refusals import Refused
from dossiers.lifecycle import routing
from dossiers.lifecycle.transitions import Action
from dossiers.models import Dossier, store_routes
from procedures.routes import moving
from vietnam import working_time


def preview_route_change(dossier: Dossier) -> moving.Move:
    """Where the dossier would stand on the route now in force, and what would change. Raises Refused."""
    if dossier.step is None:
        raise Refused("no_step", _("Hồ sơ không còn bước nào đang chạy."))
    new = routing.plan_route(dossier)
    if new == dossier.route:
        raise Refused("same_route", _("Hồ sơ đang đi theo đúng quy trình hiện hành, không có gì để chuyển."))
    return moving.move_waiting_dossiers(dossier.route, dossier.step.key, new)


def change_route(action: Action) -> None:
    """The running step keeps its holder and the time it has used; its limit is the new route's."""
    dossier, found = action.dossier, preview_route_change(action.dossier)
    step, planned = action.step, found.route[found.position]
    dossier.route = found.route
    if dossier.planned_route is not None:
        store_routes([dossier.planned_route])
    step.position, step.key, step.act = found.position, planned["key"], planned.get("act", "")
    step.name, step.name_en, step.role = planned["name"], planned["name_en"], planned["role"]
    step.minutes = planned["minutes"] or 0
    step.due_at = _step_end(dossier, step.started_at, step.minutes)
    step.save()
    action.recorded["changes"] = [change.sentence for change in found.changes]


def _step_end(dossier: Dossier, since: datetime, minutes: int) -> datetime | None:
    calendar = calendar_of(dossier.step.agency) if dossier.step else calendar_of(dossier.settler)
    return working_time.step_due(calendar, since, minutes, ceiling=dossier.due_at)
