"""What waits for a second person follows its procedure to the next edition, where the same is still in doubt."""

from collections.abc import Sequence
from typing import Any

from procedures.editions.document import fact_at
from procedures.models import Doubt, Edition
from procedures.models.confirmations import ConfirmationItem

Outcome = ConfirmationItem.Outcome


def carry_pending(editions: Sequence[Edition], former: dict[int, Edition]) -> None:
    """Move waiting decisions to the like doubts of the new editions; those that have none are overtaken."""
    waiting = list(
        ConfirmationItem.objects.filter(
            outcome=Outcome.WAITING, doubt__edition__in=[edition.pk for edition in former.values()]
        ).select_related("doubt")
    )
    if not waiting:
        return
    now = {edition.procedure_id: edition for edition in editions}
    doubts = Doubt.objects.filter(edition__in=now.values(), decided_at__isnull=True)
    by_place = {(doubt.procedure_id, doubt.kind, doubt.path): doubt for doubt in doubts}
    for item in waiting:
        doubt = item.doubt
        like = by_place.get((doubt.procedure_id, doubt.kind, doubt.path))
        if like is not None and _same(doubt, like, former[doubt.procedure_id], now[doubt.procedure_id]):
            item.doubt = like
        else:
            item.outcome = Outcome.OVERTAKEN
    ConfirmationItem.objects.bulk_update(waiting, ["doubt", "outcome"], batch_size=500)


def _same(doubt: Doubt, like: Doubt, before: Edition, after: Edition) -> bool:
    """Whether the two are about the same fact with the same offer; the place alone may mean another line by now."""
    facts: list[Any] = [fact_at(edition.facts, doubt.path) for edition in (before, after)]
    return facts[0] == facts[1] and doubt.proposal == like.proposal
