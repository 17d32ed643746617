"""Proof by a code to a contact that a counter confirmed for the number which the account states."""

from datetime import datetime

from accounts.actors import Actor
from accounts.codes import send_code, take_code
from accounts.identities import CONTACT_ISSUER, Proof, prove_account
from accounts.models import Account, Identity, Level, OneTimeCode, Person
from accounts.people import columns_of, differences
from vietnam.documents import IdentityDocument

_PROVE = OneTimeCode.Purpose.PROVE


def _known_person(account: Account) -> Person | None:
    """The counter's record that the account's own statements fit: number, name and, where both know it, birth day."""
    own = getattr(account, "person", None)
    if own is None or not own.claimed_number:
        return None
    columns = columns_of(IdentityDocument.of_key(own.claimed_number))
    known = Person.objects.filter(**columns, account=None).first()
    if known is None or differences(known, full_name=own.full_name, birth_date=own.birth_date):
        return None
    return known


def send_code_to_confirmed_contact(account: Account, channel: str, *, at: datetime) -> None:
    """Send a code by "email" or "sms" where the counter confirmed that contact; else nothing."""
    known = _known_person(account)
    if known is None:
        return
    email = known.email if channel == "email" and known.email_confirmed_at else ""
    phone = known.phone if channel == "sms" and known.phone_confirmed_at else ""
    send_code(account, _PROVE, email=email, phone=phone, at=at)


def prove_by_code(actor: Actor, code: str, *, at: datetime) -> bool:
    """Whether the code was the right one; the account is proven then. Raises `accounts.identities.ProofRefused`,
    `accounts.people.PersonDiffers`."""
    account = actor.account
    if account is None or not take_code(account, _PROVE, code, at=at):
        return False
    known = _known_person(account)
    if known is None or known.identity is None:
        return False
    proof = Proof(
        issuer=CONTACT_ISSUER,
        subject=str(known.pk),
        level=Level.CONTACT,
        method=Identity.Method.CONTACT_CODE,
        number=known.identity.key,
        full_name=known.full_name,
        birth_date=known.birth_date,
    )
    prove_account(account, proof, by=actor, at=at)
    return True
