"""Waiting for people has a clock too; at its end comes an automatic act of the table (`dossiers.waiting` brings it).

A waiting belongs to the state it was begun in: `perform` ends it when the state changes. The lengths are settings,
because no confirmed law fixes them; days are calendar days and end at the close of office.
"""

from datetime import datetime
from decimal import Decimal

from django.conf import settings

from agencies.calendars import calendar_of
from dossiers.lifecycle.transitions import Act
from vietnam import working_time


def for_answer(act: Act) -> None:
    """The counter's answer to an online filing."""
    _wait(act, "answer_late", act.dossier.answer_due_at)


def for_supplement(act: Act) -> None:
    lapse = _days_later(act, settings.SUPPLEMENT_WAIT_DAYS)
    act.dossier.supplement_requests.filter(answered_at=None).update(answer_by=lapse)
    _wait(act, "remind_supplement", _days_later(act, settings.SUPPLEMENT_REMIND_DAYS) or lapse)


def until_lapse(act: Act) -> None:
    """Reminded once; the request itself keeps the last day."""
    request = act.dossier.supplement_requests.filter(answered_at=None).first()
    _wait(act, "lapse", request.answer_by if request else None)


def for_collection(act: Act) -> None:
    _wait(act, "remind_collect", _days_later(act, settings.RESULT_REMIND_DAYS))


def until_store(act: Act) -> None:
    _wait(act, "store", _days_later(act, settings.RESULT_STORE_DAYS))


def no_more(act: Act) -> None:
    _wait(act, "", None)


def _wait(act: Act, action: str, until: datetime | None) -> None:
    act.dossier.waits_for, act.dossier.wait_ends_at = (action, until) if until else ("", None)


def _days_later(act: Act, days: int) -> datetime | None:
    """None for zero days, which switches a waiting off."""
    if not days:
        return None
    period = working_time.Period(Decimal(days), working_time.Unit.CALENDAR_DAY)
    return working_time.due(calendar_of(act.dossier.receiver), act.at, period, explain=False).at
