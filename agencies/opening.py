"""When the doors are open: the weekly hours of calendars in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from agencies.models import OfficeHours, WorkCalendar
from vietnam.dates import WEEKDAYS
from vietnam.working_time import STANDARD_HOURS


def opening_hours(calendars: Iterable[WorkCalendar], *, english: bool) -> dict[int, list[dict[str, Any]]]:
    """By id of the calendar, lines of {days, spans, counts}: neighbouring days with the same hours in one line.

    Two queries, however many calendars: hours of a calendar without any are its base's.
    """
    wanted = {calendar.pk for calendar in calendars}
    bases: dict[int, int | None] = dict(WorkCalendar.objects.values_list("pk", "base_id"))
    rows: dict[int, list[OfficeHours]] = defaultdict(list)
    for row in OfficeHours.objects.filter(season_from="", until=None):
        rows[row.calendar_id].append(row)
    return {pk: _lines(_own_or_inherited(pk, rows, bases), english=english) for pk in wanted}


def _own_or_inherited(
    pk: int, rows: dict[int, list[OfficeHours]], bases: dict[int, int | None]
) -> list[tuple[int, str, bool]]:
    link: int | None = pk
    while link is not None:
        if found := rows.get(link):
            return [(row.weekday, f"{row.opens:%H:%M}–{row.closes:%H:%M}", row.counts) for row in found]
        link = bases.get(link)
    spans = [f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in STANDARD_HOURS.intervals]
    return [(weekday, span, True) for weekday in sorted(STANDARD_HOURS.weekdays) for span in spans]


def _lines(spans: Sequence[tuple[int, str, bool]], *, english: bool) -> list[dict[str, Any]]:
    days: dict[int, tuple[str, bool]] = {}
    for weekday, span, counts in spans:
        said, before = days.get(weekday, ("", True))
        days[weekday] = (f"{said}, {span}" if said else span, counts and before)
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
