"""Choosing among what has a name in both languages."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from agencies.models import Desk, Named


class NamedChoiceField(forms.ModelChoiceField):
    """Territories, agencies, desks or calendars, each by its name in the reader's language."""

    def label_from_instance(self, obj: Named) -> str:
        return obj.local_name


class _ByPlace(ModelChoiceIterator):
    """Desks in groups, one a commune; the province's first."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        desks = self.queryset.select_related("agency__territory", "territory")
        for place, group in groupby(desks, key=lambda desk: desk.territory.local_name):
            yield (place, [self.choice(desk) for desk in group])


class DeskChoiceField(NamedChoiceField):
    """A desk by commune, then desk: names alone all begin with the same words. The page shows two lists with scripts
    (frontend/js/two-steps.js), one with groups without."""

    iterator = _ByPlace

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.widget.attrs["data-two-steps"] = _("Xã, phường")

    def label_from_instance(self, obj: Named) -> str:
        return f"{obj.address} ({obj.local_name})" if isinstance(obj, Desk) and obj.address else obj.local_name
