"""Whom the counter serves: found by a number or a card, and named in addresses by a reference that tells nobody who."""

import re

from django.core import signing

from accounts import enterprises, organisations, people
from accounts.models import Enterprise, Person
from dossiers.forms.intake import read_card
from vietnam.documents import passport_number
from vietnam.typed import plain_characters

_SALT = "dossiers.desk.owner"
_KINDS: dict[str, type[Person] | type[Enterprise]] = {"p": Person, "e": Enterprise}
# What may be typed or scanned to find somebody, and the form for whoever is not found by it.
PERSON, PAPER, ENTERPRISE, ORGANISATION = "person", "paper", "enterprise", "organisation"


def owner_reference(owner: Person | Enterprise) -> str:
    """What stands in an address for the owner. Signed, so that nobody walks through all people by counting."""
    letter = "e" if isinstance(owner, Enterprise) else "p"
    return signing.Signer(salt=_SALT).sign(f"{letter}{owner.pk}")


def owner_by_reference(reference: str) -> Person | Enterprise | None:
    """The owner of a reference; None when it is not one of ours or its record is gone."""
    try:
        named = signing.Signer(salt=_SALT).unsign(reference)
    except signing.BadSignature:
        return None
    return _KINDS[named[0]].objects.select_related("territory").filter(pk=int(named[1:])).first()


def owners_with_number(text: str) -> list[Person | Enterprise]:
    """Whom a typed or scanned number names: several when papers of two countries, or decisions of two authorities,
    share it.

    Raises `vietnam.identity.InvalidNumber` when it is no number of any kind.
    """
    number = read_card(text)["number"]
    kind = kind_of_number(number)
    if kind == ORGANISATION:
        return list(organisations.bodies_with_decision(number))
    if kind == PAPER:
        return list(people.people_with_number(number))
    found = enterprises.find_by_tax_number(number) if kind == ENTERPRISE else people.find_by_number(number)
    return [found] if found else []


def kind_of_number(number: str) -> str:
    """What the text most likely is. Raises `vietnam.identity.InvalidNumber` when it is nothing at all."""
    plain = plain_characters(number)
    bare = re.sub(r"[\s.\-]", "", plain)
    if bare.isascii() and bare.isdigit():
        return {9: PAPER, 10: ENTERPRISE, 13: ENTERPRISE}.get(len(bare), PERSON)
    if "/" in plain and any(letter.isdigit() for letter in plain):
        return ORGANISATION
    passport_number(number)
    return PAPER
