"""A worker is called once for whatever it will find, and never too seldom."""

import pytest
from kombu.exceptions import OperationalError

from journal import outbox
from journal.models import OutboxMessage
from journal.tasks import dispatch_outbox


@pytest.fixture
def calls(monkeypatch) -> list[int]:
    made: list[int] = []
    monkeypatch.setattr(dispatch_outbox, "apply_async", lambda **_k: made.append(1))
    return made


def test_one_waiting_call_is_enough(transactional_db, calls):
    for n in range(5):
        outbox.record("nothing", {"n": n})
    assert len(calls) == 1
    outbox.call_answered()
    outbox.record("nothing", {"n": 6})
    assert len(calls) == 2, "what is committed after the worker began to look calls again"


def test_a_broker_that_is_away_loses_nothing(transactional_db, monkeypatch):
    def gone(**_k):
        raise OperationalError("connection refused")

    monkeypatch.setattr(dispatch_outbox, "apply_async", gone)
    outbox.record("nothing", {})
    assert OutboxMessage.objects.filter(done_at=None).count() == 1
