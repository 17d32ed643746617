"""Work that is tried until it is done: a row is lent to one worker at a time, and waits longer after each fault."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

LEASE = timedelta(minutes=5)  # a worker that ended in between leaves its row to another after this
_DOUBLINGS = 10

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def claim_row(waiting: QuerySet[Row], at: datetime) -> Row | None:
    """The row that has waited longest, with its attempt counted; no other worker gets it within the lease."""
    due = waiting.select_for_update(skip_locked=True).filter(available_at__lte=at)
    row = due.order_by("available_at", "id").first()
    if row is not None:
        row.attempts += 1
        row.available_at = at + LEASE
        row.save(update_fields=["attempts", "available_at"])
    return row


def wait_after(attempts: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many attempts: `first`, then twice as long each time, `longest` at most."""
    return min(first * 2 ** min(attempts - 1, _DOUBLINGS), longest)
