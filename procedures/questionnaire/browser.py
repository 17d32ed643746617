"""What the browser is told of a form: keyboards of its fields, and its rules with the sentence for each refusal.

The rules are those of the schema and of the conditions, as plain data that `frontend/js/answers` applies; it refuses
what the server refuses, in the same sentence. Forms are sent without the browser's own check (`novalidate`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from procedures.questionnaire import words
from procedures.questionnaire.comparisons import field_of, sentence_of
from procedures.questionnaire.conditions import answers_meant, conditions_of
from procedures.questionnaire.formulas import read_formula as read_formula
from procedures.questionnaire.layout import CASE, SILENT, Layout, Question
from procedures.questionnaire.schema import error_rank, most_rows
from vietnam.places import ABROAD, BIRTH_PLACES

ROW = "{row}"  # in a sentence about a table's cell: the number of its row
_KEYBOARD = {
    "number": {"inputmode": "decimal", "class": "govuk-input--width-10"},
    "money": {"inputmode": "numeric", "class": "govuk-input--width-10"},
    "date": {"inputmode": "numeric", "class": "govuk-input--width-10"},
    "birth_date": {"inputmode": "numeric", "class": "govuk-input--width-10"},
    "personal_number": {"inputmode": "numeric", "class": "govuk-input--width-20"},
    "paper_number": {"class": "govuk-input--width-20", "autocapitalize": "characters"},
    "tax_number": {"inputmode": "numeric", "class": "govuk-input--width-20"},
    "phone": {"inputmode": "tel", "class": "govuk-input--width-20"},
    "email": {"inputmode": "email"},
}
# Said of the value itself; what stands around them (`properties`, `items`) is walked below.
_OF_VALUES = ("type", "format", "minLength", "maxLength", "pattern", "enum", "minimum", "maximum")


def attributes(kind: str) -> dict[str, str]:
    """Attributes of the field of one answer."""
    return dict(_KEYBOARD.get(kind, {}))


def page_rules(layout: Layout, schema: Mapping[str, Any], today: date, case: str = "") -> str:
    """The rules of a form as JSON, in the reader's language; `schema` is the one that judges the answers."""
    rules = {
        "today": today.isoformat(),
        "case": case,
        "births": births(),
        "questions": list(_questions(layout, schema)),
    }
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def births() -> dict[str, Any]:
    """What may open a personal number: the codes one behind the other, and the first and last of abroad."""
    return {"codes": "".join(BIRTH_PLACES), "abroad": [ABROAD.start, ABROAD.stop - 1]}


def _questions(layout: Layout, schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    required = {*schema["required"], *(id_ for branch in schema.get("allOf", ()) for id_ in branch["then"]["required"])}
    questions = layout.by_id()
    for section, question in layout.questions():
        made: dict[str, Any] = {"id": question.id, "kind": question.kind}
        if conditions := conditions_of(section, question):
            made["when"] = [
                [c.field, c.op, c.value if c.field == CASE else answers_meant(c, questions)] for c in conditions
            ]
        if question.kind == "computed":
            formula = read_formula(question.formula)
            made["formula"] = [formula.function, *formula.names]
        elif question.kind not in SILENT:
            made |= _answer(question, schema["properties"][question.id], question.id in required)
        if question.compare:
            made["compare"] = [
                [
                    rule.op,
                    *rule.to.split(".", 1),
                    rule.months,
                    field_of(question),
                    sentence_of(question, rule, questions),
                ]
                if "." in rule.to
                else [rule.op, rule.to, "", rule.months, field_of(question), sentence_of(question, rule, questions)]
                for rule in question.compare
            ]
        yield made


def _answer(question: Question, rule: Mapping[str, Any], needed: bool) -> dict[str, Any]:
    made: dict[str, Any] = {}
    label = words.label_of(question)
    if needed:
        made["needed"] = words.sentence("required", None, question.kind, label, question)
    if question.kind == "rows":
        row = rule["items"]
        made["most"] = most_rows(question)
        made["columns"] = [
            _part(column.id, column.kind, words.label_of_cell(question, column, ROW), row, column)
            for column in question.columns
        ]
    elif parts := question.asked_parts():
        made["parts"] = [
            _part(part, words.kind_of_part(part, question), words.label_of_part(question, part), rule, question)
            for part in parts
        ]
        if "oneOf" in rule:
            names = [choice["required"][0] for choice in rule["oneOf"]]
            made["either"] = [names, words.sentence("oneOf", None, question.kind, label, question)]
    elif question.kind == "several":
        made["options"] = rule["items"]["enum"]
    else:
        made["checks"] = _checks(question.kind, rule, label, question)
    return made


def _part(id_: str, kind: str, label: str, whole: Mapping[str, Any], question: Question) -> dict[str, Any]:
    made: dict[str, Any] = {"id": id_, "kind": kind, "checks": _checks(kind, whole["properties"][id_], label, question)}
    if id_ in whole["required"]:
        made["needed"] = words.sentence("required", None, kind, label, question)
    return made


def _checks(kind: str, rule: Mapping[str, Any], label: str, question: Question) -> list[list[Any]]:
    """[keyword, its limit, the sentence] for all that may be wrong with a value, in the order they are said."""
    made = []
    for keyword in sorted(set(rule) & set(_OF_VALUES), key=error_rank):
        limit = rule[keyword]
        # An answer that is there is a text of at least one character, and a format says more than its pattern.
        if (keyword, limit) in (("type", "string"), ("minLength", 1)) or (keyword == "pattern" and "format" in rule):
            continue
        if (keyword, limit) == ("format", "past-date"):
            made.append(["format", "date", words.sentence("format", "date", kind, label, question)])
            keyword, limit = words.LATE, None
        if (keyword, limit) == ("format", "birth-date"):
            made.append(["format", "birth-date", words.sentence("format", "birth-date", kind, label, question)])
            keyword, limit = words.LATE, None
        made.append([keyword, limit, words.sentence(keyword, limit, kind, label, question)])
    return made
