"""The append-only history of everything that is not a dossier's own event."""

from typing import Any

from journal.models import Entry


def record_entry(
    verb: str, subject: str, *, actor: str, origin: str = "", request_id: str = "", **changes: Any
) -> Entry:
    """Write one line. `subject` is an opaque reference such as ``procedure:1.001193``; `changes` must be JSON."""
    return Entry.objects.create(
        verb=verb, subject=subject, actor=actor, origin=origin, request_id=request_id, changes=changes
    )
