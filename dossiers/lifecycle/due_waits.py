"""The ends of waiting: what the life-cycle table does by itself when nobody answered, paid or came."""

from collections import Counter
from datetime import datetime

from accounts.actors import automatic_actor
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier

BATCH = 200


def end_waits(*, at: datetime) -> dict[str, int]:
    """Execute the automatic action of every waiting that ended until `at`; returns counts by action.

    Each in its own transaction; whoever was quicker (the answer came meanwhile) wins, and doing it twice does nothing.
    A bounded stream: dossiers are read in batches by the end of their waiting.
    """
    done: Counter[str] = Counter()
    after: tuple[datetime, int] | None = None
    while batch := _ended(at, after):
        for dossier in batch:
            action = dossier.waits_for
            after = (dossier.wait_ends_at or at, dossier.pk)
            try:
                execute_transition(dossier, action, automatic_actor("waiting"), at=at, revision=dossier.revision)
            except Refused:
                continue  # it moved on between the reading and the lock
            done[action] += 1
    return dict(done)


def _ended(at: datetime, after: tuple[datetime, int] | None) -> list[Dossier]:
    ended = Dossier.objects.filter(wait_ends_at__lte=at).order_by("wait_ends_at", "pk")
    if after is not None:
        moment, pk = after
        ended = ended.filter(wait_ends_at__gte=moment).exclude(wait_ends_at=moment, pk__lte=pk)
    return list(ended[:BATCH])
