"""What administrators correct in agencies and calendars, each on record."""

from datetime import date

from django.db import transaction

from accounts.actors import Actor
from agencies.calendars import DayChange, change_day
from agencies.models import Agency, WorkCalendar
from agencies.province import agency_search_key
from journal import audit_log


@transaction.atomic
def correct_agency(agency: Agency, *, by: Actor, **facts: object) -> None:
    """Write the given fields of an agency."""
    before = {field: getattr(agency, field) for field in facts}
    changed = {field: value for field, value in facts.items() if before[field] != value}
    if not changed:
        return
    Agency.objects.select_for_update().get(pk=agency.pk)
    for field, value in changed.items():
        setattr(agency, field, value)
    agency.search_key = agency_search_key(agency)
    agency.save(update_fields=[*changed, "search_key"])
    audit_log.record_entry(
        "agency_corrected",
        f"agency:{agency.pk}",
        actor=by.label,
        origin=by.origin,
        request_id=by.request_id,
        before={field: before[field] for field in changed},
        after=changed,
    )


@transaction.atomic
def change_calendar_day(
    calendar: WorkCalendar,
    day: date,
    *,
    kind: str | None,
    name: str = "",
    name_en: str = "",
    document: str = "",
    status: str = "verified",
    by: Actor,
) -> DayChange:
    """`agencies.calendars.change_day`, on record."""
    change = change_day(
        calendar, day, kind=kind, name=name, name_en=name_en, document=document, status=status, by=by.label
    )
    audit_log.record_entry(
        "calendar_day_changed",
        f"calendar:{calendar.key}",
        actor=by.label,
        origin=by.origin,
        request_id=by.request_id,
        date=day.isoformat(),
        before=change.before,
        after=change.after,
        name=name,
        document=document,
        version=change.version,
    )
    return change
