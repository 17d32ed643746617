"""The JSON Schema (draft 2020-12) of a layout. It alone says which answers are accepted.

Values are normalised before (`procedures.questionnaire.answers`): dates are ISO, amounts whole đồng, numbers without
spaces. What conditions hide may not be there; what they show is required as it says.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError as SchemaError

from procedures.questionnaire.conditions import answers_meant, conditions_of
from procedures.questionnaire.layout import CASE, SILENT, Condition, Layout, Question
from vietnam.dates import first_day_of, is_partial_date
from vietnam.documents import identity_number
from vietnam.identity import InvalidNumber, PersonalNumber, TaxNumber
from vietnam.phone import InvalidPhone, normalise_phone

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHORT, LONG, NAME = 300, 3000, 150  # characters
MOST_MONEY = 10**15
MOST_ROWS = 50
_ERROR_ORDER = ("required", "type", "format", "minLength", "maxLength", "pattern", "enum", "minimum", "maximum")

_DATE = {"type": "string", "format": "date"}
_PAST_DATE = {"type": "string", "format": "past-date"}
# ISO 8601 at the precision that is known: "1938", "1938-05", "1938-05-22".
_BIRTH_DATE = {"type": "string", "format": "birth-date", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
_PERSONAL = {"type": "string", "format": "personal-number", "pattern": "^[0-9]{12}$"}
# Of a person: the same, the nine digits of a card of old, or the number of a passport.
_PAPER = {
    "type": "string",
    "format": "paper-number",
    "pattern": "^[0-9]{12}$|^[0-9]{9}$|^(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{5,20}$",
}
_TAX = {"type": "string", "format": "tax-number", "pattern": "^[0-9]{10}(-[0-9]{3})?$|^[0-9]{12}$"}
_PHONE = {"type": "string", "format": "phone", "pattern": "^(0[1-9][0-9]{8}|02[0-9]{9})$"}
_EMAIL = {"type": "string", "format": "email", "maxLength": 254}


def _text(longest: int, pattern: str = "") -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, **({"pattern": pattern} if pattern else {})}


_PARTS: dict[str, dict[str, Any]] = {
    "name": _text(NAME),
    "birth_date": _BIRTH_DATE,
    "sex": {"enum": ["male", "female"]},
    "personal_number": _PAPER,
    "nationality": _text(60),
    "tax_number": _TAX,
    "representative": _text(NAME),
    "commune": {"type": "string", "format": "commune", "pattern": "^[0-9]{5}$"},
    "elsewhere": _text(SHORT),
    "detail": _text(SHORT),
}


@dataclass(frozen=True)
class Context:
    """What formats need to know of the day and the place; `communes` are codes valid now (None: any)."""

    today: date
    communes: Collection[str] | None = None


def build_schema(layout: Layout) -> dict[str, Any]:
    """The schema of a layout that `checking` finds nothing wrong with."""
    questions = layout.by_id()
    properties: dict[str, Any] = {CASE: {"type": "string"}}
    always: list[str] = []
    branches: dict[tuple[Condition, ...], list[Question]] = {}
    for section, question in layout.questions():
        if question.kind in SILENT:
            continue
        properties[question.id] = of_question(question)
        if conditions := conditions_of(section, question):
            branches.setdefault(conditions, []).append(question)
        elif is_required(question):
            always.append(question.id)
    made: dict[str, Any] = {
        "$schema": DIALECT,
        "title": layout.title,
        "type": "object",
        "properties": properties,
        "required": always,
        "additionalProperties": False,
    }
    if branches:
        made["allOf"] = [_branch(conditions, asked, questions) for conditions, asked in branches.items()]
    return made


def is_required(question: Question) -> bool:
    return question.kind == "declaration" or (question.required and question.kind != "computed")


def of_question(question: Question) -> dict[str, Any]:
    """The schema of one answer."""
    kind = question.kind
    if kind in ("text", "long_text"):
        longest = SHORT if kind == "text" else LONG
        return _text(min(question.most or longest, longest), f"^(?:{question.pattern})$" if question.pattern else "")
    if kind in ("number", "money"):
        whole = kind == "money"
        least = 0 if whole and question.least is None else question.least
        most = MOST_MONEY if question.most is None else question.most
        limits = {"minimum": least} if least is not None else {}
        return {"type": "integer" if whole or question.counts else "number", **limits, "maximum": most}
    if kind == "date":
        return _PAST_DATE if question.past else _DATE
    if kind in ("choice", "several"):
        keys: dict[str, Any] = {"enum": [option.key for option in question.options]}
        return keys if kind == "choice" else {"type": "array", "items": keys, "minItems": 1, "uniqueItems": True}
    if kind == "rows":
        return {"type": "array", "items": _row(question), "minItems": 1, "maxItems": most_rows(question)}
    if question.asked_parts():
        return _composed(question)
    plain: dict[str, dict[str, Any]] = {
        "birth_date": _BIRTH_DATE,
        "personal_number": _PERSONAL,
        "paper_number": _PAPER,
        "tax_number": _TAX,
        "phone": _PHONE,
        "email": _EMAIL,
        "yes_no": {"type": "boolean"},
        "declaration": {"const": True},
        "computed": {"type": "number", "readOnly": True},
    }
    return plain[kind]


def most_rows(question: Question) -> int:
    return min(question.most or 10, MOST_ROWS)


def _row(question: Question) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {column.id: of_question(column) for column in question.columns},
        "required": [column.id for column in question.columns if column.required],
        "additionalProperties": False,
    }


def _composed(question: Question) -> dict[str, Any]:
    parts = question.asked_parts()
    made: dict[str, Any] = {
        "type": "object",
        "properties": {part: _part(question, part) for part in parts},
        "required": [part for part, needed in parts.items() if needed],
        "additionalProperties": False,
    }
    if question.kind == "address":
        made["oneOf"] = [{"required": ["commune"]}, {"required": ["elsewhere"]}]
    return made


def _part(question: Question, part: str) -> dict[str, Any]:
    return _PAST_DATE if part == "birth_date" and question.whole_date else _PARTS[part]


def _branch(
    conditions: tuple[Condition, ...], asked: list[Question], questions: Mapping[str, Question]
) -> dict[str, Any]:
    tests = [_test(condition, questions) for condition in conditions]
    return {
        "if": tests[0] if len(tests) == 1 else {"allOf": tests},
        "then": {"required": [question.id for question in asked if is_required(question)]},
        "else": {"properties": {question.id: False for question in asked}},
    }


def _test(condition: Condition, questions: Mapping[str, Question]) -> dict[str, Any]:
    value = answers_meant(condition, questions)
    if condition.op == "contains":
        inside = {"anyOf": [{"type": "array", "contains": {"const": value}}]}
        if isinstance(value, str):
            inside["anyOf"].append({"type": "string", "pattern": re.escape(value)})
        answer: dict[str, Any] = inside
    else:
        answer = {"const": value} if condition.op == "is" else {"not": {"const": value}}
    return {"properties": {condition.field: answer}, "required": [condition.field]}


def faults(schema: Mapping[str, Any], values: Mapping[str, Any], around: Context, case: str = "") -> list[SchemaError]:
    """What the schema refuses of these answers, the deepest errors one by one; empty when it accepts them."""
    validator = Draft202012Validator(schema, format_checker=_formats(around))
    given = {**values, CASE: case} if case else dict(values)
    return [leaf for error in validator.iter_errors(given) for leaf in _leaves(error)]


def error_rank(validator: str) -> int:
    """Of several faults of one answer the lowest is told: the database does not keep a schema's own order."""
    return _ERROR_ORDER.index(validator) if validator in _ERROR_ORDER else len(_ERROR_ORDER)


