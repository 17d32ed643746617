"""The one writer of an edition's status: one lock, one check, one line of history, one transaction."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, automatic_actor
from accounts.models import StaffPost
from core.refusals import NotAllowed, Refused, Stale
from procedures.editions.lifecycle.effects import today_of
from procedures.editions.lifecycle.table import TABLE, done_words
from procedures.editions.lifecycle.transitions import Action, Relation, Transition
from procedures.models import Edition, EditionAct, Procedure

_ROLES = {
    Relation.DRAFTER: {StaffPost.Role.CONTROLLER},
    Relation.REVIEWER: {StaffPost.Role.CONTROLLER, StaffPost.Role.SUPERVISOR},
}


# What an action may write; the facts of what is no draft any more are not among it, and the database refuses them.
_WRITTEN = [
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


def execute_transition(edition: Edition, action: str, by: Actor, *, at: datetime, **inputs: Any) -> EditionAct:
    """Do `action` on an edition as `by` at `at`; returns the line of history. Raises NotAllowed, Stale or Refused; then
    nothing has changed.

    The edition passed in is brought up to date.
    """
    rule = TABLE[action]
    with transaction.atomic():
        locked = lock_edition(edition.pk)
        if refusal := refusal_of(locked, rule, by):
            raise refusal
        rule.require_inputs(inputs)
        execution = Action(edition=locked, by=by, at=at, inputs=inputs)
        for guard in rule.guards:
            guard(execution)
        before, target = locked.status, rule.target_of(execution)
        for effect in rule.effects:
            effect(execution)
        locked.status = target
        locked.save(update_fields=_WRITTEN)
        line = record_action(
            locked, action, by, at, before=before, reason=inputs.get("reason", ""), facts=execution.recorded
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


def available_transitions(edition: Edition, actor: Actor) -> list[Transition]:
    """The transitions that `actor` may try now, in the table's order."""
    return [rule for rule in TABLE.values() if refusal_of(edition, rule, actor) is None]


def refusal_of(edition: Edition, rule: Transition, actor: Actor) -> Refused | None:
    """None when the transition is open to the actor here and now."""
    if edition.status not in rule.sources:
        return Stale("stale", _stale_sentence(edition))
    if not any(has_relation(actor, relation) for relation in rule.relations):
        return NotAllowed("not_allowed", _("Vị trí của bạn không được thực hiện việc này."))
    return None


def has_relation(actor: Actor, relation: Relation) -> bool:
    if relation is Relation.AUTOMATIC:
        return actor.channel == "automatic"
    if relation is Relation.APPROVER:
        post = actor.post
        leads = post is not None and post.role == StaffPost.Role.LEADER
        return bool(leads and post and post.agency.key in settings.CATALOGUE_APPROVERS)
    return actor.role in _ROLES[relation]


def next_relation(edition: Edition) -> Relation | None:
    """Who has the next action on the way to publication; None when nobody has."""
    way = ("review", "approve", "announce", "publish")
    return next((TABLE[action].relations[0] for action in way if edition.status in TABLE[action].sources), None)


def begin_due(at: datetime) -> list[Edition]:
    """Put every edition in force whose day has come; returns them."""
    waiting = Edition.objects.filter(status=Edition.Status.UPCOMING, effective_from__lte=today_of(at)).order_by("pk")
    begun = []
    for edition in waiting[:500]:
        try:
            execute_transition(edition, "begin", automatic_actor("procedures.begin"), at=at)
        except Refused:  # somebody was quicker
            continue
        begun.append(edition)
    return begun


def _stale_sentence(edition: Edition) -> str:
    last = edition.acts.first()
    if last is None:
        return _("Bản này không còn ở bước đó. Hãy tải lại trang.")
    return _("%(actor)s vừa thực hiện “%(act)s”. Hãy tải lại trang để xem bước mới.") % {
        "actor": last.actor,
        "act": done_words(last.act),
    }
