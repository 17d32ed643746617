"""Whom a counter serves, named in addresses by a reference that tells nobody who."""

from urllib.parse import urlencode

from django.core import signing
from django.urls import reverse

from accounts.models import Enterprise, Person

_SALT = "dossiers.desk.owner"  # of references in addresses that are open in browsers
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


def desk_address(owner: Person | Enterprise) -> str:
    """The counter's page with this owner chosen: where whoever put something right goes on."""
    return f"{reverse('desk')}?{urlencode({'owner': owner_reference(owner)})}"
