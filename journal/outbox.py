"""Work for later, recorded in the transaction of its cause and done at least once by an idempotent handler.

An app registers a handler for a topic at start-up. After the commit a worker is called through the broker; when
that message is lost, the periodic dispatch finds the row all the same.
"""

import json
import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from core.time_budget import TimeBudget
from core.together import Statement, execute_together
from core.valkey import Away, attempt, valkey_client
from journal.models import OutboxMessage
from vietnam.scrubbing import scrub, scrub_error

log = logging.getLogger(__name__)

# A payload goes through the broker and stands in tables and tools that everybody who runs the portal reads: it refers
# to rows, by key, code or moment, and says nothing of a person.
_REFERENCE = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}
ATTEMPTS = 12
BATCH = 200
CALLED, CALL_SECONDS = "outbox-called", 10
_RECORD = """
    INSERT INTO journal_outboxmessage (topic, payload, key, created_at, available_at, attempts, last_error)
    VALUES (%s, %s, %s, %s, %s, 0, '') ON CONFLICT (key) DO NOTHING
"""
_INSERT_AND_RECORD = """
    WITH made AS (%s), recorded AS (
        INSERT INTO journal_outboxmessage (topic, payload, key, created_at, available_at, attempts, last_error)
        SELECT %%s::text, jsonb_build_object(%%s::text, id), %%s::text || ':' || id, %%s, %%s, 0, '' FROM made
        ON CONFLICT (key) DO NOTHING)
    SELECT id FROM made
"""


def handler(topic: str) -> Callable[[Handler], Handler]:
    """Register the function that does the work of `topic`. It may be called more than once with one payload."""

    def register(function: Handler) -> Handler:
        if topic in _handlers and _handlers[topic].__qualname__ != function.__qualname__:
            raise ValueError(f"topic {topic} has a handler already")
        _handlers[topic] = function
        return function

    return register


def record_message(
    topic: str, payload: dict[str, Any], *, key: str | None = None, available_at: datetime | None = None
) -> None:
    """Record work within the present transaction. A `key` recorded before makes this call change nothing.

    Errors: ValueError when the payload holds anything but references to rows.
    """
    _expect_references(payload)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [topic, json.dumps(payload), key, now, available_at or now])
    transaction.on_commit(call_worker)


def insert_with_message(insert: Statement, topic: str, *, name: str, after: Sequence[Statement] = ()) -> int:
    """Insert a row and record the work about it, in one statement; returns the row's key. What is to be done before
    (`after`) goes along in the same message to the database.

    `insert` is an INSERT that returns its ``id``; the payload is {`name`: id}, the message's key ``topic:id``.
    """
    now = timezone.now()
    record = Statement(_INSERT_AND_RECORD % insert.sql, [*insert.values, topic, name, topic, now, now])
    *_before, answer = execute_together(*after, record)
    transaction.on_commit(call_worker)
    return int(answer.rows[0][0])


def record_many(topic: str, payloads: Sequence[dict[str, Any]], *, available_at: Sequence[datetime]) -> None:
    """Record many pieces of work in one statement, each for its own moment. Errors: as `record_message`."""
    if not payloads:
        return
    for payload in payloads:
        _expect_references(payload)
    OutboxMessage.objects.bulk_create(
        OutboxMessage(topic=topic, payload=payload, available_at=moment)
        for payload, moment in zip(payloads, available_at, strict=True)
    )
    transaction.on_commit(call_worker)


def _expect_references(value: Any) -> None:
    """Errors: ValueError, which names no value."""
    if isinstance(value, dict):
        for inner in value.values():
            _expect_references(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _expect_references(inner)
    elif isinstance(value, str) and (not _REFERENCE.fullmatch(value) or scrub(value) != value or _is_address(value)):
        raise ValueError("work for later refers to rows by key; what is said of a person stays in them")


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def call_worker() -> None:
    """Call a worker, unless a call that no worker has answered yet is waiting: that one finds this row too.

    Without a broker the row waits for the periodic dispatch.
    """
    with suppress(Away), attempt():
        if valkey_client().set(CALLED, 1, nx=True, ex=CALL_SECONDS):
            dispatch_outbox.apply_async(retry=False)


def call_answered() -> None:
    """A worker is about to look: rows committed from now on need a call of their own."""
    with suppress(Away), attempt():
        valkey_client().delete(CALLED)


def dispatch_messages(*, at: datetime, limit: int = BATCH, budget: TimeBudget | None = None) -> int:
    """Do the work that is due at `at`; returns how many messages were handled. Safe to run many times at once."""
    handled = 0
    while handled < limit and not (budget and budget.is_spent) and _dispatch_one(at):
        handled += 1
    return handled


def _dispatch_one(at: datetime) -> bool:
    with transaction.atomic():
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True)
            .filter(done_at__isnull=True, parked_at__isnull=True, available_at__lte=at)
            .order_by("available_at", "id")
            .first()
        )
        if message is None:
            return False
        message.attempts += 1
        try:
            with transaction.atomic():
                _handlers[message.topic](message.payload)
            message.done_at = at
        except Exception as error:  # one bad message never stops the others; it waits, then is parked for a person
            log.exception("outbox message failed", extra={"topic": message.topic, "message_id": message.pk})
            message.last_error = f"{type(error).__name__}: {scrub_error(str(error))}"[:2000]
            if message.attempts >= ATTEMPTS:
                message.parked_at = at
            else:
                message.available_at = at + timedelta(seconds=min(5 * 2**message.attempts, 3600))
        message.save()
        return True


@shared_task(name="journal.tasks.dispatch_outbox")
def dispatch_outbox() -> int:
    call_answered()
    budget = TimeBudget()
    handled = dispatch_messages(at=timezone.now(), budget=budget)
    if handled == BATCH or budget.is_spent:  # others first, then the rest
        call_worker()
    return handled
