"""What somebody typed on a form, read into answers and back.

Typed answers are flat: the text of each field by name, ``child-name`` for a part, ``members-0-name`` for a table's
cell, ``needs--loan`` for a ticked choice. Answers are nested plain data as the schema has them. What cannot be read as
its kind is kept as typed, so that the schema refuses it and the page shows it again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from procedures.questionnaire.conditions import NO, YES
from procedures.questionnaire.layout import SILENT, Layout, Question
from procedures.questionnaire.schema import most_rows
from vietnam.dates import InvalidDate, format_date, format_partial_date, parse_date, parse_partial_date
from vietnam.documents import identity_number
from vietnam.identity import InvalidNumber, PersonalNumber, TaxNumber
from vietnam.money import InvalidAmount, parse_money
from vietnam.numbers import format_number
from vietnam.phone import InvalidPhone, normalise_phone
from vietnam.text import normalise_name
from vietnam.typed import plain_characters

LONGEST_TYPED = 5000
LONGEST_NUMBER = 40  # digits and dots; more is no answer, and would overflow what computes with it
# Parts of a composed kind, by the simple kind that they are read and shown as.
PART_KINDS = {
    "name": "name",
    "representative": "name",
    "birth_date": "birth_date",
    "personal_number": "paper_number",
    "tax_number": "tax_number",
}
# Kinds that are pasted with what a person does not see, or typed with digits of another script.
IN_DIGITS = ("date", "birth_date", "money", "number", "personal_number", "paper_number", "tax_number", "phone")
DEFAULT_NATIONALITY = "Việt Nam"
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co"))
_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?\Z|-?[0-9]{1,15}(?:[.,][0-9]{1,6})?\Z")


def read_answers(layout: Layout, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    """(answers, for each table the row on the page of each row kept). Unanswered questions are left out."""
    values: dict[str, Any] = {}
    places: dict[str, list[int]] = {}
    for _section, question in layout.questions():
        if question.kind == "rows":
            value: Any = []
            places[question.id] = []
            for n in range(rows_typed(question, typed)):
                row = _row(question, typed, n)
                if row:
                    value.append(row)
                    places[question.id].append(n)
        else:
            value = _value(question, typed, question.id)
        if value not in (None, "", [], {}):
            values[question.id] = value
    return values, places


def rows_typed(question: Question, typed: Mapping[str, str]) -> int:
    """How many rows of a table the page had, at most what the table may have."""
    head = f"{question.id}-"
    numbers = [
        int(name[len(head) :].split("-", 1)[0])
        for name in typed
        if name.startswith(head) and re.match(r"[0-9]{1,2}-", name[len(head) :])
    ]
    return min(max(numbers, default=-1) + 1, most_rows(question))


def _row(question: Question, typed: Mapping[str, str], n: int) -> dict[str, Any]:
    cells = {column.id: _value(column, typed, f"{question.id}-{n}-{column.id}") for column in question.columns}
    return {name: value for name, value in cells.items() if value not in (None, "")}


def _value(question: Question, typed: Mapping[str, str], name: str) -> Any:
    kind = question.kind
    if kind in (*SILENT, "computed"):
        return None
    if kind == "several":
        return [option.key for option in question.options if typed.get(f"{name}--{option.key}")]
    if kind == "declaration":
        return True if typed.get(name) else None
    if parts := question.asked_parts():
        given = {part: simple(PART_KINDS.get(part, "text"), typed.get(f"{name}-{part}", "")) for part in parts}
        kept = {part: value for part, value in given.items() if value}
        if kind == "address" and kept.get("commune"):
            kept.pop("elsewhere", None)  # one of our communes was chosen
        # A nationality that stood there from the start does not make an answer.
        return kept if set(kept) - {"nationality"} else None
    return simple(kind, typed.get(name, ""))


def simple(kind: str, text: str) -> Any:
    """One typed text as an answer of its kind; None when empty, the text itself when it cannot be read."""
    tidy = _tidy(plain_characters(text) if kind in IN_DIGITS else text, keep_lines=kind == "long_text")
    if not tidy:
        return None
    try:
        match kind:
            case "name":
                return normalise_name(tidy)
            case "date":
                return parse_date(tidy).isoformat()
            case "birth_date":
                return parse_partial_date(tidy)
            case "money":
                return parse_money(tidy)
            case "number":
                return _number(tidy)
            case "personal_number":
                return str(PersonalNumber.parse(tidy))
            case "paper_number":
                return identity_number(tidy)
            case "tax_number":
                return str(TaxNumber.parse(tidy))
            case "phone":
                return normalise_phone(tidy)
            case "yes_no":
                return {YES: True, NO: False}.get(tidy, tidy)
    except (InvalidDate, InvalidAmount, InvalidNumber, InvalidPhone):
        return tidy
    return tidy


def _number(text: str) -> int | float | str:
    if len(text) > LONGEST_NUMBER or not _DECIMAL.match(text):
        return text
    plain = text.replace(".", "").replace(",", ".") if "," in text or text.count(".") > 1 else text
    if re.fullmatch(r"-?[0-9]{1,3}\.[0-9]{3}", plain) and "," not in text:
        plain = plain.replace(".", "")  # 1.500 is one thousand five hundred
    number = float(plain)
    return int(number) if number.is_integer() else number


def _tidy(text: str, *, keep_lines: bool) -> str:
    """Composed letters without control characters; spaces single, lines kept only where asked.

    Characters that this Unicode version does not know yet are kept: the browser may know them already.
    """
    whole = unicodedata.normalize("NFC", str(text))[:LONGEST_TYPED].replace("\r\n", "\n")
    kept = "".join(" " if c != "\n" and unicodedata.category(c) in _UNSEEN else c for c in whole)
    if keep_lines:
        return "\n".join(" ".join(line.split()) for line in kept.split("\n")).strip()
    return " ".join(kept.split())


def typed(layout: Layout, values: Mapping[str, Any]) -> dict[str, str]:
    """Answers as the page shows them: the way back of `read`."""
    flat: dict[str, str] = {}
    for _section, question in layout.questions():
        value = values.get(question.id)
        if value is None:
            continue
        if question.kind == "rows":
            for n, row in enumerate(value):
                for column in question.columns:
                    if column.id in row:
                        flat[f"{question.id}-{n}-{column.id}"] = written(column.kind, row[column.id])
        elif question.kind == "several":
            flat |= {f"{question.id}--{key}": key for key in value}
        elif isinstance(value, Mapping):
            kinds = {part: PART_KINDS.get(part, "text") for part in value}
            flat |= {f"{question.id}-{part}": written(kinds[part], text) for part, text in value.items()}
        else:
            flat[question.id] = written(question.kind, value)
    return flat


def written(kind: str, value: Any) -> str:
    """One answer as people write it in a field."""
    if isinstance(value, bool):
        return YES if value else NO
    if kind == "date" and isinstance(value, str):
        try:
            return format_date(parse_date(value))
        except InvalidDate:
            return value
    if kind == "birth_date" and isinstance(value, str):
        return format_partial_date(value)
    if kind == "money" and isinstance(value, int):
        return format_number(value)
    if kind == "computed" and isinstance(value, int | float):
        return format_number(value)
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)
