"""Data that ends: what has done its work, and after how many days it goes.

History, papers, money and whatever a dossier may need never end here; `tests/test_pruning.py` holds every other table
against it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from accounts.models import OneTimeCode
from core.batches import delete_in_batches
from digitization import unused, uploads
from dossiers.filing.discarding import delete_discarded, drafts_to_delete
from dossiers.models import ENDED_STATES, Dossier
from exchange.models import MovingRow, WebhookMessage
from journal.models import IdempotencyKey, OutboxMessage, OutgoingCall

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Pruning:
    """One kind of data that ends. `days` names its setting; `ended` gives the rows whose work was over by a moment."""

    name: str
    days: str
    ended: Callable[[datetime], Rows]


def delivered_messages(before: datetime) -> Rows:
    """Parked messages stay: a person has to look at them."""
    return OutboxMessage.objects.filter(done_at__lt=before, parked_at__isnull=True)


def used_keys(before: datetime) -> Rows:
    """Keys of requests; those of a dossier that has not ended stay, so that a late repetition still finds it."""
    made = Cast(KT("result__dossier"), BigIntegerField())
    running = Dossier.objects.filter(pk=OuterRef("made")).exclude(state__in=ENDED_STATES)
    return IdempotencyKey.objects.filter(created_at__lt=before).annotate(made=made).filter(~Exists(running))


def ended_sessions(before: datetime) -> Rows:
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    return store.get_model_class().objects.filter(expire_date__lt=before)


def void_codes(before: datetime) -> Rows:
    return OneTimeCode.objects.filter(expires_at__lt=before)


def old_calls(before: datetime) -> Rows:
    return OutgoingCall.objects.filter(at__lt=before)


def arrived_webhooks(before: datetime) -> Rows:
    """Messages that arrived or were never to be sent; what still waits stays."""
    ended = (WebhookMessage.State.DELIVERED, WebhookMessage.State.WITHHELD)
    return WebhookMessage.objects.filter(state__in=ended, created_at__lt=before)


def rows_not_moved_in(before: datetime) -> Rows:
    """Rows of another system's file of which no dossier was made; those that were stay as the batch's report."""
    left = (MovingRow.State.WAITING, MovingRow.State.GOOD, MovingRow.State.WRONG)
    return MovingRow.objects.filter(state__in=left, batch__staged_at__lt=before)


PRUNINGS = (
    Pruning("delivered outbox messages", "PRUNE_OUTBOX_DAYS", delivered_messages),
    Pruning("idempotency keys", "PRUNE_KEYS_DAYS", used_keys),
    Pruning("ended sessions", "PRUNE_SESSIONS_DAYS", ended_sessions),
    Pruning("void one-time codes", "PRUNE_CODES_DAYS", void_codes),
    Pruning("records of outgoing calls", "PRUNE_CALLS_DAYS", old_calls),
    Pruning("webhooks that arrived", "PRUNE_WEBHOOKS_DAYS", arrived_webhooks),
    Pruning("rows that were not moved in", "PRUNE_MOVING_DAYS", rows_not_moved_in),
)


def prune(at: datetime, *, dry_run: bool = False) -> Iterator[tuple[str, int]]:
    """Ends what is due at `at`, and yields each kind with how many rows; with `dry_run` nothing is changed.

    Stopped at any moment, what was done is whole; done again, nothing more happens.
    """
    for pruning in PRUNINGS:
        days: int = getattr(settings, pruning.days)
        if days:
            rows = pruning.ended(at - timedelta(days=days))
            yield pruning.name, rows.count() if dry_run else delete_in_batches(rows)
    forgotten = at - timedelta(days=settings.DISCARDED_DRAFT_DAYS)
    yield "deleted drafts", drafts_to_delete(forgotten).count() if dry_run else delete_discarded(forgotten)
    yield "unused files", unused.unused_files(at).count() if dry_run else unused.take_back_unused_files(at)
    due = uploads.files_to_erase(at)
    yield "contents of files taken back", due.count() if dry_run else uploads.erase_discarded(at, limit=None)
