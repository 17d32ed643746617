"""What an act asks for, as a form made from its row of the table."""

from typing import Any

from django import forms

from core.fields import DateField
from procedures.editions.lifecycle.table import Asked, Move


class AskForm(forms.Form):
    def __init__(self, move: Move, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for asked in move.asks:
            self.fields[asked.name] = _field(asked)


def _field(asked: Asked) -> forms.Field:
    facts: dict[str, Any] = {"label": asked.label, "help_text": asked.hint, "required": asked.required}
    if asked.kind == "date":
        return DateField(**facts)
    if asked.kind == "text":
        return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **facts)
    return forms.CharField(max_length=100, widget=forms.TextInput(attrs={"class": "govuk-input--width-20"}), **facts)
