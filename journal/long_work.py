"""Work that outlives its request, done bit by bit: begun by the outbox, carried on by workers until it is finished.

The first message is recorded in the transaction of the cause. Its handler calls a worker and records a message for
later, which calls another one while the work is unfinished: a worker that was killed in the midst is followed.
"""

from datetime import datetime, timedelta
from typing import Any

from celery import Task

from journal import outbox

RECHECK = timedelta(seconds=30)


def begin_work(topic: str, **payload: Any) -> None:
    """Ask for the work within the transaction of its cause."""
    outbox.record_message(topic, payload)


def enqueue(topic: str, task: Task, payload: dict[str, Any], *, at: datetime) -> None:
    """Let a worker carry on, and look again later. Two workers at one work must do no harm."""
    task.apply_async(kwargs=payload, retry=False)
    outbox.record_message(topic, payload, available_at=at + RECHECK)
