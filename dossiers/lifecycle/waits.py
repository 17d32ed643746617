"""Waiting for people has a clock too; at its end comes an automatic action of the table, brought by `due_waits`.

A waiting belongs to the state it was begun in: `execute_transition` ends it when the state changes. The lengths are
settings, because no confirmed law fixes them; days are calendar days and end at the close of office.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.lifecycle.transitions import Action
from dossiers.models import Wait
from procedures.models import Channel
from vietnam import working_time


def for_answer(action: Action) -> None:
    """The counter's answer to an online filing."""
    _wait(action, Wait.ANSWER_LATE, action.dossier.answer_due_at)


def for_answer_again(action: Action) -> None:
    """An online filing that comes back completed waits for the counter anew."""
    dossier = action.dossier
    if dossier.received_at is None and dossier.channel == Channel.ONLINE:
        dossier.answer_due_at = answer_ends(dossier.receiver, action.at)
        _wait(action, Wait.ANSWER_LATE, dossier.answer_due_at)


def for_supplement(action: Action) -> None:
    lapse = supplement_ends(action.dossier.receiver, action.at)
    action.dossier.supplement_requests.filter(answered_at=None).update(answer_by=lapse)
    _wait(action, Wait.REMIND_SUPPLEMENT, _reminder(action, Wait.REMIND_SUPPLEMENT) or lapse)


def until_lapse(action: Action) -> None:
    """Reminded once; the request itself keeps the last day."""
    request = action.dossier.supplement_requests.filter(answered_at=None).first()
    _wait(action, Wait.LAPSE, request.answer_by if request else None)


def for_collection(action: Action) -> None:
    _wait(action, Wait.REMIND_COLLECT, _reminder(action, Wait.REMIND_COLLECT))


def until_store(action: Action) -> None:
    _wait(action, Wait.STORE, _reminder(action, Wait.STORE))


def no_more(action: Action) -> None:
    _wait(action, "", None)


def answer_ends(receiver: Agency, since: datetime) -> datetime:
    """When the counter of `receiver` has answered an online filing of `since`."""
    return working_time.add_minutes(calendar_of(receiver), since, settings.ONLINE_ANSWER_HOURS * 60)


def supplement_ends(receiver: Agency, since: datetime) -> datetime | None:
    """The last moment for papers asked for at `since`; None where nobody's dossier ends for want of them."""
    return days_later(receiver, since, settings.SUPPLEMENT_WAIT_DAYS)


def reminder_ends(receiver: Agency, waits_for: str, since: datetime) -> datetime | None:
    """The end of a waiting of its own length, after which people are reminded or a result is stored."""
    lengths: dict[str, int] = {
        Wait.REMIND_SUPPLEMENT: settings.SUPPLEMENT_REMIND_DAYS,
        Wait.REMIND_COLLECT: settings.RESULT_REMIND_DAYS,
        Wait.STORE: settings.RESULT_STORE_DAYS,
    }
    return days_later(receiver, since, lengths.get(waits_for, 0))


def days_later(receiver: Agency, since: datetime, days: int) -> datetime | None:
    """None for zero days, which switches a waiting off."""
    if not days:
        return None
    period = working_time.Period(Decimal(days), working_time.Unit.CALENDAR_DAY)
    return working_time.due(calendar_of(receiver), since, period, explain=False).at


def _wait(action: Action, waits_for: str, until: datetime | None) -> None:
    action.dossier.waits_for, action.dossier.wait_ends_at = (waits_for, until) if until else ("", None)
    if until:
        action.dossier.waiting_since = action.at


def _reminder(action: Action, waits_for: str) -> datetime | None:
    return reminder_ends(action.dossier.receiver, waits_for, action.at)
