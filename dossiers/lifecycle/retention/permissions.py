"""Who draws up and decides on lists for destruction: administrators of the agency, and its head."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.administration import administered_agencies
from accounts.models import StaffPost
from agencies.models import Agency
from dossiers.models import DestructionList

Role = StaffPost.Role
DECIDERS = (Role.ADMINISTRATOR, Role.LEADER)


def own_agencies(actor: Actor) -> QuerySet[Agency]:
    """The agencies whose lists the actor draws up and decides on."""
    if actor.post is not None and actor.role == Role.LEADER:
        return Agency.objects.filter(pk=actor.post.agency_id)
    return administered_agencies(actor)


def lists_of(actor: Actor) -> QuerySet[DestructionList]:
    return DestructionList.objects.filter(agency__in=own_agencies(actor))
