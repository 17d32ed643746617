"""A dossier as a payable record: what payments ask about the record reference "dossier:<uid>"."""

from django.db.models import Exists, OuterRef, Q, UUIDField
from django.db.models.functions import Cast, Substr

from accounts.actors import Actor
from accounts.models import StaffPost
from dossiers.access import record_reference
from dossiers.access.relations import is_applicant
from dossiers.models import Dossier, State
from payments.permissions import PayableFacts, PayableRules


def describe_payable(actor: Actor, reference: str) -> PayableFacts | None:
    dossier = record_reference.dossier_of(reference)
    if dossier is None:
        return None
    return PayableFacts(
        title=dossier.edition.local_title, link=record_reference.link_to(actor, dossier), code=dossier.code or ""
    )


def may_see(actor: Actor, reference: str) -> bool:
    """Whoever may open the dossier sees what it costs and what was paid."""
    return record_reference.may_read(actor, reference)


def may_pay(actor: Actor, reference: str) -> bool:
    """The applicant on their own screen, or the counter that shows the code to somebody standing there."""
    dossier = record_reference.dossier_of(reference)
    return dossier is not None and (is_applicant(actor, dossier) or may_collect(actor, reference))


def may_collect(actor: Actor, reference: str) -> bool:
    """Cash is taken at a counter that may open the dossier, the one that returns the result included."""
    return actor.role == StaffPost.Role.COUNTER and record_reference.may_read(actor, reference)


def lock_payable(reference: str) -> None:
    """Transitions lock the dossier, then its charges; a payment confirmed takes the same order."""
    _prefix, _colon, uid = reference.partition(":")
    list(Dossier.objects.select_for_update(of=("self",)).filter(uid=uid).values_list("pk"))


_OWNER = f"{record_reference.PREFIX}:"


def ended_undone() -> Q:
    """Charges of dossiers that were withdrawn, stopped or not taken in: what was paid does not go back by itself."""
    uid = Cast(Substr(OuterRef("owner"), len(_OWNER) + 1), UUIDField())
    over = (State.NOT_RECEIVED, State.WITHDRAWN, State.STOPPED)
    return Q(owner__startswith=_OWNER) & Q(Exists(Dossier.objects.filter(uid=uid, state__in=over)))


PAYABLE = PayableRules(describe_payable, may_see, may_pay, may_collect, lock_payable, ended_undone)
