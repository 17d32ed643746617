"""Dossiers given to another agency, and back: one of the set-based writers (docs/decisions), a batch in a transaction.

Each keeps how it stood before (`MovedDossier`), gets an event and the next revision as after any action.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from accounts.actors import automatic_actor
from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.custody import folders as custody
from dossiers.models import (
    CLOSED_STATES,
    AgencyChange,
    Dossier,
    DossierEvent,
    Folder,
    FolderMove,
    MovedDossier,
    Opinion,
    Place,
    State,
    StepRun,
)
from dossiers.models.history import who_acted
from dossiers.signals import dossiers_acted
from vietnam import working_time

CHANGED, RESTORED = "agency_changed", "agency_restored"


def move_dossiers(change: AgencyChange, ids: Sequence[int], *, at: datetime) -> None:
    """Give a batch to the successor."""
    successor = _successor(change)
    batch = _locked(ids)
    steps = _running_steps(batch, change.agency_id)
    opinions = _open_opinions(batch, change)
    holders: dict[int | None, int] = {old: new for old, new, *_rest in change.carried.get("posts", [])}
    kept, moved = [], []
    for dossier in batch:
        step = steps.get(dossier.pk)
        settling = dossier.settling_agency_id == change.agency_id
        before: dict[str, Any] = {
            "settling": settling,
            "receiving": change.kind != "split" and dossier.receiving_agency_id == change.agency_id,
            "step": step and step.pk,
            "step_holder": step and step.holder_id,
            "holder": dossier.holder_id if settling or step else None,
            "opinions": [opinions[dossier.pk].pk] if dossier.pk in opinions else [],
        }
        if not (settling or before["receiving"] or step or before["opinions"]):
            continue
        kept.append(MovedDossier(change=change, dossier=dossier, before=before))
        moved.append(dossier)
        if step is not None:
            step.agency, step.holder_id = successor, holders.get(step.holder_id)
        dossier.settling_agency_id = successor.pk if settling else dossier.settling_agency_id
        dossier.receiving_agency_id = successor.pk if before["receiving"] else dossier.receiving_agency_id
        if before["holder"] is not None:
            dossier.holder_id = holders.get(before["holder"])
    MovedDossier.objects.bulk_create(kept)
    StepRun.objects.bulk_update(steps.values(), ["agency", "holder"])
    _pass_opinions(opinions, successor, at)
    if change.kind == "split":
        _want_papers(change, [each.pk for each in moved], at)
    _write(moved, change, CHANGED, at, public={row.dossier_id: _seen_by_applicant(row) for row in kept})


def take_dossiers_back(change: AgencyChange, rows: Sequence[MovedDossier], *, at: datetime) -> None:
    """Give a batch back to the agency that had it, as far as it is still with the successor."""
    successor, agency = _successor(change), change.agency
    before = {row.dossier_id: row for row in rows}
    posts: dict[int | None, int] = {new: old for old, new, *_rest in change.carried.get("posts", [])}
    batch = _locked(list(before))
    steps = _running_steps(batch, successor.pk)
    moved = []
    for dossier in batch:
        if dossier.state in CLOSED_STATES:
            steps.pop(dossier.pk, None)
            continue
        was = before[dossier.pk].before
        step = steps.get(dossier.pk)
        if step is not None and step.pk != was["step"] and not was["settling"]:
            steps.pop(dossier.pk)
            step = None
        if was["settling"] and dossier.settling_agency_id == successor.pk:
            dossier.settling_agency_id = agency.pk
        if was["receiving"] and dossier.receiving_agency_id == successor.pk:
            dossier.receiving_agency_id = agency.pk
        if step is not None:
            step.agency, step.holder_id = agency, posts.get(step.holder_id) or _former(step, was)
        if was["settling"] or step is not None:
            dossier.holder_id = posts.get(dossier.holder_id) or (step.holder_id if step else None)
        moved.append(dossier)
    StepRun.objects.bulk_update(steps.values(), ["agency", "holder"])
    asked = [pk for row in rows for pk in row.before["opinions"]]
    Opinion.objects.filter(pk__in=asked, ended_at=None, agency=successor).update(agency=agency)
    MovedDossier.objects.filter(pk__in=[row.pk for row in rows]).update(taken_back=True)
    _write(moved, change, RESTORED, at, public={row.dossier_id: _seen_by_applicant(row) for row in rows})


def _former(step: StepRun, was: dict[str, Any]) -> int | None:
    return was["step_holder"] if step.pk == was["step"] else None


def move_papers(change: AgencyChange, folders: Sequence[Folder], *, to: Agency, note: str, at: datetime) -> None:
    """Folders of an agency are another's from now on, where they stand; each has a move that says so."""
    posts: dict[int, int] = {old: new for old, new, *_rest in change.carried.get("posts", [])}
    if to.pk == change.agency_id:
        posts = {new: old for old, new in posts.items()}
    away = change.agency_id if to.pk == change.successor_id else change.successor_id
    by, moves = automatic_actor(CHANGED).label, []
    for folder in folders:
        folder.wanted_at_id = to.pk if folder.wanted_at_id == away else folder.wanted_at_id
        if folder.agency_id == away:
            folder.agency, folder.holder_id = to, posts.get(folder.holder_id or 0)
            folder.since = max(at, folder.since)
            place = {name: getattr(folder, name) for name in ("place", "agency", "desk_id", "holder_id", "shelf")}
            moves.append(
                FolderMove(
                    folder=folder,
                    **place,
                    tracking_number=folder.tracking_number,
                    at=folder.since,
                    by=by,
                    how=FolderMove.How.MERGED,
                    note=note,
                )
            )
        if folder.wanted_at_id == folder.agency_id and folder.place not in (Place.COURIER, Place.APPLICANT):
            folder.wanted_at_id, folder.wanted_by = None, None
    Folder.objects.bulk_update(folders, ["agency", "holder", "since", "wanted_at", "wanted_by"])
    FolderMove.objects.bulk_create(moves)


