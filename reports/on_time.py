"""The province's share of this month, for the start page of the portal."""

from datetime import date, datetime

from django.core.cache import cache

from procedures.public.statistics import OnTimeShare
from reports import figures, periods
from vietnam.working_time import VIETNAM

KEPT_SECONDS = 300


def of_the_province(at: datetime) -> OnTimeShare:
    """Of what was finished under a time limit this month: how many, and which part in time. Kept five minutes."""
    today = at.astimezone(VIETNAM).date()
    key = f"reports.on_time:{today:%Y-%m}"
    kept = cache.get(key)
    if kept is None:
        cache.set(key, kept := _count(today), KEPT_SECONDS)
    finished, in_time = kept
    return OnTimeShare(finished=finished, share=in_time / finished if finished else 0)


def _count(today: date) -> tuple[int, int]:
    month = periods.named("this_month", today=today)
    return figures.finished_in_time(month.since, month.until)
