"""The one writer of internal routes: drafts that may change, versions in force that never do.

A draft comes into force by a second person, with nothing wrong and no open doubt, and replaces the version before in
the same transaction. Dossiers under way keep the steps they were received with.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Account
from journal import audit_log
from procedures.models import Route
from procedures.routes import checking, context
from procedures.routes.steps import Step, write_steps

_SAID = ("steps", "name", "name_en", "decision")
SCOPE = ("edition_id", "procedure_id", "level", "case", "agency_key", "territory_code")


class RouteRefused(Exception):
    """The route cannot be changed or put in force; `sentences` say why and what to do."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


def save_draft(route: Route, steps: Sequence[Step], *, by: Actor, at: datetime) -> Route:
    """Write a draft, new or changed; whoever saves it last cannot be who puts it in force. Raises RouteRefused."""
    with transaction.atomic():
        if route.pk:
            _locked_draft(route.pk)
        route.status = Route.Status.DRAFT
        route.steps = write_steps(steps)
        route.edited_at, route.edited_label = at, by.label
        route.edited_by = by.account
        route.save()
        _record("route.drafted", route, by.label)
    return route


def settle_doubt(route: Route, number: str, *, by: Actor) -> Route:
    """Mark the doubt of this number (from 0) as dealt with. Raises RouteRefused."""
    with transaction.atomic():
        draft = _locked_draft(route.pk)
        if not (number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(draft.doubts)):
            raise RouteRefused([_("Điểm nghi ngờ này không còn. Hãy tải lại trang.")])
        draft.doubts[int(number)] |= {"settled": by.label}
        draft.save(update_fields=["doubts"])
        _record("route.doubt_settled", draft, by.label, doubt=draft.doubts[int(number)].get("text", ""))
    return draft


def discard_draft(route: Route, *, by: Actor) -> None:
    """Throw a draft away. Raises RouteRefused when it is a draft no longer."""
    with transaction.atomic():
        draft = _locked_draft(route.pk)
        _record("route.discarded", draft, by.label)
        draft.delete()


def put_in_force(route: Route, *, by: Actor, at: datetime) -> Route:
    """Make a draft the version in force of its scope. Raises RouteRefused."""
    with transaction.atomic():
        draft = _locked_draft(route.pk)
        if reasons := obstacles(draft, by.account):
            raise RouteRefused(reasons)
        return _into_force(draft, by.label, at)


def obstacles(draft: Route, second: Account | None) -> list[str]:
    """Why a draft cannot come into force by this person, in sentences; empty when it can."""
    if second is None or draft.edited_by_id == second.pk:
        return [_("Người soạn quy trình không tự đưa vào áp dụng. Hãy nhờ người quản lý danh mục khác kiểm tra.")]
    return blockers(draft)


def blockers(draft: Route) -> list[str]:
    """What is wrong with a draft and what its import left open, whoever asks."""
    reasons = [problem.sentence for problem in checking.route_problems(*context.route_context(draft))]
    if open_doubts(draft):
        reasons.append(
            _("Bản nháp còn %(n)s điểm nghi ngờ khi nhập. Hãy xử lý và đánh dấu từng điểm.") % {"n": open_doubts(draft)}
        )
    return reasons


def open_doubts(route: Route) -> int:
    return sum(not doubt.get("settled") for doubt in route.doubts)


def carry_over(offered: Route, steps: Sequence[Step], by: str, at: datetime) -> bool:
    """Bring a route that the product carries into force; whether that changed anything.

    What a controller put in force of the same scope stays.
    """
    offered.steps, offered.source, offered.edited_label, offered.edited_at = (
        write_steps(steps),
        Route.Source.CARRIED,
        by,
        at,
    )
    with transaction.atomic():
        present = _in_force(offered)
        if present and (
            present.source != Route.Source.CARRIED
            or all(getattr(present, name) == getattr(offered, name) for name in _SAID)
        ):
            return False
        offered.save()
        _into_force(offered, by, at)
    return True


def _locked_draft(pk: int) -> Route:
    found = Route.objects.select_for_update().filter(pk=pk).first()
    if found is None:
        raise RouteRefused([_("Bản nháp này đã được bỏ.")])
    if found.status != Route.Status.DRAFT:
        raise RouteRefused([_("Quy trình này đã áp dụng nên không sửa được nữa. Hãy soạn bản mới từ bản này.")])
    return found


def _in_force(route: Route) -> Route | None:
    scope: dict[str, Any] = {name: getattr(route, name) for name in SCOPE}
    return Route.objects.select_for_update().filter(status=Route.Status.IN_FORCE, **scope).first()


def _into_force(draft: Route, by: str, at: datetime) -> Route:
    scope = {name: getattr(draft, name) for name in SCOPE}
    former = _in_force(draft)
    if former:
        former.status, former.ended_at = Route.Status.REPLACED, at
        former.save(update_fields=["status", "ended_at"])
    last = Route.objects.filter(number__isnull=False, **scope).order_by("-number").first()
    draft.number = (last.number or 0) + 1 if last else 1
    draft.status, draft.in_force_at, draft.in_force_label = Route.Status.IN_FORCE, at, by
    draft.save()
    _record("route.in_force", draft, by, replaces=former.number if former else None)
    return draft


def _record(verb: str, route: Route, by: str, **facts: Any) -> None:
    owner = route.procedure or (route.edition.procedure if route.edition else None)
    subject = f"procedure:{owner.code}" if owner else f"route:{route.level}"
    audit_log.record_entry(verb, subject, actor=by, route=route.pk, name=route.name, number=route.number, **facts)
