"""Which questions are shown, from the answers before them; answers to questions not shown are dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from procedures.questionnaire.formulas import compute_formula
from procedures.questionnaire.formulas import read_formula as read_formula
from procedures.questionnaire.layout import CASE, SILENT, Condition, Layout, Question, Section

YES, NO = "yes", "no"


def answers_meant(condition: Condition, questions: Mapping[str, Question]) -> Any:
    """The condition's value as the answer's own type."""
    asked = questions.get(condition.field)
    kind = asked.kind if asked else "text"
    if kind in ("yes_no", "declaration"):
        return condition.value == YES
    if kind in ("number", "money", "computed"):
        try:
            number = float(condition.value.replace(",", "."))
        except ValueError:
            return condition.value
        return int(number) if number.is_integer() else number
    return condition.value


def condition_holds(condition: Condition | None, values: Mapping[str, Any], questions: Mapping[str, Question]) -> bool:
    """Whether it holds for the answers so far."""
    if condition is None:
        return True
    if condition.field not in values:
        return False
    answer, value = values[condition.field], answers_meant(condition, questions)
    if condition.op == "contains":
        return isinstance(answer, list | str) and value in answer
    same = answer == value and isinstance(answer, bool) == isinstance(value, bool)
    return same if condition.op == "is" else not same


def conditions_of(section: Section, question: Question) -> tuple[Condition, ...]:
    """All that must hold for the question to be shown."""
    return tuple(condition for condition in (section.when, question.when) if condition)


def settle_conditions(
    layout: Layout, values: Mapping[str, Any], *, today: date, case: str = ""
) -> tuple[dict[str, Any], frozenset[str]]:
    """(the answers that count, the ids of the questions asked), in reading order.

    Answers to questions that are not asked are dropped and decide nothing; computed ones are computed anew.
    """
    questions, asked = layout.by_id(), set()
    kept: dict[str, Any] = {CASE: case} if case else {}
    for section, question in layout.questions():
        if not all(condition_holds(condition, kept, questions) for condition in conditions_of(section, question)):
            continue
        asked.add(question.id)
        if question.kind == "computed":
            value = compute_formula(read_formula(question.formula), kept, today)
        else:
            value = values.get(question.id)
        if value is not None and question.kind not in SILENT:
            kept[question.id] = value
    kept.pop(CASE, None)
    return kept, frozenset(asked)
