"""Answers as people read them: on the check page, on the dossier's page and on paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from procedures.questionnaire import words
from procedures.questionnaire.answers import PART_KINDS, written
from procedures.questionnaire.layout import SILENT, Layout, Question
from vietnam.money import format_money

_NAME = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z_]+))?\}")


@dataclass(frozen=True)
class Line:
    """One answer by its label: `text`, or a table of `heads` and `rows`."""

    label: str
    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Part:
    """A section with what was answered in it."""

    title: str
    lines: tuple[Line, ...]


def answers_text(layout: Layout, values: Mapping[str, Any], communes: Mapping[str, str]) -> list[Part]:
    """What was answered, section by section; `communes` are names by code."""
    parts = []
    for section in layout.sections:
        lines = [
            answer_line(question, values[question.id], communes)
            for question in section.questions
            if question.kind not in SILENT and question.id in values
        ]
        if lines:
            parts.append(Part(section.local_text(), tuple(lines)))
    return parts


def answer_line(question: Question, value: Any, communes: Mapping[str, str]) -> Line:
    label = question.local_text().rstrip("?:. ")
    if question.kind == "rows" and isinstance(value, list):
        return Line(
            label,
            heads=tuple(column.local_text() for column in question.columns),
            rows=tuple(
                tuple(answer_text(column, row.get(column.id), communes) for column in question.columns) for row in value
            ),
        )
    return Line(label, answer_text(question, value, communes))


def answer_text(question: Question, value: Any, communes: Mapping[str, str]) -> str:
    """One answer in words."""
    if value is None:
        return ""
    kind = question.kind
    if isinstance(value, Mapping):
        return _address(value, communes) if kind == "address" else _parts(question, value)
    if kind in ("choice", "several"):
        labels = {option.key: option.local_text() for option in question.options}
        return "; ".join(labels.get(key, str(key)) for key in (value if isinstance(value, list) else [value]))
    if isinstance(value, bool):
        return words.yes_no(value)
    if kind == "money" and isinstance(value, int):
        return format_money(value)
    return written(kind, value)


def _address(value: Mapping[str, Any], communes: Mapping[str, str]) -> str:
    commune = communes.get(str(value.get("commune")), value.get("commune")) or value.get("elsewhere")
    return ", ".join(str(part) for part in (value.get("detail"), commune) if part)


def _parts(question: Question, value: Mapping[str, Any]) -> str:
    found = []
    for part in question.asked_parts():
        if part not in value:
            continue
        answer = str(words.SEXES.get(value[part], value[part])) if part == "sex" else value[part]
        shown = written(PART_KINDS.get(part, "text"), answer)
        name = _paper_name(shown) if part == "personal_number" else words.part_name(question.kind, part)
        found.append(shown if part == "name" else f"{name[:1].lower()}{name[1:]} {shown}")
    return ", ".join(found)


def _paper_name(number: str) -> str:
    """What a person's number is called, by its form."""
    if not (number.isascii() and number.isdigit()):
        return _("Số hộ chiếu")
    return _("Số chứng minh nhân dân") if len(number) == 9 else _("Số định danh cá nhân")


def content_text(layout: Layout, values: Mapping[str, Any], communes: Mapping[str, str], longest: int = 500) -> str:
    """What is asked for in a line, by the layout's own sentence; empty when it has none."""
    questions = layout.by_id()

    def answer(match: re.Match[str]) -> str:
        question, value = questions.get(match[1]), values.get(match[1])
        if question is None or value is None:
            return ""
        if match[2] and isinstance(value, Mapping):
            return written(PART_KINDS.get(match[2], "text"), value.get(match[2], ""))
        return answer_text(question, value, communes)

    return " ".join(_NAME.sub(answer, layout.content).split())[:longest]
