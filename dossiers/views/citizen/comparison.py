"""Two versions of the same page side by side: what another tab saved, and what stands on this one."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _


def compared_answers(mine: forms.BaseForm, theirs: forms.BaseForm) -> list[dict[str, str]]:
    """The questions whose answers differ, each with both answers in words; empty when all are the same."""
    rows = []
    for name in dict.fromkeys((*theirs.fields, *mine.fields)):
        label = str((mine.fields.get(name) or theirs.fields[name]).label or "")
        here, there = _shown(mine, name), _shown(theirs, name)
        if here != there:
            rows.append({"label": label, "mine": here, "theirs": there})
    return rows


def _shown(form: forms.BaseForm, name: str) -> str:
    if name not in form.fields or form[name].is_hidden:
        return ""
    value: Any = form[name].value()
    values = value if isinstance(value, list) else [value]
    words = {str(key): str(word) for key, word in _choices(form.fields[name])}
    if isinstance(form.fields[name], forms.BooleanField):
        return _("Có") if value and value != "False" else _("Không")
    return ", ".join(words.get(str(each), str(each)) for each in values if each not in (None, ""))


def _choices(field: forms.Field) -> Iterator[tuple[Any, Any]]:
    """Those of groups too."""
    for key, words in getattr(field, "choices", []):
        if isinstance(words, (list, tuple)):
            yield from words
        else:
            yield key, words
