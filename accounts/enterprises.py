"""Enterprises by tax number, other bodies by their founding decision, and who may act for them."""

from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import Enterprise, Person, Representation
from agencies.models import Territory
from core.word_search import having_words
from vietnam.documents import VIETNAM, decision_number
from vietnam.identity import InvalidNumber, TaxNumber
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


def find_by_decision(number: str, country: str = VIETNAM) -> Enterprise | None:
    """The body founded by this decision or licence. Raises `vietnam.identity.InvalidNumber`."""
    found = Enterprise.objects.select_related("territory")
    return found.filter(decision_number=decision_number(number), decision_country=country).first()


def bodies_with_decision(number: str) -> list[Enterprise]:
    """Every body, of whatever country, with a decision of this number; none when it cannot be one."""
    try:
        wanted = decision_number(number)
    except InvalidNumber:
        return []
    return list(Enterprise.objects.select_related("territory").filter(decision_number=wanted).order_by("id")[:LIMIT])


def find_or_create_organisation(
    number: str, country: str = VIETNAM, *, name: str, phone: str = "", email: str = "", address: str = ""
) -> tuple[Enterprise, bool]:
    """A body without a tax number, by the decision or licence that founded it; and whether it was made.

    Raises `vietnam.identity.InvalidNumber`, `vietnam.phone.InvalidPhone`.
    """
    number, name, phone = decision_number(number), " ".join(name.split()), normalise_phone(phone)
    return Enterprise.objects.get_or_create(
        decision_number=number,
        decision_country=country,
        defaults={
            "name": name,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "search_key": f"{fold(name)} {fold(number)} {phone}".strip()[:400],
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
