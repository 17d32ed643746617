"""The append-only history of everything that is not a dossier's own event."""

from typing import Any, Protocol

import structlog

from journal.models import Entry

MOST_CHARACTERS_OF_REQUEST_ID = 64


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


def record_entry(verb: str, subject: str, *, by: Actor | str, origin: str = "", **changes: Any) -> Entry:
    """Write one line. `subject` is an opaque reference such as ``procedure:1.001193``; `changes` must be JSON.

    `by` is an actor, or the name of whoever is none (a program, a person who is not signed in).
    """
    if isinstance(by, str):
        actor, request_id = by, current_request_id()
    else:
        actor, origin, request_id = by.label, origin or by.origin, by.request_id
    return Entry.objects.create(
        verb=verb, subject=subject, actor=actor, origin=origin, request_id=request_id, changes=changes
    )
