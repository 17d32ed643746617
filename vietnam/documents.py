"""Papers by which people are known that have no number of a Vietnamese register.

A foreigner shows a passport, somebody who has not changed the card one of nine digits (CMND, issued before 2016). A
number is unique for its kind and country only. Bodies: `vietnam.decisions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vietnam.identity import Fault, InvalidNumber, OldIdentityNumber, PersonalNumber, parse_identity
from vietnam.typed import plain_characters

VIETNAM = "VN"
_COUNTRY = re.compile(r"[A-Z]{2}")
_PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,20}")


class DocumentKind(StrEnum):
    PERSONAL_NUMBER = "personal_number"
    OLD_CARD = "old_card"
    PASSPORT = "passport"
    TRAVEL_DOCUMENT = "travel_document"  # instead of a passport: of refugees, stateless people, laissez-passer


FOREIGN = frozenset({DocumentKind.PASSPORT, DocumentKind.TRAVEL_DOCUMENT})


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """Which paper, of which country (ISO 3166, two letters), with which number."""

    kind: DocumentKind
    country: str
    number: str

    @classmethod
    def parse(cls, kind: str, number: str, country: str = "", today: date | None = None) -> IdentityDocument:
        """Raises `InvalidNumber`; without a country for a paper that any country issues, its reason is COUNTRY."""
        match kind:
            case DocumentKind.PERSONAL_NUMBER:
                return cls(DocumentKind.PERSONAL_NUMBER, VIETNAM, str(PersonalNumber.parse(number, today)))
            case DocumentKind.OLD_CARD:
                return cls(DocumentKind.OLD_CARD, VIETNAM, str(OldIdentityNumber.parse(number)))
        if not _COUNTRY.fullmatch(country):
            raise InvalidNumber(Fault.COUNTRY, number)
        return cls(DocumentKind(kind), country, passport_number(number))

    @classmethod
    def meant(cls, number: str, country: str = "", today: date | None = None) -> IdentityDocument:
        """What a number without a kind means: with a foreign country a passport, else a Vietnamese card by its length.

        Raises `InvalidNumber`.
        """
        if country and country != VIETNAM:
            return cls.parse(DocumentKind.PASSPORT, number, country)
        found = parse_identity(number, today)
        old = isinstance(found, OldIdentityNumber)
        return cls(DocumentKind.OLD_CARD if old else DocumentKind.PERSONAL_NUMBER, VIETNAM, str(found))

    @property
    def key(self) -> str:
        """One text for the three: the personal number alone, "passport:KR:M12345678" for any other paper."""
        return self.number if self.is_personal else f"{self.kind}:{self.country}:{self.number}"

    @classmethod
    def of_key(cls, key: str) -> IdentityDocument:
        """The way back from `key`."""
        kind, _, rest = key.rpartition(":")[0].partition(":")
        if not kind:
            return cls(DocumentKind.PERSONAL_NUMBER, VIETNAM, key)
        return cls(DocumentKind(kind), rest, key.rpartition(":")[2])

    @property
    def is_personal(self) -> bool:
        return self.kind is DocumentKind.PERSONAL_NUMBER

    def __str__(self) -> str:
        return self.number


def passport_number(text: str) -> str:
    """ "m 1234-5678" → "M12345678". Raises `InvalidNumber`."""
    squeezed = re.sub(r"[\s.\-]", "", plain_characters(text)).upper()
    if not _PASSPORT.fullmatch(squeezed):
        raise InvalidNumber(Fault.LENGTH if not 5 <= len(squeezed) <= 20 else Fault.CHARACTERS, text)
    return squeezed


def identity_number(text: str) -> str:
    """Whichever number somebody is known by: twelve digits, nine of a card of old, or letters and digits of a passport.

    Raises `InvalidNumber`.
    """
    squeezed = re.sub(r"[\s.\-]", "", plain_characters(text))
    if squeezed.isascii() and squeezed.isdigit():
        return str(parse_identity(squeezed))
    return passport_number(text)
