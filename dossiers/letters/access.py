"""Who reads a paper of a dossier: whoever may open the dossier; the control slip stays within the offices."""

from accounts import permissions
from accounts.actors import Actor
from dossiers.access import record_reference
from papers.models import Paper

_WITHIN_THE_OFFICES = frozenset({"control_slip"})


def may_read_paper(actor: Actor, owner_ref: str, paper: Paper) -> bool:
    dossier = record_reference.dossier_of(owner_ref)
    action = "view_internal" if paper.form in _WITHIN_THE_OFFICES else "view"
    return dossier is not None and permissions.may(actor, action, dossier)
