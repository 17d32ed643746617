"""A national update judged part by part: accepted, refused, or taken into a draft to be adapted."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from accounts.actors import Actor
from procedures.editions import source_updates
from procedures.editions.lifecycle import drafts
from procedures.models import Confirmation, Edition, OpenQuery, Procedure
from procedures.review import confirmations, queries

ACCEPT, ADAPT, REFUSE = "accept", "adapt", "refuse"


@dataclass(frozen=True)
class UpdateDecision:
    """What came of it: what waits for a second person, a draft to be adapted, or neither."""

    proposed: Confirmation | None = None
    draft: Edition | None = None


def updates_waiting() -> QuerySet[OpenQuery]:
    """Parts of national updates that nobody has judged."""
    return queries.undecided_queries().filter(kind=source_updates.DIFFERS)


def procedures_waiting() -> QuerySet[Procedure]:
    """Procedures with parts to judge, ready for a list."""
    open_parts = updates_waiting().values("procedure")
    found = Procedure.objects.filter(pk__in=open_parts).select_related("current", "current__field")
    return found.defer("current__facts", "search_text", "search_vector")


def counts(procedures: list[Procedure]) -> dict[int, int]:
    """Parts to judge by procedure."""
    rows = updates_waiting().filter(procedure__in=procedures).order_by().values("procedure_id")
    return {row["procedure_id"]: row["parts"] for row in rows.annotate(parts=Count("id"))}


def decide_update(procedure: Procedure, choices: dict[OpenQuery, str], by: Actor, at: datetime) -> UpdateDecision:
    """Take the choice for each part: an accepted one waits for a second person. All or nothing.

    Raises StaleQuery (somebody was quicker), InvalidFacts (an accepted part does not fit the rest) and Refused
    (a draft is under way already, so that nothing can be adapted beside it).
    """
    accepted = [queries.Decision(open_query) for open_query, choice in choices.items() if choice == ACCEPT]
    settled = [
        queries.Decision(open_query, {"adapted": True} if choice == ADAPT else None, accept=False)
        for open_query, choice in choices.items()
        if choice != ACCEPT
    ]
    adapted = [open_query for open_query, choice in choices.items() if choice == ADAPT]
    with transaction.atomic():
        queries.decide_queries(settled, by.label, at)
        draft = None
        if adapted:
            facts = Procedure.objects.select_related("current").get(pk=procedure.pk).in_force.facts
            for open_query in adapted:
                facts = source_updates.with_part(facts, open_query.proposal or {})
            draft = drafts.start_draft(procedure, by, at, facts=facts)
        proposed = confirmations.propose_decisions(accepted, by, at)
    return UpdateDecision(proposed, draft)
