"""Many people and enterprises found by their numbers, or made, in a few statements: for what other systems bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts import enterprises, people
from accounts.models import Enterprise, Person
from vietnam.documents import IdentityDocument
from vietnam.identity import PersonalNumber
from vietnam.text import normalise_name


@dataclass(frozen=True)
class Stated:
    """What another system says of somebody; of a known person nothing of it is written."""

    name: str
    phone: str = ""
    email: str = ""
    address: str = ""


def find_or_create_people(stated: Mapping[IdentityDocument, Stated]) -> dict[IdentityDocument, Person]:
    """The person of each paper (personal numbers and cards of nine digits). Whether a known person's name fits is the
    caller's to judge (`people.differences`)."""
    found = known_people(stated)
    missing = [document for document in stated if document not in found]
    Person.objects.bulk_create((_person(document, stated[document]) for document in missing), ignore_conflicts=True)
    return found | known_people(missing) if missing else found


def known_people(documents: Iterable[IdentityDocument]) -> dict[IdentityDocument, Person]:
    """Those who are on record already."""
    wanted = list(documents)
    personal = Person.objects.filter(personal_number__in=[each.number for each in wanted if each.is_personal])
    cards = [each for each in wanted if not each.is_personal]
    rows = list(personal)
    if cards:
        rows += Person.objects.filter(
            document_kind=Person.Document.OLD_CARD, document_number__in=[each.number for each in cards]
        )
    by_key = {document.key: row for row in rows if (document := row.identity) is not None}
    # Somebody found by an old card may be known by a personal number by now.
    by_key |= {f"{row.document_kind}:{row.document_country}:{row.document_number}": row for row in rows}
    return {each: by_key[each.key] for each in wanted if each.key in by_key}


def _person(document: IdentityDocument, stated: Stated) -> Person:
    name = normalise_name(stated.name)[: people.LONGEST_NAME]
    return Person(
        **people.columns_of(document),
        full_name=name,
        sex=str(PersonalNumber(document.number).sex) if document.is_personal else "",
        phone=stated.phone,
        email=stated.email,
        address=stated.address,
        search_key=people.search_key(name, document.number, stated.phone),
    )


def find_or_create_enterprises(stated: Mapping[str, Stated]) -> dict[str, Enterprise]:
    """The enterprise of each tax number, as it is written by `vietnam.identity.TaxNumber`."""
    found = known_enterprises(stated)
    missing = [number for number in stated if number not in found]
    Enterprise.objects.bulk_create(
        (
            Enterprise(
                tax_number=number,
                name=(name := " ".join(stated[number].name.split()))[:250],
                phone=stated[number].phone,
                email=stated[number].email,
                address=stated[number].address,
                search_key=enterprises.search_key(name, number, stated[number].phone),
            )
            for number in missing
        ),
        ignore_conflicts=True,
    )
    return found | known_enterprises(missing) if missing else found


def known_enterprises(numbers: Iterable[str]) -> dict[str, Enterprise]:
    """Those that are on record already."""
    return {row.tax_number or "": row for row in Enterprise.objects.filter(tax_number__in=list(numbers))}
