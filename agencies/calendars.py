"""Working calendars: the stored days and hours as the plain value that counts, and the one way to change a
day.

The State's calendar (`state`) carries the national days; an agency's calendar is built on it and may differ.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from agencies.models import Agency, CalendarDay, Desk, OfficeHours, WorkCalendar
from agencies.signals import calendar_changed
from core.together import Answer, Statement, execute_together
from vietnam import holidays, working_time

STATE = "state"
# Of the database: shared by whoever writes a date counted on a calendar, alone by whoever changes a calendar.
_COUNTING = 0x0C0A_1E4D
_LOCK = "SELECT pg_advisory_xact_lock_shared(%s)"
_NAMES = [field.attname for field in WorkCalendar._meta.concrete_fields]
_READ = f"SELECT {', '.join(_NAMES)} FROM agencies_workcalendar WHERE id = ANY(%s)"  # noqa: S608


class NoCalendarDays(LookupError):
    """The calendar has no recorded day at all, so nobody knows which years it covers."""


def calendar_of(owner: Agency | Desk | WorkCalendar) -> working_time.Calendar:
    """The working calendar of an agency, a desk (its own or its agency's) or a stored calendar.

    It covers the whole years from the first to the last recorded day and is kept compiled in this process
    until a day of it or of its base changes. Raises `NoCalendarDays`.
    """
    stored = _stored(owner)
    revision = stored.revision
    while True:
        try:
            return _compiled(stored.pk, revision, settings.FIRST_DAY_LEFT_OUT, settings.FIRST_DAY_GROUND)
        except _HasChanged as changed:
            revision = changed.revision


def lock_calendars(*owners: Agency) -> None:
    """Let no calendar change until this transaction ends. Call it before a date is counted that is written.

    Whoever changes a calendar waits for those who count, so that the counting anew that follows sees all their dates;
    whoever counts after that counts by the new calendar: `owners` get theirs as it is then. Lock the rows of the record
    first: everybody takes the two in this order.
    """
    _lock, read = execute_together(*locking_calendars(*owners))
    give_calendars(read, *owners)


def locking_calendars(*owners: Agency) -> tuple[Statement, Statement]:
    """What `lock_calendars` asks, for whoever has more to ask in the same message; `give_calendars` takes the second
    answer, which sees what was committed until the lock was had."""
    return Statement(_LOCK, [_COUNTING]), Statement(_READ, [list({owner.calendar_id for owner in owners})])


def give_calendars(read: Answer, *owners: Agency) -> None:
    """Give the agencies their calendars as they were read."""
    found = {row[0]: WorkCalendar.from_db(connection.alias, _NAMES, row) for row in read.rows}
    for owner in owners:
        owner.calendar = found[owner.calendar_id]


def _stored(owner: Agency | Desk | WorkCalendar) -> WorkCalendar:
    if isinstance(owner, WorkCalendar):
        return owner
    if isinstance(owner, Desk):
        return owner.calendar or owner.agency.calendar
    return owner.calendar


class _HasChanged(Exception):
    """The calendar is no longer of the revision asked for."""

    def __init__(self, revision: uuid.UUID) -> None:
        self.revision = revision


@lru_cache(maxsize=64)
def _compiled(calendar_id: int, revision: uuid.UUID, left_out: str, ground: str) -> working_time.Calendar:
    """Kept under the revision, which never comes back. Only what has that revision may be: the change that a caller
    with a row of before would see may yet be taken back with its transaction. Errors: _HasChanged."""
    chain = _chain(calendar_id)
    hours, days = _hours(chain), _days(chain)
    # Read again: a day that changed in between, of this calendar or of its base, must not be kept under this revision.
    again = WorkCalendar.objects.values_list("revision", flat=True).get(pk=calendar_id)
    for present in (chain[0].revision, again):
        if present != revision:
            raise _HasChanged(present)
    if not days:
        raise NoCalendarDays(chain[0].key)
    return working_time.Calendar(
        first_day=date(min(days).year, 1, 1),
        last_day=date(max(days).year, 12, 31),
        version=f"{chain[0].key}/{chain[0].version}",
        hours=hours,
        off={day: _note(row) for day, row in days.items() if row.kind == CalendarDay.Kind.OFF},
        work={day: _note(row) for day, row in days.items() if row.kind == CalendarDay.Kind.WORK},
        day_left_out=working_time.FirstDay(left_out),
        day_left_out_ground=ground,
    )


def _chain(calendar_id: int) -> list[WorkCalendar]:
    """The calendar, its base, the base of that, …"""
    chain = [WorkCalendar.objects.get(pk=calendar_id)]
    while chain[-1].base_id:
        chain.append(WorkCalendar.objects.get(pk=chain[-1].base_id))
    return chain


def _days(chain: list[WorkCalendar]) -> dict[date, CalendarDay]:
    found: dict[date, CalendarDay] = {}
    for link in reversed(chain):
        found.update({row.date: row for row in CalendarDay.objects.filter(calendar=link)})
    return found


def _hours(chain: list[WorkCalendar]) -> list[working_time.OfficeHours]:
    """The hours of each day: a calendar's own, and its base's from the day on when its own end."""
    found: list[working_time.OfficeHours] = []
    floor: date | None = None
    for link in chain:
        rows = list(OfficeHours.objects.filter(calendar=link).order_by("weekday", "opens"))
        found += _grouped(rows, floor)
        if not rows:
            continue
        ends = [row.until for row in rows if row.until is not None]
        if len(ends) < len(rows):
            return found
        floor = max([*ends, *([floor] if floor else [])]) + timedelta(days=1)
    return [*found, replace(working_time.STANDARD_HOURS, first=floor)]


def _grouped(rows: list[OfficeHours], floor: date | None) -> list[working_time.OfficeHours]:
    intervals = defaultdict(list)
    for row in rows:
        since = max(filter(None, (row.since, floor)), default=None)
        key = (row.season_from, row.season_to, row.counts, row.weekday, since, row.until)
        intervals[key].append((row.opens, row.closes))
    # A season's hours stand before those of the whole year, because the first entry that fits a day is the
    # day's.
    return [
        working_time.OfficeHours(
            frozenset({weekday}),
            tuple(spans),
            season_from=_month_day(begins) or (1, 1),
            season_to=_month_day(ends) or (12, 31),
            reception_only=not counts,
            first=since,
            last=until,
        )
        for (begins, ends, counts, weekday, since, until), spans in sorted(
            intervals.items(), key=lambda item: not item[0][0]
        )
    ]


def _month_day(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    month, day = text.split("-")
    return int(month), int(day)


def _note(row: CalendarDay) -> working_time.DayNote:
    return working_time.DayNote(
        row.name, row.name_en, row.document, provisional=row.status == CalendarDay.Status.COMPUTED
    )


@dataclass(frozen=True)
class Hours:
    """One span of a weekday (0 Monday … 6 Sunday); one that does not count only takes dossiers in."""

    weekday: int
    opens: time
    closes: time
    counts: bool = True


@dataclass(frozen=True)
class ChangedSpan:
    """The calendars that count differently, and between which days."""

    calendar_ids: tuple[int, ...]
    first_day: date
    last_day: date


@transaction.atomic
def change_hours(
    calendar: WorkCalendar, hours: Sequence[Hours], *, today: date, by: str = "", supposed: bool = False
) -> ChangedSpan:
    """Give a calendar these weekly hours instead of its own; none at all means those of its base.

    They hold from `today` on, and days before keep the hours that were worked: `calendar_changed` is sent in the same
    transaction. Seasons of a calendar, which the seed may hold, stay. `supposed` as in `change_day`.
    """
    locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    yesterday = today - timedelta(days=1)
    locked.hours.filter(season_from="", since=today).delete()  # changed twice in a day
    if not locked.hours.filter(season_from="").exists():
        _keep_inherited(locked, until=yesterday)
    locked.hours.filter(season_from="", until=None).update(until=yesterday)
    OfficeHours.objects.bulk_create(
        OfficeHours(
            calendar=locked,
            weekday=span.weekday,
            opens=span.opens,
            closes=span.closes,
            counts=span.counts,
            since=today,
        )
        for span in hours
    )
    return _tell_of_change(locked, today, by=by, supposed=supposed)


def _keep_inherited(calendar: WorkCalendar, *, until: date) -> None:
    """Write down the weekly hours that a calendar had from its base so far, up to a day."""
    for entry in _hours(_chain(calendar.pk)):
        if (entry.season_from, entry.season_to) != ((1, 1), (12, 31)) or (entry.first and entry.first > until):
            continue
        OfficeHours.objects.bulk_create(
            OfficeHours(
                calendar=calendar,
                weekday=weekday,
                opens=opens,
                closes=closes,
                counts=not entry.reception_only,
                since=entry.first,
                until=min(filter(None, (entry.last, until))),
            )
            for weekday in sorted(entry.weekdays)
            for opens, closes in entry.intervals
        )


@transaction.atomic
def found_calendar(key: str, name: str, base: WorkCalendar, *, name_en: str = "") -> WorkCalendar:
    """A calendar on `base` that differs in nothing yet."""
    return WorkCalendar.objects.create(key=key, name=name, name_en=name_en, base=base)


@transaction.atomic
def follow_calendar(
    agency: Agency, calendar: WorkCalendar, *, today: date, by: str = "", supposed: bool = False
) -> ChangedSpan:
    """Let an agency work by another calendar from `today` on; what it has open is counted anew. The agency's row is the
    caller's to lock. `supposed` as in `change_day`."""
    agency.calendar = calendar
    agency.save(update_fields=["calendar"])
    locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    return _tell_of_change(locked, today, by=by, supposed=supposed)


def _tell_of_change(calendar: WorkCalendar, first_day: date, *, by: str, supposed: bool) -> ChangedSpan:
    """A new version for it and all built on it, and word to whoever counted on them from a day on."""
    calendar_ids = extend_calendars(calendar)
    if not supposed:
        _wait_for_counting()
    last = max(_days(_chain(calendar.pk)), default=first_day)
    last_day = max(date(last.year, 12, 31), first_day)
    calendar_changed.send(sender=WorkCalendar, calendars=calendar_ids, first_day=first_day, last_day=last_day, by=by)
    return ChangedSpan(tuple(calendar_ids), first_day, last_day)


def _wait_for_counting() -> None:
    """Until nobody writes a date counted on a calendar, and nobody begins to before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])


@dataclass(frozen=True)
class DayChange:
    """What `change_day` did: the calendars that count differently now, and the version of the one written."""

    calendar_ids: tuple[int, ...]
    version: int
    before: str  # off, work, or empty for an ordinary day of the week
    after: str


@transaction.atomic
def change_day(
    calendar: WorkCalendar,
    day: date,
    *,
    kind: str | None,
    name: str = "",
    name_en: str = "",
    document: str = "",
    status: str = CalendarDay.Status.VERIFIED,
    by: str = "",
    supposed: bool = False,
) -> DayChange:
    """Write one day of a calendar: off, worked (`CalendarDay.Kind`), or with `kind=None` as the week or
    base has it. `by` is the name of who decided, as kept in histories. `supposed`: the caller rolls it back, so that
    nobody who counts meanwhile has to wait.

    The version of this calendar and of all built on it grows; `calendar_changed` is sent in the same
    transaction.
    """
    locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
    old = CalendarDay.objects.filter(calendar=locked, date=day).first()
    if kind is None:
        CalendarDay.objects.filter(calendar=locked, date=day).delete()
    else:
        CalendarDay.objects.update_or_create(
            calendar=locked,
            date=day,
            defaults={
                "kind": kind,
                "name": name,
                "name_en": name_en,
                "document": document,
                "status": status,
            },
        )
    calendar_ids = extend_calendars(locked)
    if not supposed:
        _wait_for_counting()
    calendar_changed.send(sender=WorkCalendar, calendars=calendar_ids, first_day=day, last_day=day, by=by)
    locked.refresh_from_db()
    calendar.version, calendar.revision = locked.version, locked.revision
    return DayChange(tuple(calendar_ids), locked.version, old.kind if old else "", kind or "")


def extend_calendars(calendar: WorkCalendar) -> list[int]:
    """Give the calendar and all built on it a new version; returns their ids. Call it after any write of
    days or hours, in the same transaction."""
    ids, level = [calendar.pk], [calendar.pk]
    while level:
        level = list(WorkCalendar.objects.filter(base_id__in=level).order_by("pk").values_list("pk", flat=True))
        ids.extend(level)
    WorkCalendar.objects.filter(pk__in=ids).update(version=F("version") + 1, revision=uuid.uuid4())
    return ids


def own_and_inherited_days(calendar: WorkCalendar, year: int) -> list[CalendarDay]:
    """The exceptional days of a year that hold in this calendar, by date; `calendar_id` tells where each
    stands."""
    days = _days(_chain(calendar.pk))
    return [days[day] for day in sorted(days) if day.year == year]


def seed_years(calendar: WorkCalendar, first_year: int, last_year: int) -> list[int]:
    """Record the national days of those years that have none yet; returns these years.

    A year with any record is left alone: somebody may have corrected it.
    """
    with transaction.atomic():
        locked = WorkCalendar.objects.select_for_update().get(pk=calendar.pk)
        known = {day.year for day in CalendarDay.objects.filter(calendar=locked).dates("date", "year")}
        missing = [year for year in range(first_year, last_year + 1) if year not in known]
        CalendarDay.objects.bulk_create(
            CalendarDay(
                calendar=locked,
                date=seed.date,
                kind=seed.kind,
                name=seed.name,
                name_en=seed.name_en,
                document=seed.document,
                status=seed.status,
            )
            for year in missing
            for seed in holidays.seed_days(year)
        )
        if missing:
            extend_calendars(locked)
    calendar.refresh_from_db()
    return missing
