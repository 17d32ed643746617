"""What lower rooms ask about their opaque owner reference "dossier:<uid>"."""

import uuid
from typing import Any

from django.urls import reverse

from accounts import permissions
from accounts.actors import Actor
from dossiers.models import Dossier

PREFIX = "dossier"


def dossier_of(reference: str) -> Dossier | None:
    prefix, _colon, uid = reference.partition(":")
    try:
        key = uuid.UUID(uid)
    except ValueError:
        return None
    if prefix != PREFIX:
        return None
    return (
        Dossier.objects.select_related(
            "edition",
            "settling_agency",
            "receiving_agency",
            "help_desk",
            "return_desk",
            "filer",
            "owner_enterprise",
        )
        .filter(uid=key)
        .first()
    )


def may_read(actor: Actor, reference: str, record: Any = None) -> bool:
    """Whether the actor may open a file or paper of the dossier."""
    dossier = dossier_of(reference)
    return dossier is not None and permissions.may(actor, "view", dossier)


def link_to(actor: Actor, dossier: Dossier) -> str:
    """Where this actor reads the dossier."""
    if actor.post is None:
        return reverse("my-dossier", args=[dossier.uid])
    return reverse("dossier", args=[dossier.code]) if dossier.code else reverse("desk")
