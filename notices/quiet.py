"""Hours in which nobody is disturbed: what is not urgent waits until they end."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone


def quiet_hours() -> tuple[time, time] | None:
    """(from, until) in local time by the setting ``21:00-07:00``; None when there are none."""
    begin, _dash, end = settings.QUIET_HOURS.partition("-")
    if not begin.strip() or begin.strip() == end.strip():
        return None
    return time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())


def over_at(at: datetime) -> datetime | None:
    """When the quiet hours around `at` end; None outside them."""
    quiet = quiet_hours()
    if quiet is None:
        return None
    begin, end = quiet
    local = timezone.localtime(at)
    now = local.time()
    inside = begin <= now < end if begin < end else (now >= begin or now < end)
    return next_time(at, end) if inside else None


def next_time(at: datetime, clock: time) -> datetime:
    """The first moment after `at` at which the local clock shows `clock`."""
    local = timezone.localtime(at)
    found = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return found if found > local else found + timedelta(days=1)
