"""What an account already knows, put where a question says so. Only a proposal: everybody may change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from accounts.models import Enterprise, Person
from core.countries import country_name
from procedures.questionnaire.addresses import understood
from procedures.questionnaire.layout import Layout, Question
from vietnam.documents import FOREIGN

OWNER, FILER = "owner", "filer"


@dataclass(frozen=True)
class Given:
    """What was given on the way to the form: it is not asked again of the filer. `commune` is a code."""

    phone: str = ""
    email: str = ""
    commune: str = ""
    address: str = ""


def proposed_answers(
    layout: Layout,
    *,
    owner: Person | Enterprise | None,
    filer: Person | None,
    given: Given = Given(),
    communes: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """Answers that the particulars of the owner and the filer give, by question; of the filer also what was `given`
    where the account knows nothing. An address that names one of the `communes` (names by code) is taken apart."""
    found = {}
    for _section, question in layout.questions():
        whose = {OWNER: owner, FILER: filer}.get(question.prefill)
        value = _particulars(question, whose) if whose is not None else None
        if not value and whose is not None and whose == filer:
            value = _of_given(question, given)
        if value and question.kind == "address":
            value = _taken_apart(question, value, communes)
        if value:
            found[question.id] = value
    return found


def _taken_apart(question: Question, value: dict[str, str], communes: Mapping[str, str]) -> dict[str, str]:
    """The commune is asked by itself: what an address says of it must not stand there twice, nor another beside it."""
    if not {"commune", "detail"} <= set(question.asked_parts()):
        return value
    known = understood(value.get("detail", ""), communes)
    return _parts(question, commune=known.commune, detail=known.detail) if known else value


def _of_given(question: Question, given: Given) -> Any:
    match question.kind:
        case "phone":
            return given.phone
        case "email":
            return given.email
        case "address":
            return _parts(question, commune=given.commune, detail=given.address)
    return None


def _particulars(question: Question, whose: Person | Enterprise) -> Any:
    match question.kind:
        case "phone":
            return whose.phone
        case "email":
            return whose.email
        case "address":
            return _parts(question, commune=whose.territory.code if whose.territory else "", detail=whose.address)
        case "text":
            return str(whose)
        case "enterprise" if isinstance(whose, Enterprise):
            return _parts(question, name=whose.name, tax_number=whose.tax_number or "")
        case "tax_number" if isinstance(whose, Enterprise):
            return whose.tax_number
        case "personal_number" if isinstance(whose, Person):
            return whose.personal_number
        case "paper_number" if isinstance(whose, Person):
            return whose.stated_number
        case "person" if isinstance(whose, Person):
            return _parts(
                question,
                name=whose.full_name,
                birth_date=whose.birth_date.isoformat() if whose.birth_date else "",
                sex=whose.sex,
                personal_number=whose.stated_number,
                nationality=_nationality(whose),
            )
    return None


def _nationality(person: Person) -> str:
    """As declarations have it: the country of a foreign paper, in Vietnamese."""
    document = person.identity
    return country_name(document.country, "vi") if document and document.kind in FOREIGN else ""


def _parts(question: Question, **known: str) -> dict[str, str]:
    return {part: known[part] for part in question.asked_parts() if known.get(part)}
