"""Internal routes as dossiers keep them from their receipt on: each stored once, however many dossiers have it."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any, Self

import pgtrigger
from django.db import models

from journal.kept import Kept


class PlannedRoute(models.Model):
    """A frozen route (`procedures.routes`), known by its content and never changed: a dossier that goes on by another
    one refers to another row."""

    digest = models.UUIDField(primary_key=True, editable=False)  # of the steps: the first half of their SHA-256
    steps = models.JSONField()

    kept = Kept()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return " → ".join(step["key"] for step in self.steps)

    @classmethod
    def of_steps(cls, steps: list[dict[str, Any]]) -> Self:
        """The route of these steps, which may or may not be stored."""
        text = json.dumps(steps, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return cls(digest=uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16]), steps=steps)


def store_routes(routes: Iterable[PlannedRoute]) -> None:
    """Store those that no dossier has had before. In the order of their digests, so that two who store the same ones
    wait for each other and never both."""
    found = {route.digest: route for route in routes}
    PlannedRoute.objects.bulk_create([found[digest] for digest in sorted(found)], ignore_conflicts=True)
