"""Proving that an account belongs to a person, and what follows from a proof that ends.

A self-made account has a record of its own with a claimed number and sees only what it filed itself. A proof (an
electronic identity, a code to a contact that a counter confirmed, the card at a counter) lets it be the person with
that number. Whoever calls here has decided that number and name fit; nothing is joined in silence: the holder is told.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account, Identity, Level, Person
from accounts.people import (
    PersonDiffers,
    change_details,
    columns_of,
    differences,
    find_or_create_person,
    merge_people,
    require_fitting_birth,
)
from accounts.signals import account_notice, person_changed
from core.refusals import Refused
from journal import audit_log
from vietnam.dates import BirthDate
from vietnam.documents import IdentityDocument

CARD_ISSUER, CONTACT_ISSUER = "urn:oss:card", "urn:oss:contact"


class ProofRefused(Refused):
    """The account cannot be joined to the person; the sentence says what to do."""


@dataclass(frozen=True)
class Proof:
    """Who somebody is, as an issuer vouches for it."""

    issuer: str
    subject: str
    level: Level
    method: Identity.Method
    number: str  # the paper's key (vietnam.documents)
    full_name: str
    birth_date: BirthDate | None = None
    proven_by: str = ""  # member of staff who saw the card


@transaction.atomic
def prove_account(account: Account, proof: Proof, *, by: Actor, at: datetime) -> Identity:
    """Let `account` be the person whom the proof names, and keep the proof.

    Raises `ProofRefused` when that person has another account, the account is another person's, or the issuer's name
    for the person is another account's; `accounts.people.PersonDiffers` when number and name do not fit.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    own = Person.objects.select_for_update().filter(account=account).first()
    if own and own.stated_identity and own.stated_identity.key != proof.number:
        raise ProofRefused(
            "other_person",
            _(
                "Định danh này thuộc người có số định danh khác với tài khoản đang dùng. Hãy đăng xuất rồi đăng "
                "nhập lại."
            ),
        )
    person = _person_of(own, proof, by, at)
    if person.account_id not in (None, account.pk):
        raise ProofRefused(
            "has_account", _("Người này đã có tài khoản khác đã xác thực. Hãy đăng nhập bằng tài khoản đó.")
        )
    if own is None:
        change_details(person, account=account)
    elif own.pk != person.pk:
        merge_people(own, into=person, by=by, reason="proof", at=at)
    identity = _keep(account, proof, at)
    account.full_name = person.full_name
    account.save(update_fields=["full_name", "search_key"])
    settle_level(account)
    audit_log.record_entry(
        "identity_proven",
        f"account:{account.pk}",
        by=by,
        issuer=proof.issuer,
        method=proof.method,
        level=int(proof.level),
        person=person.pk,
    )
    facts = {"method": str(Identity.Method(proof.method).label), "level": str(Level(proof.level).label)}
    account_notice.send(sender=Account, account=account, kind="account_proven", facts=facts, at=at)
    return identity


def _person_of(own: Person | None, proof: Proof, by: Actor, at: datetime) -> Person:
    """The record with the proven number: the known one, the account's own made good, or a new one."""
    document = IdentityDocument.of_key(proof.number)
    if document.is_personal:
        require_fitting_birth(document.number, proof.birth_date)
    known = Person.objects.select_for_update().filter(**columns_of(document)).first()
    if known is None and own is not None:
        change_details(
            own,
            **columns_of(document),
            claimed_number="",
            self_declared=False,
            full_name=proof.full_name,
            birth_date=proof.birth_date or _believed_birth(own),
        )
        person_changed.send(sender=Person, person=own, merged=None, by=by, at=at)
        return own
    if known is None:
        return find_or_create_person(document, full_name=proof.full_name, birth_date=proof.birth_date)[0]
    if unlike := differences(known, full_name=proof.full_name, birth_date=proof.birth_date):
        raise PersonDiffers(known, tuple(each.field for each in unlike))
    if proof.birth_date and _believed_birth(known) is None and known.birth_date != proof.birth_date:
        change_details(known, birth_date=proof.birth_date)
    return known


def _believed_birth(person: Person) -> BirthDate | None:
    """The recorded day of birth, unless it cannot be that of the number's holder."""
    return person.birth_date if person.may_be_born(person.birth_date) else None


def _keep(account: Account, proof: Proof, at: datetime) -> Identity:
    """The issuer's latest word replaces what it said before."""
    held = (
        Identity.objects.select_for_update().filter(issuer=proof.issuer, subject=proof.subject, ended_at=None).first()
    )
    if held is not None and held.account_id != account.pk:
        raise ProofRefused("identity_taken", _("Định danh này đã nối với một tài khoản khác."))
    if held is None:
        return Identity.objects.create(
            account=account,
            issuer=proof.issuer,
            subject=proof.subject,
            level=proof.level,
            method=proof.method,
            proven_at=at,
            proven_by=proof.proven_by,
            last_used_at=at,
        )
    held.level, held.proven_at, held.proven_by, held.last_used_at = proof.level, at, proof.proven_by, at
    held.save(update_fields=["level", "proven_at", "proven_by", "last_used_at"])
    return held


def settle_level(account: Account) -> None:
    """Keep the account's level equal to its highest identity in force."""
    held = account.identities.filter(ended_at=None).aggregate(level=Max("level"))
    account.level = held["level"] or Level.DECLARED
    account.save(update_fields=["level"])


@transaction.atomic
def end_identity(identity: Identity, *, by: Actor, reason: str, at: datetime) -> None:
    """A proof holds no longer; the account's level falls to what is left."""
    identity = Identity.objects.select_for_update().get(pk=identity.pk)
    if identity.ended_at:
        return
    identity.ended_at, identity.end_reason = at, reason[:200]
    identity.save(update_fields=["ended_at", "end_reason"])
    settle_level(Account.objects.select_for_update().get(pk=identity.account_id))
    audit_log.record_entry(
        "identity_ended",
        f"account:{identity.account_id}",
        by=by,
        issuer=identity.issuer,
        method=identity.method,
        reason=reason,
    )


def claim_on(number: str) -> Person | None:
    """The record of an unproven account whose holder says that this is their number."""
    return Person.objects.select_related("account").filter(claimed_number=number).first() if number else None


@transaction.atomic
def reject_claim(claim: Person, *, by: Actor, at: datetime) -> None:
    """The number is not this account's: it loses it and signs in by another name; what it filed stays its own."""
    claim = Person.objects.select_for_update().get(pk=claim.pk)
    if not claim.claimed_number:
        raise ProofRefused("settled", _("Tài khoản này không còn khai số định danh đó."))
    number = claim.claimed_number
    change_details(claim, claimed_number="")
    account = claim.account
    if account is not None:
        if account.username == number:
            account.username = f"tu-khai-{account.pk}"
            account.save(update_fields=["username", "search_key"])
        account_notice.send(
            sender=Account, account=account, kind="account_claim_lost", facts={"username": account.username}, at=at
        )
    audit_log.record_entry(
        "claim_rejected",
        f"person:{claim.pk}",
        by=by,
        account=claim.account_id,
    )
    person_changed.send(sender=Person, person=claim, merged=None, by=by, at=at)
