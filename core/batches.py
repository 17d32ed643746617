"""Deleting many rows bit by bit, so that nobody waits for a table."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

BATCH = 5_000


def delete_in_batches(rows: "QuerySet[Any]") -> int:
    """Delete `rows`, each batch in a transaction of its own; rows that somebody holds stay. Returns how many went."""
    deleted = 0
    while True:
        with transaction.atomic():
            batch = list(rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
            deleted += rows.model._default_manager.filter(pk__in=batch).delete()[0]
        if len(batch) < BATCH:
            return deleted
