"""Which agency decides a filing, and which one-stop shop takes it in."""

from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, Territory
from dossiers.models import Dossier
from procedures.competence import lookup
from procedures.models import Channel


def intake_centre(competent: Agency) -> Agency:
    """The one-stop shop that takes in what `competent` decides: the commune's for every agency of a commune (its
    committee, its police), the province's for all others."""
    if competent.of_commune:
        where = Q(kind=Agency.Kind.COMMUNE_CENTRE, territory=competent.territory)
    else:
        where = Q(kind=Agency.Kind.PROVINCIAL_CENTRE)
    return Agency.objects.filter(where, valid_to__isnull=True).select_related("calendar").get()


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
        dossier.receiving_agency = intake_centre(agency)
        dossier.return_desk = dossier.receiving_agency.desks.filter(open=True).first()
