"""What an action asks for, as a form made from its row of the table."""

from typing import Any

from django import forms

from core.fields import DateField
from procedures.editions.lifecycle.transitions import ActionField, Transition


class ActionForm(forms.Form):
    def __init__(self, transition: Transition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in transition.fields:
            self.fields[asked.name] = _field(asked)


def _field(asked: ActionField) -> forms.Field:
    common: dict[str, Any] = {"label": asked.label, "help_text": asked.hint, "required": asked.required}
    if asked.kind == "date":
        return DateField(**common)
    if asked.kind == "text":
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **common)
    return forms.CharField(max_length=100, widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}), **common)
