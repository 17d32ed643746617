"""Whether answers fit together: days in order, not past, another place than before. Rules are data of a question.

A rule that needs an answer which is not there, is hidden or is wrong itself says nothing. The same is done in the
browser (`frontend/js/answers/comparing.js`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from procedures.questionnaire import words
from procedures.questionnaire.layout import Comparison, Layout, Question
from vietnam.text import fold

TODAY = "today"
OF_DATES = ("after", "not_before", "before", "not_after", "within")
OPS = (*OF_DATES, "differs")
MOST_MONTHS = 1200
_LINE = re.compile(r"(?P<op>[a-z_]+)(?: +(?P<months>[0-9]{1,4}))? +(?P<to>[a-z][a-z0-9_]*(?:\.[a-z_]+)?)\Z")


def comparison_of(line: str) -> Comparison | None:
    """A rule as a controller writes it: ``after since``, ``not_before today``, ``within 24 since``, ``differs home``.

    None when it is not one.
    """
    match = _LINE.match(" ".join(line.split()))
    if match is None or match["op"] not in OPS or bool(match["months"]) != (match["op"] == "within"):
        return None
    return Comparison(match["op"], match["to"], int(match["months"] or 0))


def line_of(comparison: Comparison) -> str:
    months = f" {comparison.months}" if comparison.op == "within" else ""
    return f"{comparison.op}{months} {comparison.to}"


def comparison_mistakes(
    layout: Layout, kept: Mapping[str, Any], wrong: Collection[str], today: date
) -> Iterator[tuple[str, str]]:
    """(field, sentence) of each question whose answer does not fit; `wrong` are fields that are wrong by themselves.

    `kept` are the answers that count; dates as ISO 8601.
    """
    bad = {field.partition("-")[0] for field in wrong}
    questions = layout.by_id()
    for question in questions.values():
        if question.id not in kept or question.id in bad:
            continue
        for rule in question.compare:
            if rule.to.partition(".")[0] in bad:
                continue
            other = _other(rule, kept, today)
            if other is not None and not _fits(rule, kept[question.id], other):
                yield field_of(question), sentence_of(question, rule, questions)
                break


def field_of(question: Question) -> str:
    """The field of the page that is named with the mistake."""
    parts = list(question.asked_parts())
    return f"{question.id}-{parts[0]}" if parts else question.id


def _other(rule: Comparison, kept: Mapping[str, Any], today: date) -> Any:
    if rule.to == TODAY:
        return today.isoformat()
    name, _dot, part = rule.to.partition(".")
    value = kept.get(name)
    return value.get(part) if part and isinstance(value, Mapping) else None if part else value


def _fits(rule: Comparison, value: Any, other: Any) -> bool:
    if rule.op == "differs":
        return _place(value) != _place(other)
    if not (isinstance(value, str) and isinstance(other, str)):
        return True
    if rule.op == "within":
        other = months_later(other, rule.months)
    # Of two days one of which is only a year or a month, what both say is compared; alike, they fit.
    size = min(len(value), len(other))
    one, two, partial = value[:size], other[:size], len(value) != len(other)
    if one == two:
        return partial or rule.op in ("not_before", "not_after", "within")
    return one > two if rule.op in ("after", "not_before") else one < two


def months_later(day: str, months: int) -> str:
    """The same day so many months later, the last of the month where it has no such day; a partial date likewise."""
    if len(day) < 7:
        return str(int(day[:4]) + months // 12)
    year, month = divmod(int(day[:4]) * 12 + int(day[5:7]) - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return day
    begin = f"{year:04}-{month + 1:02}"
    return begin if len(day) < 10 else f"{begin}-{min(int(day[8:10]), monthrange(year, month + 1)[1]):02}"


def _place(value: Any) -> Any:
    """What makes two places or texts the same: the words in small letters, with one space between.

    An address is often typed without accents or commas, and is the same place; a name without them may be another.
    """
    if isinstance(value, Mapping):
        return {part: fold(str(text)) for part, text in value.items() if text}
    return " ".join(str(value).lower().split())


def sentence_of(question: Question, rule: Comparison, questions: Mapping[str, Question]) -> str:
    """What is said when the answer does not fit."""
    named = {"label": words.label_of(question), "months": rule.months, "other": _named(rule, questions)}
    if rule.to == TODAY:
        said = {
            "after": _("%(label)s: hãy chọn ngày sau hôm nay."),
            "not_before": _("%(label)s: hãy chọn ngày từ hôm nay trở đi."),
            "before": _("%(label)s: hãy chọn ngày trước hôm nay."),
            "not_after": _("%(label)s: hãy chọn ngày đến hôm nay là muộn nhất."),
            "within": _("%(label)s: hãy chọn ngày trong vòng %(months)s tháng kể từ hôm nay."),
        }
    else:
        said = {
            "after": _("%(label)s: hãy chọn ngày sau “%(other)s”."),
            "not_before": _("%(label)s: hãy chọn ngày bằng hoặc sau “%(other)s”."),
            "before": _("%(label)s: hãy chọn ngày trước “%(other)s”."),
            "not_after": _("%(label)s: hãy chọn ngày bằng hoặc trước “%(other)s”."),
            "within": _("%(label)s: hãy chọn ngày trong vòng %(months)s tháng kể từ “%(other)s”."),
            "differs": _("%(label)s: phải khác “%(other)s”."),
        }
    return said[rule.op] % named


def _named(rule: Comparison, questions: Mapping[str, Question]) -> str:
    name, _dot, part = rule.to.partition(".")
    if name not in questions:
        return ""
    return words.label_of_part(questions[name], part) if part else words.label_of(questions[name])
