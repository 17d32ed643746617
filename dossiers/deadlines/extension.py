"""The apology and request for more time (Form 04): until when it is lawful, when it is prepared, what it proposes.

It leaves at the latest one day before the due date (from published local processes; the days are settings), and is
prepared when one working day remains before that last lawful day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.calendars import calendar_of
from dossiers.deadlines import clock
from dossiers.models import Dossier, DueDateChange, DueGround
from vietnam import working_time

MINUTES_OF_DAY = working_time.MINUTES_OF_WORKING_DAY
_USED = "_extensions_used"


@dataclass(frozen=True)
class Proposal:
    """`amount` in the dossier's unit of limit; `until`: the due date if it is granted; `reason` for the leader to
    correct; `last_moment`: when the letter must have left."""

    amount: Decimal
    until: datetime | None
    reason: str
    last_moment: datetime


def last_moment(dossier: Dossier) -> datetime | None:
    """The close of the last working day on which more time may still be asked for; None without a due date.

    A limit so short that this day lies before the receipt may be extended until it ends.
    """
    due_at = dossier.due_at
    if due_at is None or dossier.received_at is None:
        return None
    calendar = calendar_of(dossier.settler)
    day = timezone.localtime(due_at).date()
    for _day in range(settings.APOLOGY_DAYS_BEFORE):
        day -= timedelta(days=1)
        while not working_time.is_working_day(calendar, day):
            day -= timedelta(days=1)
    latest = working_time.close_of_office(calendar, day)
    return latest if latest > dossier.received_at else due_at


def prepared_before(calendar: working_time.Calendar, at: datetime) -> datetime:
    """Dossiers of this calendar due until then have their letter prepared at `at`: one working day to the last
    lawful day, and the days between that and the due date."""
    return working_time.add_minutes(calendar, at, (1 + settings.APOLOGY_DAYS_BEFORE) * MINUTES_OF_DAY)


def extensions_left(dossier: Dossier) -> int:
    """How often more time may still be asked for; the law's number is unconfirmed, hence a setting."""
    used = dossier.__dict__.get(_USED)
    if used is None:
        used = dossier.due_date_changes.filter(ground=DueGround.EXTENDED).count()
    return max(settings.EXTENSIONS_AT_MOST - used, 0)


def read_extensions(dossiers: Collection[Dossier]) -> None:
    """Read at once how often each was given more time, for a list that says whether there can be more."""
    extended = DueDateChange.objects.filter(dossier__in=dossiers, ground=DueGround.EXTENDED).order_by()
    used = dict(extended.values_list("dossier").annotate(n=Count("pk"))) if dossiers else {}
    for dossier in dossiers:
        dossier.__dict__[_USED] = used.get(dossier.pk, 0)


def can_be_asked(dossier: Dossier, at: datetime) -> bool:
    """Whether more time may still be asked for; after that only an apology can be sent."""
    latest = last_moment(dossier)
    return (latest is None or at <= latest) and extensions_left(dossier) > 0


def propose_extension(dossier: Dossier, *, at: datetime) -> Proposal | None:
    """The letter as prepared: time enough for the steps still to come, and the steps that took more than theirs."""
    latest = last_moment(dossier)
    if latest is None or dossier.step is None:
        return None
    left = clock.minutes_left(dossier, at=at) or 0
    needed = sum(step["minutes"] or 0 for step in _ahead(dossier)) - max(left, 0)
    days = Decimal(max(-(-needed // MINUTES_OF_DAY), 1))
    return Proposal(days, _until(dossier, days), _reason(dossier), latest)


def propose_apology(dossier: Dossier, *, at: datetime) -> tuple[date, str] | None:
    """The day to promise once it is too late for more time, from the steps still to come, and the reason, both for the
    leader to correct."""
    if dossier.step is None:
        return None
    calendar = calendar_of(dossier.settler)
    needed = max(sum(step["minutes"] or 0 for step in _ahead(dossier)), MINUTES_OF_DAY)
    try:
        until = working_time.add_minutes(calendar, at, needed)
        if timezone.localdate(until) <= timezone.localdate(at):  # written before the offices open
            until = working_time.add_minutes(calendar, at, needed + MINUTES_OF_DAY)
    except working_time.OutsideCalendar:
        return None
    return timezone.localdate(until), _reason(dossier)


def _ahead(dossier: Dossier) -> list[dict[str, Any]]:
    """The step where it stands and those after it."""
    keys = [step["key"] for step in dossier.route]
    return dossier.route[keys.index(dossier.step.key) if dossier.step else 0 :]


def _until(dossier: Dossier, days: Decimal) -> datetime | None:
    kept = dossier.extension_amount
    try:
        dossier.extension_amount = kept + days
        found = clock.count_due(dossier, explain=False)
    finally:
        dossier.extension_amount = kept
    return found.at if found else None


def _reason(dossier: Dossier) -> str:
    over = [run.name for run in dossier.steps.judged() if run.minutes and (run.used_minutes or 0) > run.minutes]
    if over:
        return _("Các bước sau cần nhiều thời gian hơn dự kiến: %(steps)s.") % {"steps": ", ".join(over).lower()}
    return _("Hồ sơ cần thêm thời gian ở bước: %(step)s.") % {"step": dossier.step.name.lower() if dossier.step else ""}
