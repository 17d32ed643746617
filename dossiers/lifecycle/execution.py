"""The one writer of a dossier's state: one lock, one check, one event, one transaction."""

import json
from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, automatic_actor
from core.refusals import NotAllowed, Refused, Stale
from dossiers.access.relations import Relation, has_relation
from dossiers.filing.open_pages import close_pages
from dossiers.lifecycle.step_begin import follow_step
from dossiers.lifecycle.table import SET_BASED, TABLE
from dossiers.lifecycle.transitions import Action, Transition
from dossiers.models import Dossier, DossierEvent, State, statements
from dossiers.models.history import who_acted
from dossiers.signals import dossier_acted
from vietnam.dates import format_moment

_COLUMNS = tuple(field.attname for field in Dossier._meta.concrete_fields if not field.primary_key)
_UNREAD = object()
_OF_THE_ACTION = ("_prefetched_objects_cache", "paused_times")  # what was read under its lock and may change after it


def execute_transition(
    dossier: Dossier, action: str, by: Actor, *, at: datetime, revision: int | None = None, **inputs: Any
) -> DossierEvent:
    """Do `action` on a dossier as `by` at `at`; returns the event written.

    `revision` is the one the actor's page was drawn with: when the dossier has moved on since, Stale says what
    happened. Raises NotAllowed, Stale or Refused; then nothing has changed.
    The dossier passed in is brought up to date. One that is not stored yet is inserted as the action leaves it; the
    caller has locked the calendars before it read its agencies.
    """
    rule = TABLE[action]
    # What is not stored is filed as a whole or not at all: nobody goes on in the transaction when it is refused.
    with transaction.atomic(savepoint=not dossier._state.adding):
        locked = _held(dossier)
        row = (
            {} if locked._state.adding else _as_read(locked)
        )  # before the guards: the first of them to see a limit writes it down
        _check(locked, rule, by, revision)
        rule.require_inputs(inputs)
        execution = Action(dossier=locked, by=by, at=at, inputs=inputs, execute=execute_transition)
        for guard in rule.guards:
            guard(execution)
        event = _write(execution, rule, row)
        if rule.then:
            execute_transition(locked, rule.then, automatic_actor(rule.action), at=at)
    dossier.__dict__.pop("search_vector", None)
    dossier.__dict__.update({k: v for k, v in locked.__dict__.items() if k not in _OF_THE_ACTION})
    return event


def _held(dossier: Dossier) -> Dossier:
    """The row as it is now, locked; and no calendar may change before the action is written."""
    if dossier._state.adding:
        return dossier  # nobody else can know it yet
    return statements.locked_dossier(dossier)


def available_transitions(dossier: Dossier, actor: Actor, *, bulk: bool = False) -> list[Transition]:
    """The actions that `actor` may do now, in the table's order: the page's buttons and the API's actions; with `bulk`
    only those that may be asked for many dossiers at once."""
    stands = cache(lambda relation: has_relation(actor, relation, dossier))
    rules = [rule for rule in TABLE.values() if (rule.bulk or not bulk) and _in_place(dossier, rule)]
    open_to = [rule for rule in rules if any(map(stands, rule.relations))]
    return [rule for rule in open_to if rule.offered is None or rule.offered(dossier)]


def refusal_of(dossier: Dossier, rule: Transition, actor: Actor) -> Refused | None:
    """None when the action is open to the actor, else the refusal."""
    if not _in_place(dossier, rule):
        return Stale("not_in_this_state", _stale_sentence(dossier))
    if not any(has_relation(actor, relation, dossier) for relation in rule.relations):
        return NotAllowed("not_allowed", _("Vị trí của bạn không được thực hiện việc này với hồ sơ."))
    return None


def _in_place(dossier: Dossier, rule: Transition) -> bool:
    if dossier.destroyed_at is not None and rule.relations != (Relation.AUTOMATIC,):
        return False  # nobody goes on with what is gone; the money may still speak
    return dossier.state in rule.sources and (not rule.steps or _step_key(dossier) in rule.steps)


def moved_on(dossier: Dossier, revision: int | None) -> Stale | None:
    """The refusal for a page drawn with `revision`, when somebody has acted since."""
    if revision is None or revision == dossier.revision:
        return None
    return Stale("stale", _stale_sentence(dossier))


def _check(dossier: Dossier, rule: Transition, by: Actor, revision: int | None) -> None:
    refusal = moved_on(dossier, revision) or refusal_of(dossier, rule, by)
    if refusal is not None:
        raise refusal


def _write(execution: Action, rule: Transition, row: dict[str, Any]) -> DossierEvent:
    """`row` is what the database holds; only what differs from it is written."""
    dossier, before = execution.dossier, execution.dossier.state
    waiting, step = (dossier.waits_for, dossier.wait_ends_at), dossier.step_id
    for effect in rule.effects:
        effect(execution)
    follow_step(execution, step)
    target = rule.target_of(execution)
    close_pages(dossier, target)
    dossier.state = target
    if dossier.state != before and (dossier.waits_for, dossier.wait_ends_at) == waiting:
        dossier.waits_for, dossier.wait_ends_at = "", None  # a waiting belongs to the state it was begun in
    if dossier.state in (State.NOT_RECEIVED, State.STOPPED, State.RETURNED) and dossier.state != before:
        dossier.closed_at = execution.at
    dossier.revision += 1
    written = []
    if dossier._state.adding:
        statements.insert_dossier(dossier)
    else:
        changed = (name for name, value in _columns(dossier).items() if row.get(name, _UNREAD) != value)
        written = statements.updating_row(dossier, *changed)
    dossier.__dict__.pop("search_vector", None)  # an expression until now; read again when somebody asks
    event = DossierEvent(
        dossier=dossier,
        revision=dossier.revision,
        action=rule.action,
        from_state=before,
        to_state=dossier.state,
        at=execution.at,
        **who_acted(execution.by),
        reason=str(execution.inputs.get("reason", "")),
        facts={**execution.recorded, **({"papers": execution.papers} if execution.papers else {})},
        public=rule.public,
    )
    if rule.notifies:
        statements.insert_row_with_message(event, "dossiers.tell", name="event", after=written)
    else:
        statements.insert_row(event, after=written)
    dossier_acted.send(sender=Dossier, event=event, dossier=dossier)
    return event


def _columns(dossier: Dossier) -> dict[str, Any]:
    """What the row holds, column by column."""
    read = dossier.__dict__
    return {name: read[name] for name in _COLUMNS if name in read}


def _as_read(dossier: Dossier) -> dict[str, Any]:
    """The columns in values of their own, because effects may write into lists. All that nests is JSON."""
    return {
        name: json.loads(json.dumps(value)) if isinstance(value, (list, dict)) else value
        for name, value in _columns(dossier).items()
    }


def _step_key(dossier: Dossier) -> str:
    return dossier.step.carries if dossier.step_id and dossier.step else ""


def _stale_sentence(dossier: Dossier) -> str:
    """What the one who came first did."""
    last = dossier.events.order_by("-revision").first() if dossier.pk else None
    if last is None:
        return _("Hồ sơ đã thay đổi. Hãy tải lại trang để xem trạng thái mới.")
    return _("%(actor)s đã thực hiện “%(action)s” lúc %(time)s. Hãy xem lại hồ sơ trước khi làm tiếp.") % {
        "actor": last.local_actor,
        "action": TABLE[last.action].label if last.action in TABLE else SET_BASED.get(last.action, last.action),
        "time": format_moment(timezone.localtime(last.at)),
    }
