"""A province's years in minutes: dossiers written by COPY after the pattern of some that were told the slow way.

Arrivals follow the same distribution as the slow way's. Whoever arrived long ago follows a dossier whose story had as
much time; whoever arrived lately follows one that is about as old, so that what is open today looks as it does there.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.db.models import Q

from demo.simulation.arrivals import arrivals
from demo.simulation.examples import Example, Mover, examples_of
from demo.simulation.tables import CannotWrite, look_after_tables
from demo.simulation.writing import CHUNK, Writer
from dossiers.models import Dossier
from vietnam import working_time
from vietnam.working_time import VIETNAM

RIPE_DAYS = 65  # working days after which nearly every story has come to where it stays
MOST_EXAMPLES = 400  # of each age; what was written in bulk before is as good an example, but need not be read whole
_DRAWER = 64  # examples drawn before a day is given up for one of them


class Days:
    """Working days of a calendar by number, and days moved along them."""

    def __init__(self, calendar: working_time.Calendar, first: date, last: date) -> None:
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.working = [day for day in every if working_time.is_working_day(calendar, day)]
        self.calendar = calendar

    def number(self, day: date) -> int:
        """Of the working day, or of the last one before a day off."""
        return bisect_right(self.working, day) - 1

    def along(self, by: int) -> Mover:
        """Moves working days by so many of them."""

        def move(day: date) -> date:
            n = self.number(day)
            if n < 0 or not 0 <= n + by < len(self.working):  # far from everything that happens: no clock counts it
                return day + timedelta(days=by * 7 // 5)
            return self.working[n + by] + (day - self.working[n])

        return move

    def looks_alike(self, example: Example, weeks: int) -> bool:
        """Whether the same days are worked all through the example's life when it is moved by whole weeks."""
        first = example.arrived.astimezone(VIETNAM).date() - timedelta(days=4)
        last = example.ends.astimezone(VIETNAM).date() + timedelta(days=12)
        known = set(self.working)
        return all(
            (day in known) == (day + timedelta(weeks=weeks) in known)
            for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        )


def write_bulk(
    examples: list[Example],
    *,
    dossiers: int,
    months: int,
    seed: int,
    until: datetime,
    calendar: working_time.Calendar,
    online_share: float = 0.6,
) -> Iterator[int]:
    """Write `dossiers` dossiers that arrived in the `months` before `until`; yields how many are written so far.

    Two transactions that end together: stopped at any moment before, nothing is there. All indexes but those that
    references lead to are made again at their end. Needs a role that may write without triggers, because references
    are not looked up row by row. Errors: CannotWrite.
    """
    random = Random(seed)  # noqa: S311 - believable data, not a secret
    last = until.astimezone(VIETNAM).date()
    first = last - timedelta(days=round(months * 30.44))
    days = Days(calendar, first - timedelta(days=14), last + timedelta(days=900))
    moments = arrivals(calendar, count=dossiers, first=first, until=until, online_share=online_share, random=random)
    wanted = Counter(moment.astimezone(VIETNAM).date() for moment, _online in moments)
    del moments
    choice = _Choice(examples, days, until, random)
    with Writer() as writer:
        done = 0
        for day, count in choice.days_to_fill(wanted):
            for example, move, times in choice.of_day(day, count):
                writer.write(example, move, times)
                done += times
            yield done
        writer.finish()
    look_after_tables()


class _Choice:
    """Which examples the dossiers of a day follow."""

    def __init__(self, examples: list[Example], days: Days, until: datetime, random: Random) -> None:
        self.days, self.until, self.random = days, until, random
        self.today = days.number(until.astimezone(VIETNAM).date())
        self.by_age: dict[int, list[Example]] = defaultdict(list)
        self.numbers = {id(e): days.number(e.arrived.astimezone(VIETNAM).date()) for e in examples}
        # What also happened on days off keeps them, and so does a limit in calendar days.
        known = set(days.working)
        self.weekly = {id(e): e.by_weeks or not known.issuperset(e.days) for e in examples}
        for example in examples:
            self.by_age[self.today - self.numbers[id(example)]].append(example)
        self.ripe = [e for age, found in self.by_age.items() if age > RIPE_DAYS for e in found]
        if not self.ripe:
            raise CannotWrite(
                "No dossier is old enough to be followed; simulate with --months 6 or more, such as --dossiers 300."
            )
        self.honest: dict[tuple[int, int], bool] = {}
        self.left = 0  # dossiers for which no example was found on their day

    def days_to_fill(self, wanted: Counter[date]) -> Iterator[tuple[date, int]]:
        """Days with how many arrive. Whom no story fits on his day (one of the last, mostly) comes on another day."""
        planned = sorted(wanted)
        yield from ((day, wanted[day]) for day in planned)
        for _try in range(200):
            if not self.left:
                return
            count = min(self.left, CHUNK)
            self.left -= count
            yield self.random.choice(planned), count

    def of_day(self, day: date, count: int) -> Iterator[tuple[Example, Mover, int]]:
        number = self.days.number(day)
        age = self.today - number
        near = self.ripe
        if age <= RIPE_DAYS:
            about_as_old = (e for old in range(age, age + 6) for e in self.by_age[old])
            near = [e for e in about_as_old if self._shift(e, day, number) is not None] or self.ripe
        drawn: Counter[tuple[int, int]] = Counter()
        left, tries = count, 0
        while left:
            n = self.random.randrange(len(near))
            tries += 1
            if (shift := self._shift(near[n], day, number)) is None:
                if tries < _DRAWER * count:
                    continue
                self.left += left
                break
            drawn[n, shift] += 1
            left -= 1
        for (n, shift), times in drawn.items():
            example = near[n]
            yield example, self._mover(example, shift), times

    def _shift(self, example: Example, day: date, number: int) -> int | None:
        """In working days, or in weeks where the limit counts calendar days; None when no such move is honest."""
        if self.weekly[id(example)]:
            by = round((day - example.arrived.astimezone(VIETNAM).date()).days / 7)
        else:
            by = number - self.numbers[id(example)]
        key = (id(example), by)
        if key not in self.honest:
            last = example.last.astimezone(VIETNAM)
            moved = datetime.combine(self._mover(example, by)(last.date()), last.timetz())
            self.honest[key] = moved <= self.until and (
                not self.weekly[id(example)] or self.days.looks_alike(example, by)
            )
        return by if self.honest[key] else None

    def _mover(self, example: Example, shift: int) -> Mover:
        if self.weekly[id(example)]:
            return lambda day: day + timedelta(weeks=shift)
        return self.days.along(shift)


def read_examples(until: datetime, most: int = MOST_EXAMPLES) -> list[Example]:
    """Templates of dossiers that stand for themselves: sent, neither opened by another one nor opening any.

    At most `most` that arrived long before `until`, and as many that arrived lately.
    """
    alone = Dossier.objects.exclude(code=None).filter(opened_by=None, opened=None)
    lately = Q(created_at__gte=until - timedelta(days=2 * RIPE_DAYS))
    found = [*alone.filter(lately).order_by("?")[:most], *alone.filter(~lately).order_by("?")[:most]]
    return examples_of(sorted(found, key=lambda dossier: dossier.pk))
