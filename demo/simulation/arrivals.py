"""When dossiers arrive."""

from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from vietnam import working_time
from vietnam.working_time import VIETNAM

# Weight of each hour of an office day at the counters: the first morning hour is the worst.
_COUNTER_HOURS = {7: 3, 8: 9, 9: 8, 10: 6, 13: 4, 14: 5, 15: 4, 16: 2}
_ONLINE_HOURS = {7: 2, 8: 5, 9: 6, 10: 6, 11: 3, 13: 3, 14: 5, 15: 5, 16: 4, 19: 4, 20: 5, 21: 5, 22: 2}


def arrivals(
    calendar: working_time.Calendar,
    *,
    count: int,
    first: date,
    until: datetime,
    online_share: float,
    random: Random,
) -> list[tuple[datetime, bool]]:
    """`count` arrivals (instant, online?) from a day on until a moment of a later one, in order of time.

    A working day after days off gets more, as people waited; counters take in on working days only.
    """
    last = until.astimezone(VIETNAM).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    office = [d for d in days if working_time.is_working_day(calendar, d)]
    # Added up beforehand: `choices` would do it for each arrival.
    upto = list(accumulate(1.0 + 0.5 * min(_days_off_before(calendar, d), 6) for d in office))
    found: list[tuple[datetime, bool]] = []
    while len(found) < count:
        online = random.random() < online_share
        at_any_day = online and random.random() < 0.25
        day = random.choice(days) if at_any_day else random.choices(office, cum_weights=upto)[0]
        hours = _ONLINE_HOURS if online else _COUNTER_HOURS
        hour = random.choices(list(hours), list(hours.values()))[0]
        minute = random.randrange(31, 60) if hour == 7 else random.randrange(60)
        moment = datetime.combine(day, time(hour, minute, random.randrange(60)), VIETNAM)
        if moment <= until:  # what the last day has not come to yet is drawn again
            found.append((moment, online))
    return sorted(found)


def _days_off_before(calendar: working_time.Calendar, day: date) -> int:
    n = 0
    while not working_time.is_working_day(calendar, day - timedelta(days=n + 1)) and n < 10:
        n += 1
    return n
