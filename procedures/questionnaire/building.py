"""What the builder's page holds: sections and questions as somebody types them, in one list from top to bottom.

Nothing is stored here. A row is a section or a question; a question belongs to the section above it. An id is made from
the label when a question first gets one, and never changes afterwards.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from procedures.questionnaire.checking import COMPARED, MOST_QUESTIONS
from procedures.questionnaire.comparisons import comparison_of, line_of
from procedures.questionnaire.layout import (
    PARTS,
    Comparison,
    Condition,
    Layout,
    Option,
    Question,
    Section,
    write_layout,
)
from procedures.questionnaire.layout import question as read_question
from procedures.routes.editing import clean_steps
from vietnam.text import fold

Row = dict[str, Any]
MOST_ROWS = MOST_QUESTIONS + 30
_CONDITION = ("when_field", "when_op", "when_value")
_TEXTS = {
    "section": {"title": 300, "title_en": 300, "note": 1000, "note_en": 1000},
    "question": {
        "id": 40,
        "kind": 20,
        "label": 400,
        "label_en": 400,
        "hint": 500,
        "hint_en": 500,
        "options": 20000,
        "columns": 5000,
        "kept": 8000,
        "least": 20,
        "most": 20,
        "pattern": 100,
        "document": 80,
        "formula": 200,
        "prefill": 10,
        "compare": 1000,
        "counts": 10,
    },
}
_ASKED, _OPTIONAL, _LEFT_OUT = "asked", "optional", "out"
_COLUMN = re.compile(r"(?:([a-z][a-z0-9_]*)(\?)?\s*=\s*)?([a-z_]+)(?:\[(.*?)\])?\s*:\s*([^|]+)(?:\|(.*))?\Z")


def rows_of(layout: Layout) -> list[Row]:
    """A stored layout as rows of the page."""
    rows: list[Row] = []
    for section in layout.sections:
        rows.append(_section_row(section))
        rows += [_question_row(question) for question in section.questions]
    return rows


def _section_row(section: Section) -> Row:
    named = {name: getattr(section, name) for name in _TEXTS["section"]}
    return {"row": "section", **named, **_condition_row(section.when)}


def _question_row(question: Question) -> Row:
    named = {name: getattr(question, name) for name in ("id", "kind", "label", "label_en", "hint", "hint_en")}
    columns = [
        write_layout(Layout("", sections=(Section("", questions=(c,)),)))["sections"][0]["questions"][0]
        for c in question.columns
    ]
    return {
        "row": "question",
        **named,
        "required": question.required,
        "past": question.past,
        "whole_date": question.whole_date,
        "options": "\n".join(_option_line(option) for option in question.options),
        "columns": "\n".join(_column_line(column) for column in question.columns),
        "kept": json.dumps(columns, ensure_ascii=False) if columns else "",
        "parts": _part_choices(question.kind, question.asked_parts()),
        "compare": "\n".join(line_of(rule) for rule in question.compare),
        "least": "" if question.least is None else str(question.least),
        "most": "" if question.most is None else str(question.most),
        **{name: getattr(question, name) for name in ("pattern", "document", "formula", "prefill", "counts")},
        **_condition_row(question.when),
    }


def _condition_row(condition: Condition | None) -> Row:
    if condition is None:
        return {"when_field": "", "when_op": "is", "when_value": ""}
    return {"when_field": condition.field, "when_op": condition.op, "when_value": condition.value}


def _part_choices(kind: str, asked: Mapping[str, bool]) -> dict[str, str]:
    """Each part of the kind to whether it is asked, optional or left out."""
    names = [part.rstrip("?") for part in PARTS.get(kind, ())]
    return {n: (_ASKED if asked[n] else _OPTIONAL) if n in asked else _LEFT_OUT for n in names}


def _option_line(option: Option) -> str:
    return f"{option.key} = {option.label}" + (f" | {option.label_en}" if option.label_en else "")


def _column_line(column: Question) -> str:
    options = "; ".join(f"{o.key}={o.label}" + (f"/{o.label_en}" if o.label_en else "") for o in column.options)
    kind = f"{column.kind}[{options}]" if options else column.kind
    optional = "" if column.required else "?"
    return f"{column.id}{optional} = {kind}: {column.label}" + (f" | {column.label_en}" if column.label_en else "")


def posted(data: Mapping[str, str]) -> list[Row]:
    """The rows of a sent page: fields ``r0-row``, ``r0-label``, …"""
    count = data.get("rows", "")
    many = min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() and len(count) < 4 else 0
    return [_posted(data, f"r{n}-") for n in range(many)]


def _posted(data: Mapping[str, str], at: str) -> Row:
    kind = "section" if data.get(at + "row") == "section" else "question"
    row: Row = {"row": kind}
    row |= {name: clean_steps(data.get(at + name, ""), longest) for name, longest in _TEXTS[kind].items()}
    row |= {name: clean_steps(data.get(at + name, ""), 300) for name in _CONDITION}
    if kind == "question":
        row |= {"required": bool(data.get(at + "required")), "past": bool(data.get(at + "past"))}
        row["whole_date"] = bool(data.get(at + "whole_date"))
        names = [part.rstrip("?") for part in PARTS.get(row["kind"], ())]
        usual = _part_choices(row["kind"], Question("", row["kind"], "").asked_parts())
        row["parts"] = {name: data.get(f"{at}part-{name}", usual[name])[:10] for name in names}
    return row


def new_question() -> Row:
    return _question_row(Question("", "text", ""))


def new_section() -> Row:
    return _section_row(Section(""))


def pressed(rows: list[Row], button: str) -> None:
    """Do in place what a button says: ``add-2`` (a question behind the second row), ``section-2``, ``up-2``,
    ``down-2``, ``remove-2``."""
    name, _dash, number = button.partition("-")
    if not (number.isascii() and number.isdigit() and len(number) < 4):
        return
    here = int(number) - 1
    if name in ("add", "section") and len(rows) < MOST_ROWS:
        rows.insert(max(here + 1, 0), new_question() if name == "add" else new_section())
        return
    there = here + {"up": -1, "down": 1}.get(name, 0)
    if not 0 <= here < len(rows):
        return
    if there != here and 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
    elif name == "remove":
        del rows[here]


def finished(head: Layout, rows: list[Row]) -> tuple[Layout, list[tuple[str, str]]]:
    """The layout that the rows say, with the title and the like of `head`, and what could not be read."""
    _give_ids(rows)
    errors: list[tuple[str, str]] = []
    sections: list[Section] = []
    for n, row in enumerate(rows):
        if row["row"] == "section":
            named = {name: row[name] for name in _TEXTS["section"]}
            sections.append(Section(**named, when=_condition(row)))
            continue
        if not sections:
            sections.append(Section(_("Nội dung")))
        question = _question(row, f"r{n}", errors)
        sections[-1] = replace(sections[-1], questions=(*sections[-1].questions, question))
    return replace(head, sections=tuple(sections)), errors


def _question(row: Row, at: str, errors: list[tuple[str, str]]) -> Question:
    kind = row["kind"]
    uses: dict[str, bool] = {
        "pattern": kind == "text",
        "document": kind == "file",
        "formula": kind == "computed",
        "prefill": True,
        "counts": kind in ("number", "computed"),
    }
    parts = tuple(
        name + ("?" if choice == _OPTIONAL else "") for name, choice in row["parts"].items() if choice != _LEFT_OUT
    )
    texts: dict[str, Any] = {name: row[name] if used else "" for name, used in uses.items()}
    return Question(
        id=row["id"] or f"cau_{at}",
        **{name: row[name] for name in ("kind", "label", "label_en", "hint", "hint_en", "required")},
        **texts,
        least=_whole(row, "least", at, errors),
        most=_whole(row, "most", at, errors),
        past=row["past"] and kind == "date",
        whole_date=row["whole_date"] and kind == "person",
        when=_condition(row),
        parts=() if parts == PARTS.get(kind, ()) else parts,
        options=_options(row["options"]) if kind in ("choice", "several") else (),
        columns=_columns(row, at, errors) if kind == "rows" else (),
        compare=_comparisons(row, at, errors) if kind in COMPARED else (),
    )


def _comparisons(row: Row, at: str, errors: list[tuple[str, str]]) -> tuple[Comparison, ...]:
    """One a line: ``after since``, ``not_before today``, ``within 24 since``, ``differs home``."""
    found = []
    for line in filter(str.strip, row["compare"].split("\n")):
        if rule := comparison_of(line):
            found.append(rule)
        else:
            sentence = _("Không đọc được quy tắc “%(line)s”. Viết như: after tu_ngay, not_before today, differs noi_cu")
            errors.append((f"{at}-compare", sentence % {"line": line.strip()[:80]}))
    return tuple(found)


def _condition(row: Row) -> Condition | None:
    return Condition(row["when_field"], row["when_value"], row["when_op"] or "is") if row["when_field"] else None


def _whole(row: Row, name: str, at: str, errors: list[tuple[str, str]]) -> int | None:
    text = row[name].replace(".", "").replace(" ", "")
    if not text:
        return None
    if re.fullmatch(r"-?[0-9]{1,15}", text, re.ASCII):
        return int(text)
    errors.append((f"{at}-{name}", _("%(label)s: giới hạn phải là số nguyên.") % {"label": row["label"] or row["id"]}))
    return None


def _options(text: str) -> tuple[Option, ...]:
    """One a line: ``key = Tên | English``; the key may be left out."""
    found: list[Option] = []
    for line in filter(str.strip, text.split("\n")):
        key, equals, names = line.partition("=")
        vietnamese, _bar, english = (names if equals else line).partition("|")
        vietnamese = vietnamese.strip()
        found.append(Option(_key(key if equals else vietnamese), vietnamese, english.strip()))
    return tuple(found)


def _columns(row: Row, at: str, errors: list[tuple[str, str]]) -> tuple[Question, ...]:
    """One a line: ``key = kind: Tên | English``, ``key? =`` for one that may stay empty."""
    former = _former(row["kept"])
    found = []
    for line in filter(str.strip, row["columns"].split("\n")):
        match = _COLUMN.match(line.strip())
        if match is None:
            sentence = _("Không đọc được cột “%(line)s”. Viết như: ten = text: Họ và tên | Full name")
            errors.append((f"{at}-columns", sentence % {"line": line.strip()[:80]}))
            continue
        id_, optional, kind, options, label, label_en = match.groups(default="")
        key = id_ or _key(label)
        before = former.get(key)
        kept = before if before and before.kind == kind else Question(key, kind, label)
        lines = [option.replace("/", "|") for option in options.split(";")] if options else []
        found.append(
            replace(
                kept,
                label=label.strip(),
                label_en=label_en.strip(),
                required=not optional,
                options=_options("\n".join(lines)),
            )
        )
    return tuple(found)


def _former(text: str) -> dict[str, Question]:
    """Columns as they were when the page was shown, whose finer rules a line does not say."""
    try:
        stored = json.loads(text) if text else []
        return {column.id: column for column in map(read_question, stored)}
    except (ValueError, TypeError, AttributeError):
        return {}


def _key(text: str) -> str:
    return "_".join(fold(text).split())[:40] or "x"


def _give_ids(rows: list[Row]) -> None:
    """Name each question after its label; one without a label waits for it."""
    taken = {row["id"] for row in rows if row["row"] == "question" and row["id"]}
    for row in rows:
        if row["row"] != "question" or row["id"] or not row["label"]:
            continue
        base = _key(row["label"])
        base = (base if base[0].isalpha() else f"q_{base}")[:36]
        fresh, n = base, 2
        while fresh in taken:
            fresh, n = f"{base}_{n}", n + 1
        row["id"] = fresh
        taken.add(fresh)
