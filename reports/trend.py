"""Twelve months of an agency or the province, and where an agency stands among its like."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db.models import Q

from agencies.models import Agency
from reports import figures, periods
from reports.cuts import AGENCY, MONTH
from reports.indicators import SHARES
from reports.indicators.kinds import Asked
from reports.periods import Period
from reports.population import Population
from vietnam.working_time import VIETNAM

MONTHS = 12
KEPT_SECONDS = 300
_SHARE = SHARES["on_time_of_settled"]
_COUNTED = ("received", "early", "on_time", "late")


@dataclass(frozen=True)
class Month:
    """`share` is on time of settled; None of nothing."""

    period: Period
    received: int
    early: int
    on_time: int
    late: int

    @property
    def in_time(self) -> int:
        return self.early + self.on_time

    @property
    def share(self) -> float | None:
        return _SHARE.share_of({"early": self.early, "on_time": self.on_time, "late": self.late})


@dataclass(frozen=True)
class Place:
    """The `number`-th of `count` agencies of the same kind by `share`; equals have the same number."""

    number: int
    count: int
    share: float


def months_until(population: Population, at: datetime) -> list[Month]:
    """The twelve months that end with the running one, the oldest first. One statement."""
    today = at.astimezone(VIETNAM).date()
    named = [_month_before(today, back) for back in range(MONTHS - 1, -1, -1)]
    asked = Asked(named[0].since, named[-1].until, at, {})
    counted = figures.figures(population, asked, _COUNTED, cut=MONTH)
    nothing = dict.fromkeys(_COUNTED, 0)
    found = []
    for period in named:
        month = (period.first.year, period.first.month)
        found.append(Month(period, **counted.get(month, nothing)))
    return found


def place_among(agency: Agency, period: Period, at: datetime, *, own: float | None) -> Place | None:
    """Where an agency stands among those of its kind by the share on time, with what lies overdue; None without one,
    and where nobody else has one.
    `own` is its share now, as the page beside it says.

    Others' shares are kept five minutes, and nobody but the counting sees them.
    """
    key = f"reports.place:{agency.kind}:{period.first}:{period.last}"
    kept: dict[int, float] | None = cache.get(key)
    if kept is None:
        like = Population(Q(settling_agency__kind=agency.kind))
        asked = Asked(period.since, period.until, at, {})
        counted = figures.figures(like, asked, ("early", "on_time", "late", "missed"), cut=AGENCY)
        shares = {pk: SHARES["on_time_share"].share_of(numbers) for pk, numbers in counted.items()}
        kept = {pk: share for pk, share in shares.items() if share is not None}
        cache.set(key, kept, KEPT_SECONDS)
    if own is None:
        return None
    others = [share for pk, share in kept.items() if pk != agency.pk]
    if not others:
        return None  # the only one that settled anything: a first place of one says nothing
    return Place(1 + sum(share > own for share in others), 1 + len(others), own)


def _month_before(today: date, back: int) -> Period:
    first = today.replace(day=1)
    for _month in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return periods.named(f"{first:%Y-%m}", today=today)
