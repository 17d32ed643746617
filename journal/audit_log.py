"""The append-only history of everything that is not a dossier's own event."""

import json
from typing import Any, Protocol

import structlog
from django.db import connection
from django.utils import timezone

MOST_CHARACTERS_OF_REQUEST_ID = 64

# Of `journal.models.Entry`, without a model: hardly an act of anybody goes without one.
_ENTER = """
    INSERT INTO journal_entry (at, actor, origin, request_id, verb, subject, changes)
    VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


class Actor(Protocol):
    """Who acts, as far as the history keeps it (`accounts.actors.Actor`)."""

    @property
    def label(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def request_id(self) -> str: ...


def current_request_id() -> str:
    """The id under which the log speaks of the request (or task) that runs now; "" outside of any."""
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
    return request_id[:MOST_CHARACTERS_OF_REQUEST_ID]


def record_entry(verb: str, subject: str, *, by: Actor | str, origin: str = "", **changes: Any) -> None:
    """Write one line. `subject` is an opaque reference such as ``procedure:1.001193``; `changes` must be JSON.

    `by` is an actor, or the name of whoever is none (a program, a person who is not signed in).
    """
    if isinstance(by, str):
        actor, request_id = by, current_request_id()
    else:
        actor, origin, request_id = by.label, origin or by.origin, by.request_id
    with connection.cursor() as cursor:
        cursor.execute(
            _ENTER, [timezone.now(), actor, origin, request_id, verb, subject, json.dumps(changes, allow_nan=False)]
        )
