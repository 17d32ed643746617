"""Dossiers that were moved in by mistake, taken back: out of every list, figure and search, and still in the history.

The history is append-only, so nothing is deleted that it speaks of: a dossier that is taken back becomes what a draft
is that was deleted, without code and dates, which nobody sees or counts. What it was stands in its last event.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from accounts.actors import Actor
from digitization.models import StoredFile
from dossiers.fees import amounts
from dossiers.models import (
    Dossier,
    DossierDocument,
    DossierEvent,
    DueDateChange,
    OtherCode,
    Pause,
    State,
    StepRun,
    SupplementRequest,
)
from dossiers.models.history import who_acted
from dossiers.moving_in.records import MOVED_IN, TAKEN_BACK

_KEPT = (
    "code", "state", "substate", "filed_at", "received_at", "answer_due_at", "original_due_at", "due_at", "finished_at",
    "returned_at", "closed_at", "fee_amount", "fee_settled_at", "help_desk_id", "return_desk_id", "waits_for",
    "wait_ends_at",
)  # fmt: skip
_BLANK: dict[str, Any] = dict.fromkeys(
    name for name in _KEPT if name not in ("state", "substate", "waits_for")
) | {"substate": "", "waits_for": "", "waiting_since": None, "clock_started_at": None, "step": None, "holder": None,
     "search_vector": None, "has_digital_result": False, "planned_route": None}  # fmt: skip


# Nothing refers to these by a column without an index.
DELETED = (OtherCode, Pause, DueDateChange, SupplementRequest, DossierDocument)


@transaction.atomic
def take_back(ids: Collection[int], *, reason: str, by: Actor, at: datetime) -> list[int]:
    """Take these dossiers back; returns the ids of those taken. One on which somebody has acted since stays."""
    untouched = Dossier.objects.select_for_update(of=("self",)).filter(
        pk__in=ids, events__action=MOVED_IN, events__revision=F("revision")
    )
    dossiers = list(untouched.select_related("edition", "receiving_agency").order_by("pk"))
    found = [dossier.pk for dossier in dossiers]
    for dossier in dossiers:
        if dossier.fee_amount and dossier.fee_settled_at is None:
            amounts.cancel_open(dossier, by=by.label)
    who = who_acted(by)
    events = [_event(dossier, reason, who, at) for dossier in dossiers]
    Dossier.objects.filter(pk__in=found).update(
        **_BLANK, state=State.DRAFT, discarded_at=at, revision=F("revision") + 1
    )
    # Its step stays without date and holder. Deleted, it would be looked for in the whole table of dossiers at the
    # commit, as no index leads from a step to its dossier.
    StepRun.objects.filter(dossier__in=found).update(due_at=None, holder=None)
    for model in DELETED:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE dossier_id = ANY(%s::bigint[])", [found])  # noqa: S608 (names of our tables)
    owners = [dossier.reference for dossier in dossiers]
    StoredFile.objects.filter(owner__in=owners, removed_at=None).update(removed_at=at)
    DossierEvent.objects.bulk_create(events)
    return found


def _event(dossier: Dossier, reason: str, who: dict[str, Any], at: datetime) -> DossierEvent:
    was = {name: getattr(dossier, name) for name in _KEPT}
    return DossierEvent(
        dossier=dossier,
        revision=dossier.revision + 1,
        action=TAKEN_BACK,
        from_state=dossier.state,
        to_state=State.DRAFT,
        at=at,
        recorded_at=at,
        **who,
        reason=reason,
        facts={
            "was": {name: value.isoformat() if isinstance(value, datetime) else value for name, value in was.items()}
        },
        public=False,
    )
