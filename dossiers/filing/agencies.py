"""Which agency decides a filing, and which one-stop shop takes it in."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Desk, Territory
from dossiers.models import Dossier
from procedures.competence import lookup
from procedures.models import Channel


def intake_centre(competent: Agency) -> Agency:
    """The one-stop shop that takes in what `competent` decides: the commune's for every agency of a commune (its
    committee, its police), the province's for all others."""
    centres = Agency.objects.filter(_takes_in_for(competent), valid_to__isnull=True)
    return centres.select_related("calendar").get()


def intake_place(competent: Agency) -> tuple[Agency, Desk | None]:
    """Who takes in what `competent` decides, with its first open desk."""
    desks = Desk.objects.filter(_takes_in_for(competent, "agency__"), open=True, agency__valid_to__isnull=True)
    desk = desks.select_related("agency__calendar").order_by("number").first()
    return (desk.agency, desk) if desk else (intake_centre(competent), None)


def intake_places(competents: Iterable[Agency]) -> dict[int, tuple[Agency, Desk | None]]:
    """As `intake_place`, by the keys of many agencies in two statements; an agency that no centre takes in for is left
    out."""
    kinds = (Agency.Kind.COMMUNE_CENTRE, Agency.Kind.PROVINCIAL_CENTRE)
    centres = Agency.objects.filter(kind__in=kinds, valid_to=None).select_related("calendar")
    places: dict[tuple[str, int | None], tuple[Agency, Desk | None]] = {
        _place_of(centre): (centre, None) for centre in centres
    }
    desks = Desk.objects.filter(agency__kind__in=kinds, agency__valid_to=None, open=True)
    for desk in desks.select_related("agency__calendar").order_by("-number"):
        places[_place_of(desk.agency)] = (desk.agency, desk)
    found = {}
    for competent in competents:
        kind = Agency.Kind.COMMUNE_CENTRE if competent.of_commune else Agency.Kind.PROVINCIAL_CENTRE
        if place := places.get((kind, competent.territory_id if competent.of_commune else None)):
            found[competent.pk] = place
    return found


def _place_of(centre: Agency) -> tuple[str, int | None]:
    return centre.kind, centre.territory_id if centre.kind == Agency.Kind.COMMUNE_CENTRE else None


def _takes_in_for(competent: Agency, path: str = "") -> Q:
    if competent.of_commune:
        where = {"kind": Agency.Kind.COMMUNE_CENTRE, "territory": competent.territory}
    else:
        where = {"kind": Agency.Kind.PROVINCIAL_CENTRE}
    return Q(**{f"{path}{name}": value for name, value in where.items()})


def assign_agencies(dossier: Dossier, territory: Territory | None) -> None:
    """Set the competent and the intake agency, from the edition's competence and the place. The caller saves."""
    place = territory or Territory.objects.filter(kind=Territory.Kind.PROVINCE, valid_to__isnull=True).first()
    agency = lookup.settling_agency(dossier.edition, place, timezone.localdate()) if place else None
    dossier.settling_agency = agency
    dossier.answers["territory"] = territory.code if territory else ""
    if agency is None:
        dossier.receiving_agency = None
        return
    if dossier.channel == Channel.ONLINE or dossier.receiving_agency_id is None:
        dossier.receiving_agency, dossier.return_desk = intake_place(agency)
