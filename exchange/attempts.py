"""Work with a neighbour that is tried until it is done: a row is lent to one worker at a time, and waits longer after
each fault. The one loop of every connector; webhooks, which go out many at once, have their own (`webhooks.delivery`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F, Model, QuerySet

from core.time_budget import TimeBudget
from journal.outgoing_calls import CallFailed, Resting

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)  # a worker that ended in between leaves its row to another after this
_DOUBLINGS = 10

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Waits:
    """How long a row waits after a fault: `first`, then twice as long each time, `longest` at most."""

    first: timedelta = timedelta(seconds=10)
    longest: timedelta = timedelta(minutes=30)

    def after(self, attempts: int) -> timedelta:
        return min(self.first * 2 ** min(attempts - 1, _DOUBLINGS), self.longest)


WAITS = Waits()


def attempt_due(
    waiting: QuerySet[Row],
    attempt: Callable[[Row], object],
    *,
    at: datetime,
    refusals: tuple[type[Exception], ...],
    settle_refusal: Callable[[Row, Exception], dict[str, Any]],
    budget: TimeBudget,
    limit: int,
    waits: Waits = WAITS,
) -> int:
    """Attempt the rows of `waiting` due at `at`, the one that has waited longest first; returns how many were done.

    Ends when no row is due, `limit` were tried, the budget is spent or the neighbour rests. A row whose attempt raises
    one of `refusals` (somebody said no) or fails is kept with what went wrong and tried again after `waits`, except for
    what `settle_refusal` writes into it instead. Rows have `available_at`, `attempts` and `last_error`.
    """
    done = 0
    for _n in range(limit):
        row = None if budget.is_spent else claim_row(waiting, at)
        if row is None:
            break
        tried = waiting.model._default_manager.filter(pk=row.pk)
        known = {"available_at": at + waits.after(row.attempts)}  # type: ignore[attr-defined]
        try:
            attempt(row)
        except Resting:  # nothing was sent: no attempt of this row
            tried.update(attempts=F("attempts") - 1, available_at=at)
            break
        except CallFailed as failure:
            tried.update(last_error=_fitting(row, failure), **known)
        except refusals as refusal:
            tried.update(last_error=_fitting(row, refusal), **known | settle_refusal(row, refusal))
        except Exception as error:  # one row that nobody foresaw never stops the others
            log.exception("an exchange failed", extra={"row": f"{row._meta.model_name}:{row.pk}"})
            tried.update(last_error=type(error).__name__, **known)
        else:
            done += 1
    return done


def no_settlement(_row: Model, _refusal: Exception) -> dict[str, Any]:
    """What is refused is tried again like what failed."""
    return {}


@transaction.atomic
def claim_row(waiting: QuerySet[Row], at: datetime) -> Row | None:
    """The row that has waited longest, with its attempt counted; no other worker gets it within the lease.

    An index of each kind of row ends in (available_at, id), so that it is read and not sought among all that wait.
    """
    due = waiting.select_for_update(skip_locked=True).filter(available_at__lte=at)
    row = due.order_by("available_at", "id").first()
    if row is not None:
        row.attempts += 1
        row.available_at = at + LEASE
        row.save(update_fields=["attempts", "available_at"])
    return row


def _fitting(row: Model, error: Exception) -> str:
    return str(error)[: row._meta.get_field("last_error").max_length]
