"""Whom the counter serves: found by a number or a card, and named in addresses by a reference that tells nobody who."""

from django.core import signing

from accounts import enterprises, people
from accounts.models import Enterprise, Person
from dossiers.forms.intake import read_card
from vietnam.typed import plain_characters

_SALT = "dossiers.desk.owner"
_KINDS: dict[str, type[Person] | type[Enterprise]] = {"p": Person, "e": Enterprise}


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


def owner_by_number(text: str) -> Person | Enterprise | None:
    """Whom a typed or scanned number names. Raises `vietnam.identity.InvalidNumber`."""
    number = read_card(text)["number"]
    return enterprises.find_by_tax_number(number) if looks_like_tax(number) else people.find_by_number(number)


def looks_like_tax(number: str) -> bool:
    digits = "".join(c for c in plain_characters(number) if c.isdigit())
    return len(digits) in (10, 13)
