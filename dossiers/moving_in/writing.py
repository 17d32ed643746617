"""Dossiers of another system written as they were there, a few statements for however many."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import connection, transaction

from accounts.actors import Actor
from accounts.models import Enterprise, StaffPost
from agencies.models import Agency
from core.refusals import Refused
from digitization import scans, uploads
from digitization.models import StoredFile
from dossiers import search
from dossiers.fees import amounts
from dossiers.lifecycle import routing
from dossiers.models import (
    RETURN_STEP,
    Dossier,
    DossierDocument,
    DossierEvent,
    DueDateChange,
    DueGround,
    FilingGround,
    OtherCode,
    Pause,
    PlannedRoute,
    State,
    StepRun,
    SupplementRequest,
    Wait,
    store_routes,
)
from dossiers.models.history import who_acted
from dossiers.moving_in.codes import given_codes
from dossiers.moving_in.records import ELSEWHERE, MOVED_IN, MovedInDossier
from procedures.routes.planning import known_routes
from vietnam.text import sort_key

Kind = DossierDocument.Kind
_ON_A_ROUTE = (State.PROCESSING, State.SUPPLEMENT, State.FINANCIAL, State.WITHDRAWN, State.DONE)


class UnknownStep(Refused):
    """The route of a dossier has no step of that name."""


@transaction.atomic
def write_moved(records: Sequence[MovedInDossier], *, system: str, by: Actor, at: datetime) -> list[Dossier]:
    """Write them all or none, in the order given. Nobody is told, nothing is charged but a fee that is still owed.

    `system` is the name of the system they come from. Each `old_code` must be new among the codes of that system.
    Raises UploadRefused when a file cannot be kept, UnknownStep, IntegrityError for a code that is here already.
    """
    codes = given_codes(records)
    dossiers = [_dossier(record, code) for record, code in zip(records, codes, strict=True)]
    pairs = list(zip(records, dossiers, strict=True))
    _reserve_keys(dossiers)
    _plan_routes(pairs)
    _write_steps(pairs)  # first: who has to do with a dossier is told by its step, when its row comes
    Dossier.objects.bulk_create(dossiers)
    OtherCode.objects.bulk_create(
        OtherCode(dossier=dossier, system=system, code=record.old_code, key=search.code_key(record.old_code))
        for record, dossier in pairs
    )
    _write_times(pairs, by, at)
    _write_papers(pairs, by)
    _write_history(pairs, system, by, at)
    for record, dossier in pairs:
        if record.fee and record.fee_paid_at is None and dossier.closed_at is None:
            amounts.charge_amount(dossier, record.fee, by=by.label)
    return dossiers


def _reserve_keys(rows: Sequence[Dossier] | Sequence[StepRun]) -> None:
    """Give rows of one table their keys before they are written, so that each is written once."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [rows[0]._meta.db_table, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _dossier(record: MovedInDossier, code: str) -> Dossier:
    owner = record.owner
    supplement = record.supplement
    dossier = Dossier(
        code=code,
        state=record.state,
        substate=record.substate,
        outcome=record.outcome,
        revision=len(record.history) + 1,
        edition=record.edition,
        case=record.case,
        channel=record.channel,
        filer=record.filer,
        owner_person=None if isinstance(owner, Enterprise) else owner,
        owner_enterprise=owner if isinstance(owner, Enterprise) else None,
        filing_ground=_ground(record),
        owner_name=record.owner_name[:250],
        contact_phone=record.phone,
        contact_email=record.email,
        contact_address=record.address,
        answers={"territory": ""},
        content=record.content,
        help_desk=record.desk,
        receiving_agency=record.receiving,
        settling_agency=record.settling,
        return_desk=record.desk,
        limit_amount=record.limit_amount,
        limit_unit=record.limit_unit,
        created_at=record.came_at,
        filed_at=record.filed_at,
        received_at=record.received_at,
        clock_started_at=record.received_at,
        answer_due_at=record.answer_due_at if record.state == State.FILED else None,
        original_due_at=record.original_due_at or record.due_at,
        due_at=record.due_at,
        finished_at=record.finished_at,
        returned_at=record.returned_at,
        closed_at=record.closed_at,
        fee_amount=record.fee,
        fee_settled_at=record.fee_paid_at,
        fee_method=record.fee_method if record.fee_paid_at else "",
        sort_key=sort_key(record.owner_name)[:500],
        has_digital_result=any(file.kind == Kind.RESULT for file in record.files),
    )
    if supplement is not None and supplement.answer_by is not None:
        dossier.waits_for, dossier.wait_ends_at = Wait.LAPSE, supplement.answer_by
        dossier.waiting_since = supplement.asked_at
    dossier.search_vector = search.search_vector(f"{search.words_of(dossier)} {search.fold(record.old_code)}")
    return dossier


def _ground(record: MovedInDossier) -> FilingGround:
    if isinstance(record.owner, Enterprise):
        return FilingGround.REPRESENTATIVE
    return FilingGround.SELF if record.owner == record.filer else FilingGround.AUTHORISED


def _is_on_a_route(record: MovedInDossier) -> bool:
    return record.state in _ON_A_ROUTE and record.received_at is not None


def _plan_routes(pairs: Sequence[tuple[MovedInDossier, Dossier]]) -> None:
    """The present route, planned once for dossiers that are alike."""
    planned: dict[tuple[Any, ...], PlannedRoute] = {}
    known = known_routes(record.edition for record, _dossier in pairs)
    for record, dossier in pairs:
        if not _is_on_a_route(record):
            continue
        alike = (
            dossier.edition_id, dossier.case, dossier.channel, dossier.settling_agency_id, dossier.limit_amount,
            dossier.limit_unit,
        )  # fmt: skip
        if alike not in planned:
            planned[alike] = PlannedRoute.of_steps(routing.plan_route(dossier, known))
        dossier.planned_route = planned[alike]
    store_routes(planned.values())


