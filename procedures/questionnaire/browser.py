"""What the browser is told of a question: attributes made from the same schema, and its condition.

The attributes never refuse what the server accepts; what a pattern refuses, the server refuses too. Forms are sent
without the browser's own check (`novalidate`): the sentences come from the server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from procedures.questionnaire.conditions import NO, YES
from procedures.questionnaire.layout import CASE, Condition, Layout

# People put spaces, dots and dashes between digits; the server takes them out before the schema looks.
_GAP = r"[\s.\-]*"
_DIGIT = rf"{_GAP}[0-9]"
_PATTERNS = {
    "personal_number": rf"(?:{_DIGIT}){{12}}{_GAP}",
    "tax_number": rf"(?:{_DIGIT}){{10}}(?:(?:{_DIGIT}){{2,3}})?{_GAP}",
    "phone": r"[\s.\-()]*\+?(?:[\s.\-()]*[0-9]){10,14}[\s.\-()]*",
}
_KEYBOARD = {
    "number": {"inputmode": "decimal", "class": "govuk-input--width-10"},
    "money": {"inputmode": "numeric", "class": "govuk-input--width-10"},
    "date": {"inputmode": "numeric", "class": "govuk-input--width-10", "placeholder": "dd/mm/yyyy"},
    "personal_number": {"inputmode": "numeric", "class": "govuk-input--width-20"},
    "tax_number": {"inputmode": "numeric", "class": "govuk-input--width-20"},
    "phone": {"inputmode": "tel", "class": "govuk-input--width-20"},
    "email": {"inputmode": "email"},
}


def attributes(kind: str, rule: Mapping[str, Any]) -> dict[str, str]:
    """Attributes of the field of one answer with this schema."""
    made: dict[str, str] = dict(_KEYBOARD.get(kind, {}))
    if kind in ("text", "long_text", "name") and "maxLength" in rule:
        made["maxlength"] = str(rule["maxLength"])
    if pattern := _PATTERNS.get(kind) or (rule.get("pattern", "") if kind == "text" else ""):
        made["pattern"] = pattern.removeprefix("^").removesuffix("$")
    return made


def shown_when(condition: Condition | None, layout: Layout) -> str:
    """For ``data-shown-when``: the condition with the names of the fields that carry the answer, as JSON."""
    if condition is None or condition.field == CASE:
        return ""  # the case does not change on this page: the server has decided
    asked = layout.by_id().get(condition.field)
    if asked is None or asked.kind == "computed":
        return ""
    name, value = condition.field, condition.value
    if asked.kind == "several":
        name = f"{condition.field}--{condition.value}"
    if asked.kind == "declaration":
        value = "on" if value == YES else NO
    return json.dumps({"name": name, "op": condition.op, "value": value}, ensure_ascii=False)
