"""The inputs of an action, asked once for many dossiers."""

from typing import Any

from core.fields import CarriedText
from dossiers.forms.action import ActionForm
from dossiers.lifecycle import ActionField, Transition
from dossiers.models import Dossier


class BulkForm(ActionForm):
    """Made for the first of the chosen dossiers, which stands for all: they are of one agency. `key` makes sending
    twice one run."""

    revision = None  # type: ignore[assignment]  # each dossier has its own, in its box
    key = CarriedText(max_length=40)

    def __init__(self, rule: Transition, dossier: Dossier, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(rule, dossier, *args, initial={"key": key}, **kwargs)

    def asked(self) -> list[ActionField]:
        """What may be the same for all; what belongs to one dossier is said on its own page."""
        shared = {field.name: field for field in self.rule.fields if not field.each}
        return [shared[field.name] for field in super().asked() if field.name in shared]