def step_of(record: MovedInDossier, route: list[dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    """(position, step) that an open dossier stands at: the one named, by its key or by what it carries; else the first
    after taking in, or giving back where it is done. Raises UnknownStep."""
    wanted = record.step or (RETURN_STEP if record.state == State.DONE else "")
    if not wanted:
        return 1, route[1]
    for position, step in enumerate(route):
        if wanted in (step["key"], step.get("act")):
            return position, step
    raise UnknownStep("unknown_step", wanted, field="step")


def _write_steps(pairs: Sequence[tuple[MovedInDossier, Dossier]]) -> None:
    runs = []
    for record, dossier in pairs:
        if not dossier.route:
            continue
        position, step = step_of(record, dossier.route)
        run = StepRun(
            dossier=dossier,
            position=position,
            key=step["key"],
            act=step.get("act", ""),
            name=step["name"],
            name_en=step["name_en"],
            role=step["role"],
            agency=_agency_of(record, step),
            holder_id=record.holder_id,
            minutes=step["minutes"] or 0,
            started_at=record.step_since or record.finished_at or record.received_at,
            due_at=record.due_at,
        )
        runs.append(run)
    _reserve_keys(runs)
    StepRun.objects.bulk_create(runs)
    for run in runs:
        run.dossier.step, run.dossier.holder_id = run, run.holder_id


def _agency_of(record: MovedInDossier, step: dict[str, Any]) -> Agency:
    return record.receiving if step["role"] == StaffPost.Role.COUNTER else record.settling


def _write_times(pairs: Sequence[tuple[MovedInDossier, Dossier]], by: Actor, at: datetime) -> None:
    """Pauses, what is still waited for, and the due date with where it comes from."""
    Pause.objects.bulk_create(
        Pause(dossier=dossier, reason=pause.reason, began_at=pause.began_at, ended_at=pause.ended_at)
        for record, dossier in pairs
        for pause in record.pauses
    )
    SupplementRequest.objects.bulk_create(
        SupplementRequest(
            dossier=dossier,
            stage="appraisal" if record.received_at else "counter",
            items=[{"name": name} for name in record.supplement.items],
            reason=record.supplement.reason,
            asked_at=record.supplement.asked_at,
            answer_by=record.supplement.answer_by,
            old_due_at=record.original_due_at,
        )
        for record, dossier in pairs
        if record.supplement is not None
    )
    DueDateChange.objects.bulk_create(
        DueDateChange(
            dossier=dossier,
            ground=DueGround.MOVED_IN,
            old_due_at=dossier.original_due_at,
            new_due_at=dossier.due_at,
            by=by.label[:200],
            at=at,
        )
        for _record, dossier in pairs
        if dossier.original_due_at is not None
    )


def _write_papers(pairs: Sequence[tuple[MovedInDossier, Dossier]], by: Actor) -> None:
    documents = []
    for record, dossier in pairs:
        required = {paper.key: paper for paper in record.edition.documents.all()} if record.files else {}
        for place, moved in enumerate(record.files):
            with moved.path.open("rb") as content:
                file = uploads.store_file(File(content, name=moved.name), moved.name, dossier.reference, by)
            if dossier.closed_at is None:
                scans.queue_scan(file)  # what is settled is not read anew
            documents.append(_document(moved, place, required.get(moved.paper), file, dossier))
    DossierDocument.objects.bulk_create(documents)


def _document(moved: Any, place: int, paper: Any, file: StoredFile, dossier: Dossier) -> DossierDocument:
    issued = bool(moved.issued_on and moved.number and moved.signer)
    return DossierDocument(
        dossier=dossier,
        kind=moved.kind if moved.kind != Kind.COMPONENT or paper else Kind.OTHER,
        required_document=paper,
        position=paper.position if paper else 1000 + place,
        name=paper.name if paper else moved.name,
        file=file,
        added_at=dossier.created_at,
        outcome=dossier.outcome if moved.kind == Kind.RESULT else "",
        number=moved.number if issued else "",
        issued_on=moved.issued_on if issued else None,
        signer=moved.signer if issued else "",
    )


def _write_history(pairs: Sequence[tuple[MovedInDossier, Dossier]], system: str, by: Actor, at: datetime) -> None:
    """What the other system says was done there, line by line, and then that the dossier came here."""
    events, who = [], who_acted(by)
    for record, dossier in pairs:
        before: int | None = None
        for revision, each in enumerate(record.history, start=1):
            after = each.state if each.state is not None else (before if before is not None else State.FILED)
            events.append(
                DossierEvent(
                    dossier=dossier,
                    revision=revision,
                    action=ELSEWHERE,
                    from_state=before,
                    to_state=after,
                    at=each.at,
                    recorded_at=at,
                    actor=each.actor[:200],
                    origin=system[:200],
                    reason=each.text,
                    public=False,
                )
            )
            before = after
        events.append(
            DossierEvent(
                dossier=dossier,
                revision=dossier.revision,
                action=MOVED_IN,
                from_state=before,
                to_state=dossier.state,
                at=at,
                recorded_at=at,
                **who,
                reason=system,
                facts={"system": system, "old_code": record.old_code},
            )
        )
    DossierEvent.objects.bulk_create(events)
