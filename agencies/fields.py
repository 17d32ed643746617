"""Choosing among what has a name in both languages."""

from django import forms

from agencies.models import Named


class NamedChoiceField(forms.ModelChoiceField):
    """Territories, agencies or desks, each by its name in the reader's language."""

    def label_from_instance(self, obj: Named) -> str:
        return obj.local_name
