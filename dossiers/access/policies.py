"""Who may see a dossier. Actions are checked by the life-cycle table (`lifecycle.refusal_of`)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.enterprises import representations
from accounts.models import StaffPost
from accounts.permissions import policy, queryset_rule
from dossiers.access import involvements, openings
from dossiers.access.inheritance import inheritance_of
from dossiers.access.relations import is_applicant, is_filer
from dossiers.lifecycle import TABLE, refusal_of
from dossiers.models import OFFICE_KINDS, Dossier, DossierEvent, Involvement, State

Role = StaffPost.Role
_SETTLING_ROLES = (Role.OFFICER, Role.UNIT_HEAD, Role.LEADER, Role.CLERK)


@policy(Dossier)
def may(actor: Actor, action: str, record: Any) -> bool:
    if not isinstance(record, Dossier):
        return action == "list" and actor.is_staff
    if record.discarded_at is not None:
        return False  # its writer takes it back first
    if action in TABLE:
        return refusal_of(record, TABLE[action], actor) is None
    if action == "edit_draft":
        return record.state == State.DRAFT and is_applicant(actor, record) and not _is_taken_back(record)
    if action == "view":
        if actor.connected_system and actor.post is None:
            return record.events.filter(system=actor.system, action="send").exists()
        own = is_filer(actor, record) or is_applicant(actor, record)
        return own and not _is_taken_back(record) or _staff_sees(actor, record)
    if action == "read_result":
        return is_applicant(actor, record) and not _is_taken_back(record) or _staff_sees(actor, record)
    if action == "view_internal":
        return _staff_sees(actor, record)
    return False


def _is_taken_back(dossier: Dossier) -> bool:
    """Whether it was moved in by mistake (dossiers.moving_in): a draft that had been more."""
    return dossier.state == State.DRAFT and dossier.revision > 0


def _staff_sees(actor: Actor, dossier: Dossier) -> bool:
    post = actor.post
    if post is None:
        return False
    if dossier.state == State.DRAFT and dossier.help_desk_id is None:
        return False
    if post.role == Role.SUPERVISOR:
        return openings.is_open_for(actor, dossier)
    if post.role != Role.COUNTER and post.role not in _SETTLING_ROLES:
        return False
    if _has_to_do_with(frozenset({post.agency_id}), post.role, dossier):
        return True
    inherited = inheritance_of(post.agency)
    if _has_to_do_with(inherited.agencies - {post.agency_id}, post.role, dossier):
        return True
    return post.role != Role.COUNTER and inherited.holds_closed(dossier)


def _has_to_do_with(agencies: frozenset[int], role: str, dossier: Dossier) -> bool:
    """Whether one of the agencies has, as people in that role see it; as the table of involvements says."""
    if not agencies:
        return False
    if role == Role.COUNTER:
        desks = (dossier.help_desk, dossier.return_desk)
        return dossier.receiving_agency_id in agencies or any(d and d.agency_id in agencies for d in desks)
    if dossier.settling_agency_id in agencies or dossier.step is not None and dossier.step.agency_id in agencies:
        return True
    return dossier.opinions.filter(agency__in=agencies).exists()


@queryset_rule(Dossier)
def visible(actor: Actor, queryset: QuerySet) -> QuerySet:
    """Staff see what their post sees, supervisors the cases they have opened; others what they filed or own; a system
    without a post what it filed. Drafts of citizens are theirs alone."""
    post = actor.post
    if post is not None:
        if post.role == Role.SUPERVISOR:
            return openings.opened_dossiers(actor, queryset)
        if post.role == Role.COUNTER:
            return involvements.seen_by(queryset, post.agency, (Involvement.Kind.COUNTER,))
        if post.role in _SETTLING_ROLES:
            return involvements.seen_by(queryset, post.agency, OFFICE_KINDS)
        return queryset.none()
    if actor.connected_system and actor.represents is None:
        filed = DossierEvent.objects.filter(dossier=OuterRef("pk"), system=actor.system, action="send")
        return queryset.filter(Exists(filed))
    return of_applicant(actor, queryset.filter(discarded_at__isnull=True))


def of_applicant(actor: Actor, queryset: QuerySet) -> QuerySet:
    """What the signed-in person filed or owns, for themselves or for an enterprise they represent.

    A draft that somebody else writes in their name is that person's alone.
    """
    person = actor.person
    if person is None:
        return queryset.none()
    mine = representations(person, on=timezone.localdate()).order_by().values("enterprise")
    own = Q(filer=person) | Q(owner_person=person) & ~Q(state=State.DRAFT) | Q(owner_enterprise__in=mine)
    taken_back = Q(state=State.DRAFT, revision__gt=0)  # moved in by mistake (dossiers.moving_in)
    return queryset.filter(own).exclude(taken_back)