def _want_papers(change: AgencyChange, dossiers: list[int], at: datetime) -> None:
    """What lies at the agency that gives fields away follows to the other by a hand-over record."""
    successor = _successor(change)
    at_agency = Folder.objects.select_for_update(of=("self",)).filter(
        dossier__in=dossiers, agency=change.agency_id, place__in=(Place.DEPARTMENT, Place.ARCHIVE)
    )
    until = custody.follows_by(change.agency, at)
    for folder in at_agency.order_by("pk"):
        custody.want_folder(folder, successor, until, since=at)


def _pass_opinions(opinions: dict[int, Opinion], successor: Agency, at: datetime) -> None:
    """Who takes over answers, unless it is asked of the same dossier already."""
    asked = Opinion.objects.filter(dossier__in=opinions, agency=successor, ended_at=None)
    twice = set(asked.values_list("dossier_id", flat=True))
    for opinion in opinions.values():
        if opinion.dossier_id in twice:
            opinion.ended_at = max(at, opinion.asked_at)
            opinion.used_minutes = working_time.minutes_between(
                calendar_of(opinion.agency), opinion.asked_at, opinion.ended_at
            )
        else:
            opinion.agency = successor
    Opinion.objects.bulk_update(opinions.values(), ["agency", "ended_at", "used_minutes"])


def _write(
    batch: Sequence[Dossier], change: AgencyChange, action: str, at: datetime, *, public: dict[int, bool]
) -> None:
    """The rows, an event for each that was sent, and who is involved."""
    Dossier.objects.bulk_update(batch, ["settling_agency", "receiving_agency", "holder"])
    sent = [dossier for dossier in batch if dossier.state != State.DRAFT]
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in sent]).update(revision=F("revision") + 1)
    who = who_acted(automatic_actor(action))
    successor = _successor(change)
    events = DossierEvent.objects.bulk_create(
        DossierEvent(
            dossier=dossier,
            revision=dossier.revision + 1,
            action=action,
            from_state=dossier.state,
            to_state=dossier.state,
            at=at,
            **who,
            reason=f"{change.agency.name} → {successor.name} ({change.document})",
            facts={"agency": change.agency.code, "successor": successor.code, "agency_change": change.pk},
            public=public.get(dossier.pk, False),
        )
        for dossier in sent
    )
    dossiers_acted.send(sender=Dossier, event_ids=[event.pk for event in events])
    with connection.cursor() as cursor:  # a step or an opinion alone may have moved
        keys = [dossier.pk for dossier in batch]
        cursor.execute("SELECT dossiers_involve(id) FROM unnest(%s::bigint[]) AS id", [keys])


def _seen_by_applicant(row: MovedDossier) -> bool:
    return bool(row.before["settling"] or row.before["receiving"])


def _locked(ids: Sequence[int]) -> list[Dossier]:
    rows = Dossier.objects.filter(pk__in=ids).order_by("pk").light()
    return list(rows.select_for_update(of=("self",)))


def _running_steps(batch: Sequence[Dossier], agency: int) -> dict[int, StepRun]:
    rows = StepRun.objects.filter(dossier__in=[dossier.pk for dossier in batch], agency=agency, finished_at=None)
    return {step.dossier_id: step for step in rows}


def _open_opinions(batch: Sequence[Dossier], change: AgencyChange) -> dict[int, Opinion]:
    """By dossier: an agency is asked once at a time."""
    if change.kind == "split":
        return {}
    rows = Opinion.objects.filter(dossier__in=[d.pk for d in batch], agency=change.agency_id, ended_at=None)
    return {opinion.dossier_id: opinion for opinion in rows.select_related("agency__calendar")}


def _successor(change: AgencyChange) -> Agency:
    assert change.successor is not None, "only what has a successor moves dossiers"
    return change.successor
