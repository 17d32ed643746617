"""Typed answers judged: what counts of them, and every mistake in a sentence at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.questionnaire import answers, schema, words
from procedures.questionnaire.conditions import settle
from procedures.questionnaire.layout import Layout
from procedures.questionnaire.schema import Surroundings


@dataclass(frozen=True)
class Judged:
    """`values` are to be kept when there are no `mistakes`: (field on the page or "", sentence)."""

    values: dict[str, Any]
    mistakes: tuple[tuple[str, str], ...]
    asked: frozenset[str]


def judge(
    layout: Layout, rules: Mapping[str, Any], typed: Mapping[str, str], around: Surroundings, case: str = ""
) -> Judged:
    """Read, drop what conditions hide, compute, then ask the schema `rules`."""
    given, places = answers.read(layout, typed)
    return _judged(layout, rules, given, places, around, case)


def judge_again(
    layout: Layout, rules: Mapping[str, Any], values: Mapping[str, Any], around: Surroundings, case: str = ""
) -> Judged:
    """Judge answers that were kept before, for example when another case was chosen since."""
    tables = [question.id for question in layout.by_id().values() if question.kind == "rows"]
    places = {id_: list(range(len(rows))) for id_ in tables if isinstance(rows := values.get(id_), list)}
    return _judged(layout, rules, values, places, around, case)


def _judged(
    layout: Layout,
    rules: Mapping[str, Any],
    given: Mapping[str, Any],
    places: Mapping[str, list[int]],
    around: Surroundings,
    case: str,
) -> Judged:
    kept, asked = settle(layout, given, today=around.today, case=case)
    found = [words.refusal(layout, error, places) for error in schema.faults(rules, kept, around, case)]
    order = {question.id: n for n, (_section, question) in enumerate(layout.questions())}
    found.sort(key=lambda mistake: order.get(mistake[0].split("-", 1)[0], -1))
    seen: dict[str, str] = {}
    for field, sentence in found:
        seen.setdefault(field, sentence)
    return Judged(kept, tuple(seen.items()), asked)
