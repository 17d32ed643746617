"""The record reference "dossier:<uid>", by which lower apps know a dossier."""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts import permissions
from accounts.actors import Actor
from digitization.models import StoredFile
from dossiers.access.held_results import is_result_held
from dossiers.models import Dossier, DossierDocument, State

PREFIX = "dossier"


def dossier_of(reference: str) -> Dossier | None:
    return dossiers_of([reference]).get(reference)


def dossiers_of(references: Iterable[str]) -> dict[str, Dossier]:
    """Those of them that name a dossier, in one query."""
    uids = {}
    for reference in references:
        prefix, _colon, uid = reference.partition(":")
        with suppress(ValueError):
            if prefix == PREFIX:
                uids[uuid.UUID(uid)] = reference
    if not uids:
        return {}
    found = Dossier.objects.select_related(
        "edition",
        "settling_agency",
        "receiving_agency",
        "help_desk",
        "return_desk",
        "filer",
        "owner_enterprise",
    ).filter(uid__in=uids)
    return {uids[dossier.uid]: dossier for dossier in found}


def may_read(actor: Actor, reference: str, record: Any = None) -> bool:
    """Whether the actor may open a file or paper of the dossier."""
    dossier = dossier_of(reference)
    return dossier is not None and permissions.may(actor, "view", dossier)


def may_read_file(actor: Actor, reference: str, file: StoredFile) -> bool:
    """As `may_read`; a draft of the result is the agency's own until the dossier is done and what it costs is paid,
    and so are opinions of other bodies and results taken back."""
    dossier = dossier_of(reference)
    if dossier is None or not permissions.may(actor, "view", dossier):
        return False
    if permissions.may(actor, "view_internal", dossier):
        return True
    results = dossier.documents.filter(kind=DossierDocument.Kind.RESULT)
    result = results.filter(Q(file=file) | Q(draft_file=file) | Q(signed_file=file)).order_by("-id").first()
    if result is None:
        return not dossier.opinions.filter(file=file).exists()
    if not permissions.may(actor, "read_result", dossier):
        return False
    return (
        dossier.state in (State.DONE, State.RETURNED)
        and not is_result_held(dossier)
        and result.withdrawn_at is None
        and result.file_id == file.pk
    )


def link_to(actor: Actor, dossier: Dossier) -> str:
    """Where this actor reads the dossier."""
    if actor.post is None:
        return reverse("my-dossier", args=[dossier.uid])
    return reverse("dossier", args=[dossier.code]) if dossier.code else reverse("desk")
