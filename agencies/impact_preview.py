"""What a change of a calendar would move in the apps above, seen before it is made.

An app registers a function at start-up that looks at its own records under the changed calendar. It is asked within a
transaction that is rolled back, so that what is foreseen is counted by the very rule that will be applied.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from agencies.calendars import ChangedSpan, Hours, change_day, change_hours, follow_calendar
from agencies.models import Agency, WorkCalendar


@dataclass(frozen=True)
class Moved:
    """One date that would move; `name` and `url` are its record's, empty where there is none; `kind` says which date
    of it."""

    name: str
    url: str
    agency: str
    kind: str
    old: datetime
    new: datetime


@dataclass(frozen=True)
class Impact:
    """What one app foresees. `complete` is False where more was open than a page can wait for; then the numbers
    are at least these. `moved` are due dates; `by_kind` counts them and all other dates by what they are called."""

    seen: int
    moved: int
    complete: bool
    by_kind: Sequence[tuple[str, int]]
    by_agency: Sequence[tuple[str, int]]  # the most first
    first: Sequence[Moved]


# Arguments: ids of the calendars that count differently, first and last day of the change.
Foreseer = Callable[[Sequence[int], date, date], Impact]
_foreseers: list[Foreseer] = []


def register_impact(foreseer: Foreseer) -> None:
    if foreseer not in _foreseers:
        _foreseers.append(foreseer)


def preview_impact(calendar: WorkCalendar, day: date, *, kind: str | None) -> list[Impact]:
    """What `agencies.calendars.change_day` would move; nothing is changed."""

    def change() -> ChangedSpan:
        made = change_day(WorkCalendar.objects.get(pk=calendar.pk), day, kind=kind, supposed=True)
        return ChangedSpan(made.calendar_ids, day, day)

    return _foreseen(change)


def preview_hours(calendar: WorkCalendar, hours: Sequence[Hours], *, today: date) -> list[Impact]:
    """What `agencies.calendars.change_hours` would move; nothing is changed."""
    return _foreseen(lambda: change_hours(calendar, hours, today=today, supposed=True))


def preview_following(agency: Agency, calendar: WorkCalendar, *, today: date) -> list[Impact]:
    """What `agencies.calendars.follow_calendar` would move; nothing is changed."""
    follower = Agency.objects.get(pk=agency.pk)
    return _foreseen(lambda: follow_calendar(follower, calendar, today=today, supposed=True))


def _foreseen(change: Callable[[], ChangedSpan]) -> list[Impact]:
    with transaction.atomic():
        span = change()
        found = [foreseer(span.calendar_ids, span.first_day, span.last_day) for foreseer in _foreseers]
        transaction.set_rollback(True)
    return found
