"""What may be paid, by whom and to whom it is shown: the app whose record it is answers."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from accounts.actors import Actor
from core import references
from core.references import Column, WhenDeleted


@dataclass(frozen=True)
class PayableFacts:
    """What a payment page says about the record: a title, its printed code, and where the reader goes back to."""

    title: str
    link: str
    code: str = ""


def _nobody(_actor: Actor, _reference: str) -> bool:
    return False


def _nothing(_reference: str) -> None:
    return None


def _none_ended() -> Q:
    return Q(pk__in=())


@dataclass(frozen=True)
class PayableRules:
    """What a record's app answers about what is owed for it; every question takes the reader and the record reference.

    `may_collect`: may take cash for it at a counter. `lock`: locks the record's row; it is called before a charge is
    locked to be confirmed, so that an app which locks record, then charge, never meets payments the other way round.
    `ended_undone`: which charges are those of records that ended before their work was done.
    """

    describe: Callable[[Actor, str], PayableFacts | None]
    may_see: Callable[[Actor, str], bool]
    may_pay: Callable[[Actor, str], bool]
    may_collect: Callable[[Actor, str], bool] = _nobody
    lock: Callable[[str], None] = _nothing
    ended_undone: Callable[[], Q] = _none_ended


def describe_payable(actor: Actor, reference: str) -> PayableFacts | None:
    """None when nobody answers for the reference, or the record is gone."""
    rules = references.answers_for(reference, PayableRules)
    return rules.describe(actor, reference) if rules else None


def may_see_payable(actor: Actor, reference: str) -> bool:
    rules = references.answers_for(reference, PayableRules)
    return rules is not None and rules.may_see(actor, reference)


def may_pay(actor: Actor, reference: str) -> bool:
    rules = references.answers_for(reference, PayableRules)
    return rules is not None and rules.may_pay(actor, reference)


def may_collect(actor: Actor, reference: str) -> bool:
    rules = references.answers_for(reference, PayableRules)
    return rules is not None and rules.may_collect(actor, reference)


def lock_payable(reference: str) -> None:
    """Lock the record's row for the rest of the transaction."""
    if rules := references.answers_for(reference, PayableRules):
        rules.lock(reference)


def of_ended_records() -> Q:
    """Narrows charges to those of records that ended before their work was done, of every app that has such."""
    found = _none_ended()
    for rules in references.answers_by_prefix(PayableRules).values():
        found |= rules.ended_undone()
    return found


references.register_column(Column("payments.Charge", "owner", WhenDeleted.PROTECT))
