"""`perform`: the one writer of an edition's status. One lock, one check, one line of history, one transaction."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, automatic_actor
from accounts.models import StaffPost
from procedures.editions.lifecycle.refusals import EditionRefused
from procedures.editions.lifecycle.table import TABLE, Act, Asked, Move, Who, done_words, today_of
from procedures.models import Edition, EditionAct, Procedure

_ROLES = {
    Who.DRAFTER: {StaffPost.Role.CONTROLLER},
    Who.REVIEWER: {StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR},
}


# What an act may write; the facts of what is no draft any more are not among it, and the database refuses them.
_MOVED = [
    "status",
    "published_at",
    "published_by",
    "ended_at",
    "reviewed_by",
    "editors",
    "approved_by",
    "decision_number",
    "decision_date",
    "effective_from",
    "publish_by",
    "route_by",
    "route_ready_at",
]


def execute_transition(edition: Edition, action: str, by: Actor, *, at: datetime, **said: Any) -> EditionAct:
    """Do `action` on an edition as `by` at `at`; returns the line of history. Raises EditionRefused, changing nothing.

    The edition passed in is brought up to date.
    """
    move = TABLE[action]
    with transaction.atomic():
        locked = lock_edition(edition.pk)
        if refusal := why_not(locked, move, by):
            raise refusal
        act = Act(locked, by, at, _told(move, said))
        for guard in move.guards:
            guard(act)
        before = locked.status
        target = move.target(act) if callable(move.target) else move.target
        for effect in move.effects:
            effect(act)
        locked.status = target
        locked.save(update_fields=_MOVED)
        line = record_action(
            locked, action, by, at, before=before, reason=act.said.get("reason", ""), facts=act.recorded
        )
    edition.__dict__.update({key: value for key, value in locked.__dict__.items() if not key.startswith("_prefetched")})
    return line


def lock_edition(pk: int) -> Edition:
    """The edition as it is now, with its procedure locked first, as every writer of editions does."""
    procedure = Procedure.objects.select_for_update(of=("self",)).get(editions=pk)
    edition = Edition.objects.select_for_update(of=("self",)).select_related("based_on").get(pk=pk)
    edition.procedure = Procedure.objects.select_related("current").get(pk=procedure.pk)
    return edition


def record_action(
    edition: Edition,
    action: str,
    by: Actor,
    at: datetime,
    *,
    before: str,
    reason: str = "",
    facts: dict[str, Any] | None = None,
) -> EditionAct:
    return EditionAct.objects.create(
        edition=edition,
        act=action,
        from_status=before,
        to_status=edition.status,
        at=at,
        account=by.account,
        post=by.post,
        actor=by.label[:200],
        automatic=by.channel == "automatic",
        reason=reason,
        facts=facts or {},
    )


def available_transitions(edition: Edition, actor: Actor) -> list[Move]:
    """The acts that `actor` may try now, in the table's order."""
    return [move for move in TABLE.values() if why_not(edition, move, actor) is None]


def why_not(edition: Edition, move: Move, actor: Actor) -> EditionRefused | None:
    """None when the act is open to the actor here and now."""
    if edition.status not in move.sources:
        return EditionRefused("stale", _stale(edition))
    if not has_relation(actor, move.who):
        return EditionRefused("not_allowed", _("Vị trí của bạn không được thực hiện việc này."))
    return None


def has_relation(actor: Actor, who: Who) -> bool:
    if who is Who.AUTOMATIC:
        return actor.channel == "automatic"
    if who is Who.APPROVER:
        post = actor.post
        leads = post is not None and post.role == StaffPost.Role.LEADER
        return bool(leads and post and post.agency.key in settings.CATALOGUE_APPROVERS)
    return actor.role in _ROLES[who]


def waits_for(edition: Edition) -> Who | None:
    """Who has the next act on the way to publication; None when nobody has."""
    way = ("review", "approve", "announce", "publish")
    return next((TABLE[action].who for action in way if edition.status in TABLE[action].sources), None)


def begin_due(at: datetime) -> list[Edition]:
    """Put every edition in force whose day has come; returns them."""
    waiting = Edition.objects.filter(status=Edition.Status.UPCOMING, effective_from__lte=today_of(at)).order_by("pk")
    begun = []
    for edition in waiting[:500]:
        try:
            execute_transition(edition, "begin", automatic_actor("procedures.begin"), at=at)
        except EditionRefused:  # somebody was quicker
            continue
        begun.append(edition)
    return begun


def _told(move: Move, said: dict[str, Any]) -> dict[str, Any]:
    known = {asked.name for asked in move.asks}
    if unknown := set(said) - known:
        raise EditionRefused("unknown", _("Không rõ thông tin: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    for asked in move.asks:
        _check(asked, said.get(asked.name))
    return said


def _check(asked: Asked, value: Any) -> None:
    if asked.required and value in (None, ""):
        raise EditionRefused(
            "missing", _("Hãy nhập: %(label)s.") % {"label": str(asked.label).lower()}, field=asked.name
        )
    if asked.kind == "date" and value is not None and not isinstance(value, date):
        raise EditionRefused("no_date", _("%(label)s phải là một ngày.") % {"label": asked.label}, field=asked.name)


def _stale(edition: Edition) -> str:
    last = edition.acts.first()
    if last is None:
        return _("Bản này không còn ở bước đó. Hãy tải lại trang.")
    return _("%(actor)s vừa thực hiện “%(act)s”. Hãy tải lại trang để xem bước mới.") % {
        "actor": last.actor,
        "act": done_words(last.act),
    }
