"""What may be paid, by whom and to whom it is shown: the app whose record it is answers."""

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class PayableRules:
    """What a record's app answers about what is owed for it; every question takes the reader and the record reference.

    `may_collect`: may take cash for it at a counter. `lock`: locks the record's row; it is called before a charge is
    locked to be confirmed, so that an app which locks record, then charge, never meets payments the other way round.
    """

    describe: Callable[[Actor, str], PayableFacts | None]
    may_see: Callable[[Actor, str], bool]
    may_pay: Callable[[Actor, str], bool]
    may_collect: Callable[[Actor, str], bool] = _nobody
    lock: Callable[[str], None] = _nothing


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


references.register_column(Column("payments.Charge", "owner", WhenDeleted.PROTECT))
