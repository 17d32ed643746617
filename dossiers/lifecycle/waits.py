"""Waiting for people has a clock too; at its end comes an automatic action of the table, brought by `due_waits`.

A waiting belongs to the state it was begun in: `perform` ends it when the state changes. The lengths are settings,
because no confirmed law fixes them; days are calendar days and end at the close of office.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.lifecycle.transitions import Act
from vietnam import working_time


def for_answer(act: Act) -> None:
    """The counter's answer to an online filing."""
    _wait(act, "answer_late", act.dossier.answer_due_at)


def for_supplement(act: Act) -> None:
    lapse = supplement_ends(act.dossier.receiver, act.at)
    act.dossier.supplement_requests.filter(answered_at=None).update(answer_by=lapse)
    _wait(act, "remind_supplement", _reminder(act, "remind_supplement") or lapse)


def until_lapse(act: Act) -> None:
    """Reminded once; the request itself keeps the last day."""
    request = act.dossier.supplement_requests.filter(answered_at=None).first()
    _wait(act, "lapse", request.answer_by if request else None)


def for_collection(act: Act) -> None:
    _wait(act, "remind_collect", _reminder(act, "remind_collect"))


def until_store(act: Act) -> None:
    _wait(act, "store", _reminder(act, "store"))


def no_more(act: Act) -> None:
    _wait(act, "", None)


def answer_ends(receiver: Agency, since: datetime) -> datetime:
    """When the counter of `receiver` has answered an online filing of `since`."""
    return working_time.add_minutes(calendar_of(receiver), since, settings.ONLINE_ANSWER_HOURS * 60)


def supplement_ends(receiver: Agency, since: datetime) -> datetime | None:
    """The last moment for papers asked for at `since`; None where nobody's dossier ends for want of them."""
    return days_later(receiver, since, settings.SUPPLEMENT_WAIT_DAYS)


def reminder_ends(receiver: Agency, waits_for: str, since: datetime) -> datetime | None:
    """The end of a waiting of its own length, after which people are reminded or a result is stored."""
    days = {
        "remind_supplement": settings.SUPPLEMENT_REMIND_DAYS,
        "remind_collect": settings.RESULT_REMIND_DAYS,
        "store": settings.RESULT_STORE_DAYS,
    }.get(waits_for, 0)
    return days_later(receiver, since, days)


def days_later(receiver: Agency, since: datetime, days: int) -> datetime | None:
    """None for zero days, which switches a waiting off."""
    if not days:
        return None
    period = working_time.Period(Decimal(days), working_time.Unit.CALENDAR_DAY)
    return working_time.due(calendar_of(receiver), since, period, explain=False).at


def _wait(act: Act, action: str, until: datetime | None) -> None:
    act.dossier.waits_for, act.dossier.wait_ends_at = (action, until) if until else ("", None)
    if until:
        act.dossier.waiting_since = act.at


def _reminder(act: Act, action: str) -> datetime | None:
    return reminder_ends(act.dossier.receiver, action, act.at)
