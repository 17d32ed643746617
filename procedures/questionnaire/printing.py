"""The paper renderer: a form, filled or empty, as an applicant hands it in. A working aid without number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from papers import aids, blocks, heading
from procedures.questionnaire import words
from procedures.questionnaire.conditions import settle_conditions
from procedures.questionnaire.layout import Layout, Question
from procedures.questionnaire.schema import is_required
from procedures.questionnaire.values import answer_line, answer_text

WIDTH = 174  # mm between the margins of a working aid
EMPTY_ROWS = 4
NARROW = "\u00a0"  # a space that does not break


def render_form(
    layout: Layout,
    values: Mapping[str, Any] | None,
    *,
    communes: Mapping[str, str],
    at: datetime,
    addressed_to: str = "",
    applicant: str = "",
    case: str = "",
) -> bytes:
    """PDF/A bytes; without `values` every question stands there with dots. `at` is local time. In Vietnamese."""
    with translation.override("vi"):
        page: list[Flowable] = [*heading.country_head(), Spacer(0, 4 * mm), heading.title(layout.title)]
        if addressed_to:
            page.append(blocks.paragraph(f"Kính gửi: {addressed_to}", align="center"))
        page += _sections(layout, values, communes, at, case)
        day = blocks.written_date(at) if values is not None else "ngày …… tháng …… năm ………"
        page += [
            Spacer(0, 4 * mm),
            blocks.paragraph(f"……………, {day}", align="right", italic=True),
            blocks.signatures(("Người khai", applicant)),
        ]
        return aids.render_aid([page], size="A4", title=layout.title, author=applicant or layout.title, at=at)


def _sections(
    layout: Layout, values: Mapping[str, Any] | None, communes: Mapping[str, str], at: datetime, case: str
) -> list[Flowable]:
    page: list[Flowable] = []
    asked: Collection[str] = layout.by_id()
    if values is not None:
        asked = settle_conditions(layout, values, today=timezone.localdate(at), case=case)[1]
    for section in layout.sections:
        questions = [question for question in section.questions if question.id in asked]
        if not questions:
            continue
        page.append(blocks.paragraph(section.title, bold=True, align="left"))
        if section.note:
            page.append(blocks.paragraph(section.note, italic=True, size=11))
        for question in questions:
            page += _question(question, None if values is None else values.get(question.id), communes, values is None)
    return page


def _question(question: Question, value: Any, communes: Mapping[str, str], empty: bool) -> list[Flowable]:
    label = question.label.rstrip("?:. ")
    if question.kind == "note":
        return [blocks.paragraph(question.label, italic=True, size=12)]
    if question.kind == "file":
        return [blocks.paragraph(f"Kèm theo: {label}", italic=True, size=12)]
    if question.kind == "rows":
        return _table(question, value, communes, label, empty)
    if question.kind == "declaration":
        return [blocks.paragraph(f"{_box(bool(value))}{label}.")]
    if empty and (question.options or question.kind == "yes_no"):
        labels = [option.label for option in question.options] or [words.yes_no(True), words.yes_no(False)]
        choices = "   ".join(f"{_box(False)}{name}" for name in labels)
        return [blocks.paragraph(f"{label}: {choices}", align="left")]
    if empty and question.asked_parts():
        named = "; ".join(f"{words.part_name(question.kind, part)}: ………………" for part in question.asked_parts())
        return [blocks.paragraph(f"{label}. {named}", align="left")]
    text = answer_text(question, value, communes)
    if not (text or empty or is_required(question)):
        return []
    return [blocks.field(label, text)]


def _box(ticked: bool) -> str:
    """A box to tick that stays on one line with the first word behind it."""
    return f"[{'x' if ticked else NARROW}]{NARROW}"


def _table(question: Question, value: Any, communes: Mapping[str, str], label: str, empty: bool) -> list[Flowable]:
    line = answer_line(question, value or [], communes)
    rows: list[tuple[str, ...]] = list(line.rows)
    if empty:
        rows = [tuple("" for _column in question.columns)] * EMPTY_ROWS
    if not rows:
        return []
    width = (WIDTH - 12) / len(question.columns)
    return [
        blocks.paragraph(f"{label}:", align="left"),
        blocks.table(
            ["TT", *(column.label for column in question.columns)],
            [[n, *row] for n, row in enumerate(rows, 1)],
            [12, *([width] * len(question.columns))],
            size=11,
        ),
    ]
