"""A worker is called once for whatever it will find, and never too seldom."""

import pytest
from kombu.exceptions import OperationalError

from core.time_budget import TimeBudget
from journal import outbox
from journal.models import OutboxMessage
from journal.outbox import dispatch_outbox


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    made: list[int] = []
    monkeypatch.setattr(dispatch_outbox, "apply_async", lambda **_k: made.append(1))
    return made


def test_one_waiting_call_is_enough(transactional_db, calls):
    for n in range(5):
        outbox.record_message("nothing", {"n": n})
    assert len(calls) == 1
    outbox.call_answered()
    outbox.record_message("nothing", {"n": 6})
    assert len(calls) == 2, "what is committed after the worker began to look calls again"


def test_a_broker_that_is_away_loses_nothing(transactional_db, monkeypatch):
    def gone(**_k):
        raise OperationalError("connection refused")

    monkeypatch.setattr(dispatch_outbox, "apply_async", gone)
    outbox.record_message("nothing", {})
    assert OutboxMessage.objects.filter(done_at=None).count() == 1


def test_when_the_time_of_a_round_is_up_the_rest_is_called_for_again(transactional_db, calls, monkeypatch):
    done = []
    monkeypatch.setitem(outbox._handlers, "counted", done.append)
    outbox.record_message("counted", {"n": 1})
    calls.clear()
    monkeypatch.setattr(outbox, "TimeBudget", lambda: TimeBudget(0))
    dispatch_outbox()
    assert (done, len(calls)) == ([], 1)


def test_more_than_one_call_can_carry_is_called_for_again(transactional_db, calls, monkeypatch):
    done = []
    monkeypatch.setitem(outbox._handlers, "counted", done.append)
    monkeypatch.setattr(outbox, "BATCH", 3)
    monkeypatch.setattr(outbox.dispatch_messages, "__kwdefaults__", {"limit": 3, "budget": None})
    for n in range(4):
        outbox.record_message("counted", {"n": n})
    while calls:
        calls.clear()
        dispatch_outbox()
    assert [payload["n"] for payload in done] == [0, 1, 2, 3]
