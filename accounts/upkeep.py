"""What administrators correct in agencies and calendars, each on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from agencies.calendars import DayChange, Hours, change_day, change_hours, follow_calendar, found_calendar
from agencies.models import Agency, WorkCalendar
from agencies.province import agency_search_key
from core.refusals import Refused
from journal import audit_log
from vietnam.text import sort_key


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
        by=by,
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
        by=by,
        date=day.isoformat(),
        before=change.before,
        after=change.after,
        name=name,
        document=document,
        version=change.version,
    )
    return change


@transaction.atomic
def add_agency(agency: Agency, *, by: Actor) -> Agency:
    """Keep a new agency with what it is found and sorted by. Raises Refused where its parent cannot be that."""
    _check_parent(agency)
    agency.search_key, agency.sort_key = agency_search_key(agency), sort_key(agency.name)
    agency.save(force_insert=True)
    _record("agency_added", f"agency:{agency.pk}", by, code=agency.code, kind=agency.kind, key=agency.key)
    return agency


@transaction.atomic
def place_agency(
    agency: Agency, *, name: str, name_en: str, parent: Agency | None, calendar: WorkCalendar, today: date, by: Actor
) -> None:
    """Give an agency another name, parent or calendar. With another calendar what it has open is counted anew.

    Raises Refused.
    """
    locked = Agency.objects.select_for_update(of=("self",)).get(pk=agency.pk)
    before = {
        "name": locked.name,
        "name_en": locked.name_en,
        "parent": locked.parent_id,
        "calendar": locked.calendar_id,
    }
    after = {"name": name, "name_en": name_en, "parent": parent and parent.pk, "calendar": calendar.pk}
    if before == after:
        return
    locked.name, locked.name_en, locked.parent = name, name_en, parent
    _check_parent(locked)
    locked.search_key, locked.sort_key = agency_search_key(locked), sort_key(name)
    locked.save(update_fields=["name", "name_en", "parent", "search_key", "sort_key"])
    _record("agency_placed", f"agency:{agency.pk}", by, before=before, after=after)
    if before["calendar"] != calendar.pk:
        follow_calendar(locked, calendar, today=today, by=by.label)


def _check_parent(agency: Agency) -> None:
    """An agency is not below itself, however many lie between."""
    above, steps = agency.parent, 0
    while above is not None and steps < 20:
        if agency.pk is not None and above.pk == agency.pk:
            raise Refused(
                "parent_circle", _("Cơ quan không thể trực thuộc chính nó. Hãy chọn cơ quan khác."), field="parent"
            )
        above, steps = above.parent, steps + 1


@transaction.atomic
def give_own_calendar(agency: Agency, *, today: date, by: Actor) -> WorkCalendar:
    """A calendar of the agency's own, built on the one it works by; one it has already is given back."""
    locked = Agency.objects.select_for_update(of=("self",)).select_related("calendar").get(pk=agency.pk)
    key = f"agency-{agency.pk}"
    if locked.calendar.key == key:
        return locked.calendar
    own = WorkCalendar.objects.filter(key=key).first() or found_calendar(
        key, locked.name[:120], locked.calendar, name_en=locked.name_en[:120]
    )
    _record("calendar_added", f"calendar:{key}", by, agency=agency.pk, base=locked.calendar.key)
    follow_calendar(locked, own, today=today, by=by.label)
    return own


@transaction.atomic
def change_weekly_hours(calendar: WorkCalendar, hours: Sequence[Hours], *, today: date, by: Actor) -> None:
    """`agencies.calendars.change_hours`, on record."""
    before = [_span(row) for row in calendar.hours.filter(season_from="", until=None)]
    change_hours(calendar, hours, today=today, by=by.label)
    after = [_span(span) for span in hours]
    _record("calendar_hours_changed", f"calendar:{calendar.key}", by, before=before, after=after)


def _span(span: Any) -> str:
    return f"{span.weekday} {span.opens:%H:%M}-{span.closes:%H:%M}" + ("" if span.counts else " reception")


def _record(verb: str, subject: str, by: Actor, **changes: Any) -> None:
    audit_log.record_entry(verb, subject, by=by, **changes)
