"""What a model promises about its rows: that they stay as they were written, and that they are sealed.

A model says so by an attribute, beside its fields:

- ``kept = Kept(...)``: no role but the owner of the database may change or delete what was written (`journal.roles`);
- ``sealed = Sealed(...)``: its rows are hashed, chained and anchored (`journal.sealing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True)
class Kept:
    """Rows are never deleted, and of their columns only `may_change` (names of fields) ever change.

    `may_go`: a row may be deleted where a trigger of its table lets it go.
    """

    may_change: tuple[str, ...] = ()
    may_go: bool = False


@dataclass(frozen=True)
class Sealed:
    """Rows form the stream `name`, in the order of their integer keys.

    `forms`: the fields that are hashed, by the number of the form; a new field gets a new form, and what was sealed by
    an older one is verified by that. `blinded` fields stand in what is published as a hash of their own, salted with
    the row's `salt`, so that a proof can be shown to anybody.
    """

    name: str
    forms: Mapping[int, tuple[str, ...]]
    blinded: frozenset[str] = field(default_factory=frozenset)
    salt: str = ""

    @property
    def newest(self) -> int:
        return max(self.forms)


def kept_models() -> Iterator[tuple[type[Model], Kept]]:
    """Every model that keeps its rows."""
    for model in apps.get_models():
        if isinstance(promise := getattr(model, "kept", None), Kept):
            yield model, promise


def sealed_models() -> dict[str, tuple[type[Model], Sealed]]:
    """Every stream by its name, in the order of names."""
    found = {}
    for model in apps.get_models():
        if isinstance(promise := getattr(model, "sealed", None), Sealed):
            found[promise.name] = (model, promise)
    return dict(sorted(found.items()))
