"""Moved dates written: one statement a table, whatever their number. The rows are locked by the caller."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from accounts.actors import automatic_actor
from dossiers.models import DeadlineRecalculation, Dossier, DossierEvent, DueDateChange, DueGround, MovedDate
from dossiers.models.history import who_acted
from dossiers.recalculation.changes import Move
from dossiers.signals import dossiers_acted
from journal import outbox

Kind = MovedDate.Kind
ACTION = "recalendar"
TOPIC = "dossiers.dates_moved"
# What a dossier's history says, and what of that its applicant sees and is told. The rest is kept with the run alone.
IN_HISTORY = (Kind.DUE, Kind.ANSWER, Kind.SUPPLEMENT, Kind.OPINION, Kind.MESSAGE)
TOLD = (Kind.DUE, Kind.SUPPLEMENT)
TOLD_AT_ONCE = 100  # dossiers in one message of the outbox
# Messages of a long stream become due one after the other, so that what people do meanwhile is told first.
APART = timedelta(seconds=1)

# Each takes ids, old and new dates.
_STATEMENTS = {
    Kind.STEP: "UPDATE dossiers_steprun AS t SET due_at = v.new"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    # A waiting that ends with an answer or with the last day for papers ends when they do.
    Kind.ANSWER: "UPDATE dossiers_dossier AS t SET answer_due_at = v.new,"
    " wait_ends_at = CASE WHEN t.wait_ends_at = v.old THEN v.new ELSE t.wait_ends_at END"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    Kind.SUPPLEMENT: "WITH moved AS (UPDATE dossiers_supplementrequest AS t SET answer_by = v.new"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id"
    " RETURNING t.dossier_id, v.old, v.new)"
    " UPDATE dossiers_dossier AS d SET wait_ends_at = m.new FROM moved AS m"
    " WHERE d.id = m.dossier_id AND d.wait_ends_at = m.old",
    Kind.WAIT: "UPDATE dossiers_dossier AS t SET wait_ends_at = v.new"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    Kind.OPINION: "UPDATE dossiers_opinion AS t SET due_at = v.new"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    # What was noticed was the old date; the new one is watched anew.
    Kind.MESSAGE: "UPDATE dossiers_dossiermessage AS t"
    " SET answer_by = v.new, noticed_soon_at = NULL, noticed_overdue_at = NULL"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    Kind.FEEDBACK: "UPDATE dossiers_feedback AS t"
    " SET due_at = v.new, noticed_soon_at = NULL, noticed_overdue_at = NULL"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
    Kind.FOLDER: "UPDATE dossiers_folder AS t SET wanted_by = v.new"
    " FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS v(id, old, new) WHERE t.id = v.id",
}


def write_changes(moves: Sequence[Move], stream: DeadlineRecalculation, *, at: datetime) -> None:
    """Set the dates, keep the old ones, write histories and record who must be told."""
    by_kind = {kind: [move for move in moves if move.kind == kind] for kind in Kind}
    with connection.cursor() as cursor:
        for kind, statement in _STATEMENTS.items():
            if rows := by_kind[kind]:
                cursor.execute(statement, [[m.record for m in rows], [m.old for m in rows], [m.new for m in rows]])
        if dated := by_kind[Kind.DUE]:
            cursor.execute(
                "UPDATE dossiers_dossier AS t SET due_at = v.new, calendar_version = v.version"
                " FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS v(id, new, version) WHERE t.id = v.id",
                [[m.record for m in dated], [m.new for m in dated], [m.calendar_version for m in dated]],
            )
    _keep(moves, stream, at)
    _write_histories(moves, stream, at)
    _keep_changes(by_kind[Kind.DUE], stream, at)
    _tell(moves, stream, at)


def _keep(moves: Sequence[Move], stream: DeadlineRecalculation, at: datetime) -> None:
    MovedDate.objects.bulk_create(
        MovedDate(
            recalculation=stream,
            kind=move.kind,
            record=move.record,
            dossier=move.dossier,
            feedback=move.feedback,
            agency=move.agency,
            old_at=move.old,
            new_at=move.new,
            at=at,
        )
        for move in moves
    )


def _write_histories(moves: Sequence[Move], stream: DeadlineRecalculation, at: datetime) -> None:
    """An event and the next revision for each dossier, as after any action."""
    histories: dict[int, list[Move]] = {}
    for move in moves:
        if move.dossier is not None and move.kind in IN_HISTORY:
            histories.setdefault(move.dossier.pk, []).append(move)
    if not histories:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dossiers_dossier SET revision = revision + 1 WHERE id = ANY(%s::bigint[])", [list(histories)]
        )
    who = who_acted(automatic_actor(ACTION))
    events = DossierEvent.objects.bulk_create(_event(each, stream, who, at) for each in histories.values())
    dossiers_acted.send(sender=Dossier, event_ids=[event.pk for event in events])


def _event(moves: Sequence[Move], stream: DeadlineRecalculation, who: dict[str, Any], at: datetime) -> DossierEvent:
    dossier = moves[0].dossier
    assert dossier is not None, "only what belongs to a dossier is in its history"
    dated = next((move for move in moves if move.kind == Kind.DUE), None)
    return DossierEvent(
        dossier=dossier,
        revision=dossier.revision + 1,
        action=ACTION,
        from_state=dossier.state,
        to_state=dossier.state,
        at=at,
        **who,
        reason=stream.reason,
        facts={
            **({"old_due_at": dated.old.isoformat(), "due_at": dated.new.isoformat()} if dated else {}),
            "moved": [{"kind": m.kind, "old": m.old.isoformat(), "new": m.new.isoformat()} for m in moves],
            "recalendar": stream.pk,
        },
        public=any(move.kind in TOLD for move in moves),
    )


def _keep_changes(dated: Sequence[Move], stream: DeadlineRecalculation, at: datetime) -> None:
    by = stream.by or automatic_actor(ACTION).label
    DueDateChange.objects.bulk_create(
        DueDateChange(
            dossier=move.dossier,
            ground=DueGround.CALENDAR,
            old_due_at=move.old,
            new_due_at=move.new,
            reason=stream.reason,
            by=by,
            at=at,
        )
        for move in dated
    )


def _tell(moves: Sequence[Move], stream: DeadlineRecalculation, at: datetime) -> None:
    dossiers = sorted({move.dossier.pk for move in moves if move.dossier is not None and move.kind in TOLD})
    feedback = sorted(move.record for move in moves if move.kind == Kind.FEEDBACK)
    told = [
        {"run": stream.pk, name: pks[n : n + TOLD_AT_ONCE]}
        for name, pks in (("dossiers", dossiers), ("feedback", feedback))
        for n in range(0, len(pks), TOLD_AT_ONCE)
    ]
    begun = stream.moved // TOLD_AT_ONCE
    outbox.record_many(TOPIC, told, available_at=[at + (begun + n) * APART for n in range(len(told))])
