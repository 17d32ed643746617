"""Two people for a decided open query: one proposes, another approves, and only then the catalogue says so.

What changes nothing in force (a national update refused) needs no second person and is settled at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import NotAllowed, Refused, Stale
from core.second_person import SecondPersonMissing
from journal import audit_log
from procedures.editions.lifecycle.execution import has_relation
from procedures.editions.lifecycle.transitions import Relation
from procedures.editions.publishing import People
from procedures.models import Edition, OpenQuery, Procedure
from procedures.models.confirmations import Confirmation, ConfirmationItem
from procedures.review import queries
from procedures.review.queries import Decision

Status, Outcome = Confirmation.Status, ConfirmationItem.Outcome


def propose_decisions(decisions: Sequence[Decision], by: Actor, at: datetime) -> Confirmation | None:
    """Put decisions before a second person; None when there are none.

    Raises StaleQuery (decided or proposed meanwhile) and InvalidFacts (a decision does not fit the rest of its
    procedure), changing nothing.
    """
    if not decisions:
        return None
    if by.account is None:
        raise NotAllowed("not_signed_in", _("Hãy đăng nhập để đề xuất."))
    with transaction.atomic():
        queries.require_open(decisions)
        made = Confirmation.objects.create(proposed_at=at, proposed_by=by.account, proposed_label=by.label[:200])
        ConfirmationItem.objects.bulk_create(
            [
                ConfirmationItem(confirmation=made, open_query=d.open_query, value=d.value, accept=d.accept)
                for d in _once_a_fact(decisions)
            ],
            batch_size=500,
        )
        audit_log.record_entry(
            "confirmation.proposed", _subject(made), by=by, open_queries=[d.open_query.pk for d in decisions]
        )
    return made


def propose_proposals(found: Iterable[OpenQuery], by: Actor, at: datetime) -> Confirmation | None:
    """Propose the offer of each open query that can be accepted as it stands."""
    return propose_decisions(
        [Decision(open_query, open_query.proposal) for open_query in found if queries.acceptable_queries(open_query)],
        by,
        at,
    )


def _once_a_fact(decisions: Sequence[Decision]) -> list[Decision]:
    """Several open queries of one fact are settled by one decision."""
    return list({(d.open_query.edition_id, d.open_query.path): d for d in reversed(decisions)}.values())[::-1]


def second_person(confirmation: Confirmation, by: Actor) -> str:
    """Why this person cannot approve; empty when they can."""
    if not (has_relation(by, Relation.REVIEWER) or has_relation(by, Relation.APPROVER)):
        return _("Người quản lý danh mục khác, giám sát hoặc lãnh đạo có thẩm quyền duyệt đợt này.")
    if by.account is None or by.account.pk == confirmation.proposed_by_id:
        return _("Bạn đã đề xuất đợt này nên không tự duyệt. Hãy nhờ người khác duyệt.")
    return ""


def approve_decisions(pk: int, by: Actor, at: datetime) -> tuple[list[Edition], int]:
    """Apply every decision that still stands; returns (new editions, decisions that were overtaken meanwhile).

    Raises Refused, and InvalidFacts when the decisions no longer fit their procedure.
    """
    with transaction.atomic():
        found = _locked(pk)
        if refusal := second_person(found, by):
            raise SecondPersonMissing("four_eyes", refusal)
        # Procedures before open queries, as every writer of editions locks.
        asked = found.items.values("open_query__procedure")
        list(Procedure.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("code"))
        items = list(
            found.items.filter(outcome=Outcome.WAITING).select_related(
                "open_query", "open_query__edition", "open_query__procedure"
            )
        )
        standing = [item for item in items if _stands(item.open_query)]
        for item in items:
            item.outcome = Outcome.APPROVED if item in standing else Outcome.OVERTAKEN
        ConfirmationItem.objects.bulk_update(items, ["outcome"], batch_size=500)
        people = People(found.proposed_by, by.account, found.proposed_label)
        decisions = [Decision(item.open_query, item.value, item.accept) for item in standing]
        made = queries.decide_queries(decisions, by.label, at, people=people)
        _judge(found, Status.APPROVED, by, at)
    return made, len(items) - len(standing)


def send_back(pk: int, by: Actor, at: datetime, *, reason: str, items: Sequence[int] | None = None) -> Confirmation:
    """Give decisions back to be made anew: all, or the `items` named; whoever proposed may take theirs back.

    Raises Refused.
    """
    with transaction.atomic():
        found = _locked(pk)
        own = by.account is not None and by.account.pk == found.proposed_by_id
        if not own and (refusal := second_person(found, by)):
            raise SecondPersonMissing("four_eyes", refusal)
        waiting = found.items.filter(outcome=Outcome.WAITING)
        chosen = waiting if items is None else waiting.filter(pk__in=items)
        returned = list(chosen.values_list("open_query_id", flat=True))
        if not returned:
            raise Refused("nothing_chosen", _("Chưa chọn điểm nào còn chờ duyệt."))
        chosen.update(outcome=Outcome.RETURNED)
        found.reason = reason
        if waiting.exists():
            found.save(update_fields=["reason"])
            audit_log.record_entry("confirmation.partly_returned", _subject(found), by=by, doubts=returned)
        else:
            _judge(found, Status.RETURNED, by, at)
    return found


def _stands(open_query: OpenQuery) -> bool:
    in_force = (
        open_query.edition_id == open_query.procedure.current_id
        and open_query.edition.status == Edition.Status.PUBLISHED
    )
    return in_force and open_query.decided_at is None


def _locked(pk: int) -> Confirmation:
    found = Confirmation.objects.select_for_update(of=("self",)).select_related("proposed_by").filter(pk=pk).first()
    if found is None or found.status != Status.WAITING:
        raise Stale("stale", _("Đợt này đã được người khác xử lý. Hãy tải lại danh sách."))
    return found


def _judge(found: Confirmation, status: str, by: Actor, at: datetime) -> None:
    found.status, found.judged_at, found.judged_by, found.judged_label = status, at, by.account, by.label[:200]
    found.save()
    audit_log.record_entry(
        f"confirmation.{status}", _subject(found), by=by, proposed_by=found.proposed_label, reason=found.reason
    )


def _subject(found: Confirmation) -> str:
    return f"confirmation:{found.pk}"
