"""Which agency decides a filing, and which one-stop shop takes it in."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Desk, Territory
from core.kept_queries import KeptQuery
from dossiers.models import Dossier
from procedures.competence import lookup
from procedures.models import Channel

# Asked by every filing: the first open desk of a commune's one-stop shop and of the province's.
_OPEN_DESK = (
    Desk.objects.filter(open=True, agency__valid_to__isnull=True).select_related("agency__calendar").order_by("number")
)
_DESK_OF_COMMUNE = KeptQuery(
    lambda territory: _OPEN_DESK.filter(agency__kind=Agency.Kind.COMMUNE_CENTRE, agency__territory_id=territory)[:1],
    territory=-1,
)
_DESK_OF_PROVINCE = KeptQuery(lambda: _OPEN_DESK.filter(agency__kind=Agency.Kind.PROVINCIAL_CENTRE)[:1])
_PROVINCE = KeptQuery(lambda: Territory.objects.filter(kind=Territory.Kind.PROVINCE, valid_to__isnull=True)[:1])


def intake_centre(competent: Agency) -> Agency:
    """The one-stop shop that takes in what `competent` decides: the commune's for every agency of a commune (its
    committee, its police), the province's for all others."""
    centres = Agency.objects.filter(_takes_in_for(competent)).select_related("calendar")
    if centre := centres.filter(valid_to__isnull=True).first():
        return centre
    ended = centres.filter(successor__isnull=False).order_by("-valid_to", "-pk").first()
    found = ended and ended.doing_the_work(on=timezone.localdate())
    if found is None:
        raise Agency.DoesNotExist(f"no centre takes in for {competent.pk}")
    return found


def intake_place(competent: Agency) -> tuple[Agency, Desk | None]:
    """Who takes in what `competent` decides, with its first open desk."""
    if competent.of_commune:
        desks = _DESK_OF_COMMUNE.records(territory=competent.territory_id)
    else:
        desks = _DESK_OF_PROVINCE.records()
    if desks:
        return desks[0].agency, desks[0]
    centre = intake_centre(competent)
    return centre, centre.desks.filter(open=True).order_by("number").first()


def intake_places(competents: Iterable[Agency]) -> dict[int, tuple[Agency, Desk | None]]:
    """As `intake_place`, by the keys of many agencies in three statements; an agency that no centre takes in for is
    left out."""
    kinds = (Agency.Kind.COMMUNE_CENTRE, Agency.Kind.PROVINCIAL_CENTRE)
    centres = Agency.objects.filter(kind__in=kinds, valid_to=None).select_related("calendar")
    places: dict[tuple[str, int | None], tuple[Agency, Desk | None]] = {
        _place_of(centre): (centre, None) for centre in centres
    }
    former = Agency.objects.filter(kind__in=kinds, successor__isnull=False).select_related("successor__successor")
    ended = {_place_of(centre): centre for centre in former.order_by("valid_to", "pk")}
    desks = Desk.objects.filter(agency__kind__in=kinds, agency__valid_to=None, open=True)
    for desk in desks.select_related("agency__calendar").order_by("-number"):
        places[_place_of(desk.agency)] = (desk.agency, desk)
    found = {}
    for competent in competents:
        kind = Agency.Kind.COMMUNE_CENTRE if competent.of_commune else Agency.Kind.PROVINCIAL_CENTRE
        where = (kind, competent.territory_id if competent.of_commune else None)
        if place := places.get(where) or _taken_over(ended.get(where), places):
            found[competent.pk] = place
    return found


def _taken_over(former: Agency | None, places: Mapping[Any, Any]) -> tuple[Agency, Desk | None] | None:
    """The place of the centre that took over from one that has ended."""
    centre = former and former.doing_the_work(on=timezone.localdate())
    return places.get(_place_of(centre)) if centre else None


def _place_of(centre: Agency) -> tuple[str, int | None]:
    return centre.kind, centre.territory_id if centre.kind == Agency.Kind.COMMUNE_CENTRE else None


def _takes_in_for(competent: Agency) -> Q:
    if competent.of_commune:
        return Q(kind=Agency.Kind.COMMUNE_CENTRE, territory=competent.territory)
    return Q(kind=Agency.Kind.PROVINCIAL_CENTRE)


def assign_agencies(dossier: Dossier, territory: Territory | None) -> None:
    """Set the competent and the intake agency, from the edition's competence and the place. The caller saves."""
    place = territory or next(iter(_PROVINCE.records()), None)
    agency = lookup.settling_agency(dossier.edition, place, timezone.localdate()) if place else None
    dossier.settling_agency = agency
    dossier.answers["territory"] = territory.code if territory else ""
    if agency is None:
        dossier.receiving_agency = None
        return
    if dossier.channel == Channel.ONLINE or dossier.receiving_agency_id is None:
        dossier.receiving_agency, dossier.return_desk = intake_place(agency)
