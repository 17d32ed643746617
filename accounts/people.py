"""People: found and kept by their personal number, searched by name, number or telephone."""

from datetime import date

from django.db.models import QuerySet

from accounts.models import Person
from agencies.models import Territory
from core.word_search import having_words
from vietnam.identity import PersonalNumber, parse_identity
from vietnam.phone import normalise_phone
from vietnam.text import fold, normalise_name

LIMIT = 20


def find_by_number(number: str) -> Person | None:
    """The person with this number, typed or scanned in any spacing. Raises
    `vietnam.identity.InvalidNumber`."""
    return Person.objects.select_related("territory").filter(personal_number=str(parse_identity(number))).first()


def find_or_create_person(
    number: str,
    *,
    full_name: str,
    birth_date: date | None = None,
    sex: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    territory: Territory | None = None,
    today: date | None = None,
) -> tuple[Person, bool]:
    """The person with this number, made from the other facts when there is none; and whether it was made.

    Facts of a known person are never changed here (`change_details` does). Two callers at once get one
    person. A twelve-digit number tells the sex when `sex` is empty. Raises `vietnam.identity.InvalidNumber`,
    `vietnam.phone.InvalidPhone`.
    """
    identity = parse_identity(number, today)
    name, phone = normalise_name(full_name), normalise_phone(phone)
    if not sex and isinstance(identity, PersonalNumber):
        sex = str(identity.sex)
    person, created = Person.objects.get_or_create(
        personal_number=str(identity),
        defaults={
            "full_name": name,
            "birth_date": birth_date,
            "sex": sex,
            "phone": phone,
            "email": email.strip(),
            "address": address.strip(),
            "territory": territory,
            "search_key": search_key(name, str(identity), phone),
        },
    )
    return person, created


def change_details(person: Person, **facts: object) -> Person:
    """Write the given fields of a person and keep the search key true."""
    for field, value in facts.items():
        setattr(person, field, value)
    person.search_key = search_key(person.full_name, person.personal_number or "", person.phone)
    person.save(update_fields=[*facts, "search_key"])
    return person


def search_key(full_name: str, number: str, phone: str) -> str:
    return " ".join(filter(None, (fold(full_name), number, phone)))[:300]


def search_people(text: str, *, within: QuerySet[Person] | None = None, limit: int = LIMIT) -> list[Person]:
    """People whose name, number or telephone has words beginning as typed, at most `limit`, by name."""
    people = Person.objects.all() if within is None else within
    return list(having_words(people, text).select_related("territory").order_by("search_key", "id")[:limit])
