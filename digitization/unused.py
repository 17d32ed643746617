"""Files that were sent for something and never used: after a while they are taken back.

A file waits under a reference of its own (an answer that is being written, an intake at a desk, a message, what a
connected system sends before the dossier) until an action makes it a paper of the dossier. The app that gives such
references says at start-up how long a file may wait there, and what still needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Q

from core import references
from digitization.models import StoredFile, StoredFileQuerySet


@dataclass(frozen=True)
class WaitingPlace:
    """What a reference's app answers about files that only wait there: for `period` (nothing: for ever), and longer
    while `needed` (about the file's row) is true."""

    period: Callable[[], timedelta]
    needed: Callable[[], Exists] | None = None


def unused_files(at: datetime) -> StoredFileQuerySet:
    """Files that have waited longer at `at` than their place allows, and that nothing needs any more."""
    waited = Q(pk__in=[])
    for prefix, place in references.answers_by_prefix(WaitingPlace).items():
        period = place.period()
        if period:
            rows = Q(owner__startswith=f"{prefix}:", uploaded_at__lte=at - period)
            waited |= rows & ~Q(place.needed()) if place.needed else rows
    return StoredFile.objects.present().filter(waited)


def take_back_unused_files(at: datetime) -> int:
    """Take unused files back; their content is deleted with that of other files taken back. Returns how many.

    One statement: a file that an action is using at this moment has another owner when its row is free, and stays.
    """
    return unused_files(at).update(removed_at=at)
