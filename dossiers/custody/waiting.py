"""Folders that are wanted elsewhere: how many, where to, and which belong into a hand-over record."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from agencies.models import Agency
from dossiers.models import Folder, HandOver, HandOverItem, Place

# Where a folder lies that somebody of its agency can hand over.
IN_HOUSE = (Place.DESK, Place.DEPARTMENT, Place.ARCHIVE)
Kind = HandOver.Kind


def waiting_folders(agency_id: int) -> QuerySet[Folder]:
    """Folders at the agency that are wanted elsewhere and stand in no open record."""
    at_hand = Folder.objects.filter(agency=agency_id, place__in=IN_HOUSE, wanted_at__isnull=False)
    return _in_no_record(at_hand.exclude(wanted_at=agency_id))


def _in_no_record(folders: QuerySet[Folder]) -> QuerySet[Folder]:
    return folders.exclude(pk__in=HandOverItem.objects.filter(hand_over__taken_at__isnull=True).values("folder"))


@dataclass(frozen=True)
class Destination:
    """An agency that waits for folders of another."""

    agency: Agency
    number: int
    until: datetime


def destinations(agency_id: int) -> list[Destination]:
    """Where folders of the agency are waited for, the most urgent first."""
    rows = waiting_folders(agency_id).values_list("wanted_at").annotate(number=Count("pk"), until=Min("wanted_by"))
    found = list(rows.order_by("until", "wanted_at")[:50])
    agencies = Agency.objects.in_bulk([pk for pk, _number, _until in found])
    return [Destination(agencies[pk], number, until) for pk, number, until in found]


def held_at_desk(agency_id: int, desk_id: int | None) -> QuerySet[Folder]:
    """What one shift of a desk leaves to the next."""
    return _in_no_record(Folder.objects.filter(place=Place.DESK, agency=agency_id, desk=desk_id))


def folders_offered(record: HandOver) -> QuerySet[Folder]:
    """Folders that belong into this record and stand in none yet."""
    if record.kind == Kind.SHIFT:
        return held_at_desk(record.from_agency_id, record.from_desk_id)
    return waiting_folders(record.from_agency_id).filter(wanted_at=record.to_agency_id)
