"""Whose dossiers a report is about: one settling agency's, or the whole province's."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.actors import Actor
from accounts.models import StaffPost
from accounts.permissions import visible
from agencies import search
from agencies.models import Agency
from dossiers.access.openings import countable
from dossiers.models import Dossier
from reports.measures import Asked, Family, rows_of

_DESKS_ONLY = (Agency.Kind.PROVINCIAL_CENTRE, Agency.Kind.COMMUNE_CENTRE)
AGENCIES_SHOWN = 30


@dataclass(frozen=True)
class Scope:
    """`agency` is None for the whole province; `chosen` when a supervisor has picked it."""

    dossiers: QuerySet[Dossier]
    agency: Agency | None = None
    chosen: bool = False

    @property
    def query(self) -> dict[str, str]:
        """The part of an address that names the agency."""
        return {"agency": str(self.agency.pk)} if self.agency and self.chosen else {}


def scope_of(actor: Actor, asked: str) -> Scope:
    """What `actor` may look at of the agency `asked` (an id, "" for all of theirs). Another's agency is not found."""
    if asked and not (asked.isdigit() and len(asked) < 19):
        raise Http404
    if actor.role != StaffPost.Role.SUPERVISOR:
        if asked and int(asked) != actor.post.agency_id:
            raise Http404
        own = visible(actor, Dossier.objects.all()).filter(settling_agency=actor.post.agency_id)
        return Scope(own, actor.post.agency)
    dossiers = countable(actor, Dossier.objects.all())
    if not asked:
        return Scope(dossiers)
    agency = Agency.objects.filter(pk=int(asked)).first()
    if agency is None:
        raise Http404
    return Scope(dossiers.filter(settling_agency=agency), agency, chosen=True)


def agencies_page(words: str, after: str, asked: Asked) -> tuple[list[Agency], str]:
    """One page of agencies in Vietnamese order after the agency of id `after`, and the id that the next page begins
    after ("" on the last). Without `words` those that have something to count; with them any that settles."""
    agencies = search.agencies_matching(_settling(), words) if words else _busy(asked)
    previous = Agency.objects.filter(pk=int(after)).first() if after.isdigit() and len(after) < 19 else None
    if previous:
        later = Q(sort_key__gt=previous.sort_key) | Q(sort_key=previous.sort_key, pk__gt=previous.pk)
        agencies = agencies.filter(later)
    found = list(agencies.order_by("sort_key", "pk")[: AGENCIES_SHOWN + 1])
    more = len(found) > AGENCIES_SHOWN
    return found[:AGENCIES_SHOWN], str(found[AGENCIES_SHOWN - 1].pk) if more else ""


def _busy(asked: Asked) -> QuerySet[Agency]:
    """Agencies with a number that is not nought, former ones among them."""
    own = Dossier.objects.filter(settling_agency=OuterRef("pk"))
    counted = Q()
    for family in Family:
        counted |= Q(Exists(own.filter(rows_of(family, asked))))
    return Agency.objects.filter(counted)


def _settling() -> QuerySet[Agency]:
    """Agencies of today that settle, and former ones that have settled."""
    settled = Q(Exists(Dossier.objects.filter(settling_agency=OuterRef("pk"))))
    of_today = Q(pk__in=Agency.objects.valid().exclude(kind__in=_DESKS_ONLY).values("pk"))
    return Agency.objects.filter(of_today | settled)