def _leaves(error: SchemaError) -> list[SchemaError]:
    """The errors behind a condition; a choice between alternatives is one error."""
    if error.validator in ("allOf", "if") and error.context:
        return [leaf for inner in error.context for leaf in _leaves(inner)]
    return [error]


def _formats(around: Context) -> FormatChecker:
    checker = FormatChecker(formats=())

    def check(name: str, accepts: Any, *, raises: Any = ()) -> None:
        checker.checks(name, raises=raises)(lambda value: not isinstance(value, str) or accepts(value))

    check("date", is_iso_date)
    check("past-date", lambda text: is_iso_date(text) and date.fromisoformat(text) <= around.today)
    check("birth-date", lambda text: is_partial_date(text) and first_day_of(text) <= around.today)
    check("personal-number", lambda text: str(PersonalNumber.parse(text)) == text, raises=InvalidNumber)
    check("paper-number", lambda text: identity_number(text) == text, raises=InvalidNumber)
    check("tax-number", lambda text: str(TaxNumber.parse(text)) == text, raises=InvalidNumber)
    check("phone", lambda text: normalise_phone(text) == text, raises=InvalidPhone)
    check("email", _is_email)
    check("commune", lambda text: around.communes is None or text in around.communes)
    return checker


def _is_email(text: str) -> bool:
    if text.endswith("]"):
        return False  # a server by its number: right by the standard, and a slip of the hand in a form
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def is_iso_date(text: Any) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False
