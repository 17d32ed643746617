"""Typed answers validated: what counts of them, and every mistake in a sentence at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.questionnaire import answers, schema, words
from procedures.questionnaire.comparisons import comparison_mistakes
from procedures.questionnaire.conditions import settle_conditions
from procedures.questionnaire.layout import Layout, Question
from procedures.questionnaire.schema import Context


@dataclass(frozen=True)
class ValidatedAnswers:
    """`values` are to be kept when there are no `mistakes`: (field on the page or "", sentence)."""

    values: dict[str, Any]
    mistakes: tuple[tuple[str, str], ...]
    asked: frozenset[str]


def validate_answers(
    layout: Layout, rules: Mapping[str, Any], typed: Mapping[str, str], around: Context, case: str = ""
) -> ValidatedAnswers:
    """Read, drop what conditions hide, compute, then ask the schema `rules`."""
    given, places = answers.read_answers(layout, typed)
    return _judged(layout, rules, given, places, around, case)


def revalidate_answers(
    layout: Layout, rules: Mapping[str, Any], values: Mapping[str, Any], around: Context, case: str = ""
) -> ValidatedAnswers:
    """Judge answers that were kept before, for example when another case was chosen since."""
    tables = [question.id for question in layout.by_id().values() if question.kind == "rows"]
    places = {id_: list(range(len(rows))) for id_ in tables if isinstance(rows := values.get(id_), list)}
    return _judged(layout, rules, values, places, around, case)


def _judged(
    layout: Layout,
    rules: Mapping[str, Any],
    given: Mapping[str, Any],
    places: Mapping[str, list[int]],
    around: Context,
    case: str,
) -> ValidatedAnswers:
    kept, asked = settle_conditions(layout, given, today=around.today, case=case)
    faults = sorted(schema.faults(rules, kept, around, case), key=lambda error: schema.error_rank(str(error.validator)))
    seen: dict[str, str] = {}
    for error in faults:
        seen.setdefault(*words.refusal(layout, error, places))
    for field, sentence in comparison_mistakes(layout, kept, tuple(seen), around.today):
        seen.setdefault(field, sentence)
    order = {question.id: (n, question) for n, (_section, question) in enumerate(layout.questions())}
    found = sorted(seen.items(), key=lambda mistake: _reading_order(mistake[0], order))
    return ValidatedAnswers(kept, tuple(found), asked)


def _reading_order(field: str, order: Mapping[str, tuple[int, Question]]) -> tuple[int, int, int]:
    """Where a field stands on the page: question, row, part or column."""
    id_, _dash, rest = field.partition("-")
    if id_ not in order:
        return (-1, 0, 0)
    at, question = order[id_]
    row, _dash, column = rest.partition("-") if question.kind == "rows" else ("0", "", rest)
    names = [each.id for each in question.columns] or list(question.asked_parts())
    return (at, int(row), names.index(column) if column in names else 0)
