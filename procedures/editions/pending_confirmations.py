"""What waits for a second person follows its procedure to the next edition, where the same is still unverified."""

from collections.abc import Sequence
from typing import Any

from procedures.editions.document import fact_at
from procedures.models import Edition, OpenQuery
from procedures.models.confirmations import ConfirmationItem

Outcome = ConfirmationItem.Outcome


def carry_pending(editions: Sequence[Edition], former: dict[int, Edition]) -> None:
    """Move waiting decisions to the like open queries of the new editions; those that have none are overtaken."""
    waiting = list(
        ConfirmationItem.objects.filter(
            outcome=Outcome.WAITING, open_query__edition__in=[edition.pk for edition in former.values()]
        ).select_related("open_query")
    )
    if not waiting:
        return
    now = {edition.procedure_id: edition for edition in editions}
    open_queries = OpenQuery.objects.filter(edition__in=now.values(), decided_at__isnull=True)
    by_place = {(open_query.procedure_id, open_query.kind, open_query.path): open_query for open_query in open_queries}
    for item in waiting:
        open_query = item.open_query
        like = by_place.get((open_query.procedure_id, open_query.kind, open_query.path))
        if like is not None and _same(open_query, like, former[open_query.procedure_id], now[open_query.procedure_id]):
            item.open_query = like
        else:
            item.outcome = Outcome.OVERTAKEN
    ConfirmationItem.objects.bulk_update(waiting, ["open_query", "outcome"], batch_size=500)


def _same(open_query: OpenQuery, like: OpenQuery, before: Edition, after: Edition) -> bool:
    """Whether the two are about the same fact with the same offer; the place alone may mean another line by now."""
    facts: list[Any] = [fact_at(edition.facts, open_query.path) for edition in (before, after)]
    return facts[0] == facts[1] and open_query.proposal == like.proposal
