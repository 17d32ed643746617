"""The folders follow the actions: made at receipt, wanted where the dossier went, given out with the result.

Runs within the transaction of the action (dossiers.signals.dossier_acted).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from agencies.models import Agency
from dossiers.custody import folders
from dossiers.custody.folders import How, Location
from dossiers.models import Dossier, DossierDocument, DossierEvent, Folder, Place, ReturnMethod, State
from dossiers.signals import dossier_acted
from procedures.models import Channel


@receiver(dossier_acted)
def on_dossier_acted(sender: Any, event: DossierEvent, dossier: Dossier, **_kw: Any) -> None:
    if event.from_state != event.to_state and (follow := _ON_ENTERING.get(event.to_state)):
        follow(event, dossier)


def _came_in(event: DossierEvent, dossier: Dossier) -> None:
    """Paper was handed in at a counter; a dossier for another agency sends it after the electronic one."""
    if dossier.channel == Channel.ONLINE or not _has_paper(dossier):
        return
    desk = (event.post and event.post.desk) or dossier.help_desk
    here = Location(Place.DESK, dossier.receiver, desk=desk, holder=event.post)
    folder = folders.open_folder(dossier, Folder.Kind.PAPERS, here, by=event.actor, at=event.at, how=How.RECEIVED)
    if dossier.settler.pk != dossier.receiver.pk:
        until = folders.follows_by(dossier.receiver, event.at)
        folders.want_folder(folder, dossier.settler, until, since=event.at)


def _has_paper(dossier: Dossier) -> bool:
    handed_in = dossier.documents.exclude(kind=DossierDocument.Kind.RESULT)
    return handed_in.filter(Q(originals__gt=0) | Q(copies__gt=0)).exists()


def _result_made(event: DossierEvent, dossier: Dossier) -> None:
    """A result on paper is wanted at the return desk by the promised date, where that is still to come."""
    if dossier.return_method == ReturnMethod.DOWNLOAD:
        return
    here = Location(Place.DEPARTMENT, dossier.settler, holder=event.post)
    folder = folders.open_folder(dossier, Folder.Kind.RESULT, here, by=event.actor, at=event.at, how=How.ISSUED)
    if folder.place == Place.APPLICANT:  # a corrected result is made anew
        folders.move_folders(folder, here, by=event.actor, at=event.at, how=How.ISSUED)
    wanted_at = dossier.return_desk.agency if dossier.return_desk else dossier.receiver
    until = result_follows_by(dossier.settler, event.at, dossier.due_at)
    folders.want_folder(folder, wanted_at, until, since=event.at)


def result_follows_by(settler: Agency, at: datetime, due_at: datetime | None) -> datetime:
    until = folders.follows_by(settler, at)
    return min(until, due_at) if due_at and due_at > at else until


def _given_out(event: DossierEvent, dossier: Dossier) -> None:
    """At the desk into the applicant's hands, or by post with its number."""
    folder = dossier.folders.filter(kind=Folder.Kind.RESULT).first()
    if folder is None or event.post is None:
        return  # fetched as an electronic one; the paper stays where it is
    if dossier.return_method == ReturnMethod.POST:
        number = str(event.facts.get("tracking_number", ""))[:60]
        sent = Location(Place.COURIER, event.post.agency, desk=event.post.desk, tracking_number=number)
        folders.move_folders(folder, sent, by=event.actor, at=event.at, how=How.POSTED)
    else:
        given = Location(Place.APPLICANT, event.post.agency, desk=event.post.desk)
        folders.move_folders(folder, given, by=event.actor, at=event.at, how=How.RETURNED)


def _goes_back(event: DossierEvent, dossier: Dossier) -> None:
    """Stopped at the applicant's request: what was handed in is wanted at the desk again."""
    folder = dossier.folders.filter(kind=Folder.Kind.PAPERS).first()
    if folder is not None and dossier.receiving_agency is not None and folder.place != Place.APPLICANT:
        until = folders.follows_by(dossier.settler, event.at)
        folders.want_folder(folder, dossier.receiving_agency, until, since=event.at)


_ON_ENTERING: dict[int, Callable[[DossierEvent, Dossier], None]] = {
    State.RECEIVED: _came_in,
    State.DONE: _result_made,
    State.RETURNED: _given_out,
    State.STOPPED: _goes_back,
}
