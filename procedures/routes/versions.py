"""The one writer of internal routes (`core.versions`). Dossiers under way keep the steps they were received with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.second_person import Author
from core.versions import Status, VersionRefused, Workflow
from journal import audit_log
from procedures.models import Route
from procedures.routes import checking, context
from procedures.routes.steps import Step, write_steps

SCOPE = ("edition_id", "procedure_id", "level", "case", "agency_key", "territory_code")
_CONTENT = ("steps", "name", "name_en", "decision")


class RouteWorkflow(Workflow[Route]):
    model = Route
    scope = SCOPE

    def record(self, verb: str, version: Route, by: str, **facts: Any) -> None:
        owner = version.procedure or (version.edition.procedure if version.edition else None)
        subject = f"procedure:{owner.code}" if owner else f"route:{version.level}"
        audit_log.record_entry(
            f"route.{verb}", subject, by=by, route=version.pk, name=version.name, number=version.number, **facts
        )

    def blockers(self, version: Route) -> list[str]:
        """What is wrong with the steps, and what their import left open."""
        reasons = [problem.sentence for problem in checking.route_problems(*context.route_context(version))]
        if waiting := open_queries(version):
            reasons.append(
                _("Bản nháp còn %(n)s điểm nghi ngờ khi nhập. Hãy xử lý và đánh dấu từng điểm.") % {"n": waiting}
            )
        return reasons


ROUTES = RouteWorkflow()


def settle_query(route: Route, number: str, *, revision: int, by: Author, at: datetime) -> Route:
    """Mark the open query of an import (by its number, from 0) as dealt with. Raises VersionRefused, StaleDraft."""
    with transaction.atomic():
        draft = Route.objects.select_for_update(of=("self",)).get(pk=route.pk)
        if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(draft.open_queries)):
            raise VersionRefused(_("Điểm nghi ngờ này không còn. Hãy tải lại trang."))
        draft.open_queries[int(number)] |= {"settled": by.label}
        return ROUTES.save_draft(draft, revision=revision, by=by, at=at)


def open_queries(route: Route) -> int:
    """How many points that its import could not know are not settled."""
    return sum(not query.get("settled") for query in route.open_queries)


def publish_bundled(offered: Route, steps: Sequence[Step], by: str, at: datetime) -> bool:
    """Bring a route that the product brings along into force; whether that changed anything.

    What a controller put in force of the same scope stays.
    """
    offered.steps, offered.source = write_steps(steps), Route.Source.BUNDLED
    present = ROUTES.in_force(**{name: getattr(offered, name) for name in SCOPE})
    if present and (
        present.source != Route.Source.BUNDLED
        or all(getattr(present, name) == getattr(offered, name) for name in _CONTENT)
    ):
        return False
    ROUTES.publish_bundled(offered, by=by, at=at)
    return True


__all__ = ["ROUTES", "SCOPE", "Status", "open_queries", "publish_bundled", "settle_query"]
