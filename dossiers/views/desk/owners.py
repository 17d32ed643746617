"""Whom the counter serves: found by a number or a card."""

import re

from accounts import enterprises, organisations, people
from accounts.models import Enterprise, Person
from dossiers.forms.intake import read_card
from vietnam.documents import passport_number
from vietnam.typed import plain_characters

# What may be typed or scanned to find somebody, and the form for whoever is not found by it.
PERSON, PAPER, ENTERPRISE, ORGANISATION = "person", "paper", "enterprise", "organisation"


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
