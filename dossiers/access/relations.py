"""Who stands in which relation to a dossier."""

from enum import Enum

from django.utils import timezone

from accounts.actors import Actor
from accounts.authorisations import still_holds
from accounts.enterprises import representations
from accounts.models import StaffPost
from dossiers.access.pending import pending
from dossiers.models import Dossier, FilingGround, State

Role = StaffPost.Role


class Relation(Enum):
    """How somebody stands to a dossier (accounts hold roles; the relation is the dossier's)."""

    APPLICANT = "applicant"
    COUNTER = "counter"  # counter staff of the place of help or the intake agency
    STEP = "step"  # whoever the current step of the route belongs to
    OFFICER = "officer"  # officer of the competent agency who holds it
    UNIT_HEAD = "unit_head"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    CONSULTED = "consulted"  # staff of a body that is asked for its opinion
    AUTOMATIC = "automatic"


# Small agencies have no clerk and no unit head: the post named here may stand in.
STAND_INS: dict[str, frozenset[str]] = {
    Role.CLERK: frozenset({Role.OFFICER}),
    Role.UNIT_HEAD: frozenset({Role.LEADER}),
}


def is_applicant(actor: Actor, dossier: Dossier) -> bool:
    """Filer, owner, or a present representative of the owning enterprise."""
    person = actor.person
    if person is None:
        return False
    if person.pk == dossier.filer_id and filer_may_act(dossier):
        return True
    if person.pk == dossier.owner_person_id:
        return dossier.state != State.DRAFT
    return bool(
        dossier.owner_enterprise_id
        and representations(person, on=timezone.localdate()).filter(enterprise=dossier.owner_enterprise_id).exists()
    )


def is_filer(actor: Actor, dossier: Dossier) -> bool:
    """Who sent it, whether or not they may still act for its owner: what one sent stays one's own to read."""
    return actor.person is not None and actor.person.pk == dossier.filer_id


def filer_may_act(dossier: Dossier) -> bool:
    """Whether the one who filed for another still may: not after the authorisation has ended or was taken back."""
    if dossier.filing_ground != FilingGround.AUTHORISED or dossier.authorisation is None:
        return True
    return still_holds(dossier.authorisation, on=timezone.localdate())


def is_counter(actor: Actor, dossier: Dossier) -> bool:
    post = actor.post
    if post is None or post.role != Role.COUNTER:
        return False
    if post.agency_id == dossier.receiving_agency_id:
        return True
    if dossier.help_desk_id and dossier.help_desk.agency_id == post.agency_id:
        return True
    return bool(
        dossier.state == State.DONE and dossier.return_desk_id and dossier.return_desk.agency_id == post.agency_id
    )


def holds_step(actor: Actor, dossier: Dossier) -> bool:
    """The current step belongs to the actor: by name, or by role while nobody in particular holds it."""
    post, step = actor.post, dossier.step
    if post is None or step is None or post.agency_id != step.agency_id:
        return False
    if step.holder_id == post.pk:
        return True
    fits = post.role == step.role or post.role in STAND_INS.get(step.role, frozenset())
    return fits and (step.holder_id is None or step.role != Role.OFFICER)


def is_consulted(actor: Actor, dossier: Dossier) -> bool:
    """Staff of a body whose opinion on the dossier is waited for."""
    post = actor.post
    if post is None or post.role not in (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER):
        return False
    return post.agency_id in pending(dossier).consulted


def has_relation(actor: Actor, relation: Relation, dossier: Dossier) -> bool:
    post = actor.post
    at_settling = post is not None and post.agency_id == dossier.settling_agency_id
    match relation:
        case Relation.APPLICANT:
            return is_applicant(actor, dossier)
        case Relation.COUNTER:
            return is_counter(actor, dossier)
        case Relation.STEP:
            return holds_step(actor, dossier)
        case Relation.OFFICER:
            return (
                at_settling
                and actor.role == Role.OFFICER
                and (dossier.holder_id is None or dossier.holder_id == post.pk)
            )
        case Relation.UNIT_HEAD:
            return at_settling and actor.role in (Role.UNIT_HEAD, Role.LEADER)
        case Relation.LEADER:
            return at_settling and actor.role == Role.LEADER
        case Relation.SUPERVISOR:
            return actor.role == Role.SUPERVISOR
        case Relation.CONSULTED:
            return is_consulted(actor, dossier)
        case Relation.AUTOMATIC:
            return actor.channel == "automatic"
    return False
