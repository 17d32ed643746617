"""When the doors are open: the weekly hours of calendars in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from agencies.calendars import Hours
from agencies.models import OfficeHours, WorkCalendar
from vietnam.dates import WEEKDAYS
from vietnam.working_time import STANDARD_HOURS


def weekly_hours(calendars: Iterable[WorkCalendar]) -> dict[int, list[Hours]]:
    """By id of the calendar, the spans of a week as they hold now, in order: its own, else its base's, else the usual.

    Two queries, however many calendars.
    """
    wanted = {calendar.pk for calendar in calendars}
    bases: dict[int, int | None] = dict(WorkCalendar.objects.values_list("pk", "base_id"))
    rows: dict[int, list[Hours]] = defaultdict(list)
    for row in OfficeHours.objects.filter(season_from="", until=None).order_by("weekday", "opens"):
        rows[row.calendar_id].append(Hours(row.weekday, row.opens, row.closes, row.counts))
    return {pk: _own_or_inherited(pk, rows, bases) for pk in wanted}


def opening_hours(calendars: Iterable[WorkCalendar], *, english: bool) -> dict[int, list[dict[str, Any]]]:
    """By id of the calendar, lines of {days, spans, counts}: neighbouring days with the same hours in one line."""
    return {pk: _lines(hours, english=english) for pk, hours in weekly_hours(calendars).items()}


def _own_or_inherited(pk: int, rows: dict[int, list[Hours]], bases: dict[int, int | None]) -> list[Hours]:
    link: int | None = pk
    while link is not None:
        if found := rows.get(link):
            return found
        link = bases.get(link)
    return [
        Hours(weekday, opens, closes)
        for weekday in sorted(STANDARD_HOURS.weekdays)
        for opens, closes in STANDARD_HOURS.intervals
    ]


def _lines(hours: Sequence[Hours], *, english: bool) -> list[dict[str, Any]]:
    days: dict[int, tuple[str, bool]] = {}
    for each in hours:
        span = f"{each.opens:%H:%M}–{each.closes:%H:%M}"
        said, before = days.get(each.weekday, ("", True))
        days[each.weekday] = (f"{said}, {span}" if said else span, each.counts and before)
    names = WEEKDAYS["en" if english else "vi"]
    lines: list[dict[str, Any]] = []
    for weekday in sorted(days):
        said, counts = days[weekday]
        if lines and lines[-1]["last"] == weekday - 1 and (lines[-1]["spans"], lines[-1]["counts"]) == (said, counts):
            lines[-1]["last"] = weekday
        else:
            lines.append({"first": weekday, "last": weekday, "spans": said, "counts": counts})
    for line in lines:
        first, last = names[line["first"]], names[line["last"]]
        line["days"] = first if first == last else f"{first} – {last}"
    return lines
