"""Enterprises by tax number, and who may act for them."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Enterprise, Person, Representation
from agencies.models import Territory
from core.word_search import having_words
from vietnam.identity import TaxNumber
from vietnam.phone import normalise_phone
from vietnam.text import fold

LIMIT = 20


def find_by_tax_number(number: str) -> Enterprise | None:
    """The enterprise with this tax number. Raises `vietnam.identity.InvalidNumber`."""
    return Enterprise.objects.select_related("territory").filter(tax_number=str(TaxNumber.parse(number))).first()


def find_or_create_enterprise(
    number: str,
    *,
    name: str,
    phone: str = "",
    email: str = "",
    address: str = "",
    territory: Territory | None = None,
) -> tuple[Enterprise, bool]:
    """The enterprise with this tax number, made when there is none; and whether it was made.

    Raises `vietnam.identity.InvalidNumber`, `vietnam.phone.InvalidPhone`.
    """
    tax_number, name, phone = str(TaxNumber.parse(number)), " ".join(name.split()), normalise_phone(phone)
    return Enterprise.objects.get_or_create(
        tax_number=tax_number,
        defaults={
            "name": name,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "territory": territory,
            "search_key": f"{fold(name)} {tax_number} {phone}".strip()[:400],
        },
    )


def search_enterprises(
    text: str, *, within: QuerySet[Enterprise] | None = None, limit: int = LIMIT
) -> list[Enterprise]:
    """Enterprises whose name, tax number or telephone has words beginning as typed, at most `limit`."""
    enterprises = Enterprise.objects.all() if within is None else within
    return list(having_words(enterprises, text).select_related("territory").order_by("search_key", "id")[:limit])


def representations(person: Person, *, on: date) -> QuerySet[Representation]:
    """The enterprises a person may act for on a day, each with its ground."""
    return (
        Representation.objects.filter(person=person, valid_from__lte=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        .select_related("enterprise")
        .order_by("enterprise__search_key", "id")
    )


def representation_of(person: Person, enterprise: Enterprise, *, on: date) -> Representation | None:
    """On what ground `person` may act for `enterprise` on a day; None when on none."""
    return representations(person, on=on).filter(enterprise=enterprise).first()
