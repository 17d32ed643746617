"""Whose money a post works on: that of its own agency, of those whose business it took over, and, for heads, of the
one-stop centre below it, which may have one cashier and nobody else to decide."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from accounts.actors import Actor
from accounts.models import StaffPost
from agencies.models import Agency
from payments.accounts import predecessor_codes

M = TypeVar("M", bound=Model)
Role = StaffPost.Role
CASHIERS = (Role.COUNTER,)
DECIDERS = (Role.COUNTER, Role.UNIT_HEAD, Role.LEADER)  # of refunds, always somebody else than who asked
READERS = (Role.COUNTER, Role.UNIT_HEAD, Role.LEADER)
FIGURE_READERS = (*READERS, Role.SUPERVISOR)  # sums alone; who paid and what they wrote is READERS' to see
_HEADS = (Role.UNIT_HEAD, Role.LEADER)
_CENTRES = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)


def agency_codes(actor: Actor) -> list[str] | None:
    """Codes of the agencies whose money the actor's post works on; None for the whole province."""
    if actor.role == Role.SUPERVISOR:
        return None
    if actor.post is None:
        return []
    agencies = [actor.post.agency]
    if actor.role in _HEADS:
        agencies += Agency.objects.filter(parent=actor.post.agency_id, kind__in=_CENTRES)
    return [code for agency in agencies for code in predecessor_codes(agency)]


def of_agency(actor: Actor, rows: QuerySet[M]) -> QuerySet[M]:
    """The rows with an `agency_code` that the actor works on; for cashiers also what has no agency yet."""
    codes = agency_codes(actor)
    return rows if codes is None else rows.filter(agency_code__in=[*codes, ""])


def found_of_agency(actor: Actor, rows: QuerySet[M], **by: Any) -> M:
    """The one row, for those who work on it; to all others there is none."""
    found = of_agency(actor, rows).filter(**by).first()
    if found is None:
        raise Http404
    return found
