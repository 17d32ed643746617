"""Valkey killed, hanging and back: pages and API answer, filings are taken, and what they cause happens later."""

import logging
import signal

import pytest
from django.core.cache import cache
from django.test import Client

from core import valkey
from core.cache import count
from dossiers.models import Dossier
from journal import outbox
from journal.models import OutboxMessage
from journal.outbox import dispatch_outbox
from oss_portal.engines.valkey import Valkey
from oss_portal.processes import wait_until
from tests.factories.systems import Caller, filing, sent_documents
from tests.factories.workers import kill_broker

KEY = {"Idempotency-Key": "without-valkey-0001"}
PAGES = ("/", "/track/", "/procedures/", "/sign-in/", "/health/live", "/health/ready")


def freeze(server: Valkey) -> None:
    server.child.process.send_signal(signal.SIGSTOP)


@pytest.mark.parametrize("harm", [kill_broker, freeze])
def test_pages_and_api_answer_and_a_filing_is_taken(
    transactional_db, own_valkey, filing_system, edition, caplog, harm
) -> None:
    assert Client().get("/health/ready").json() == {"ready": True, "database": True, "broker": True}
    harm(own_valkey)
    caplog.set_level(logging.WARNING, logger="core.valkey")
    for page in PAGES:
        assert Client().get(page).status_code == 200, page
    assert Client().get("/health/ready").json() == {"ready": True, "database": True, "broker": False}
    assert Caller().get("procedures/").status_code == 200
    papers = sent_documents(filing_system, edition)
    assert filing_system.post("dossiers/", filing(documents=papers), **KEY).status_code == 201
    assert any("valkey is away" in record.message for record in caplog.records)
    dossier = Dossier.objects.get()
    assert OutboxMessage.objects.filter(done_at=None).exists()

    own_valkey.child.process.send_signal(signal.SIGCONT)
    own_valkey.tend()
    assert wait_until(lambda: own_valkey.tend() == "Valkey runs again" or valkey_answers(), seconds=60)
    valkey.forget_absence()
    dispatch_outbox()
    assert not OutboxMessage.objects.filter(done_at=None, available_at__lte=dossier.created_at).exists()
    assert OutboxMessage.objects.filter(done_at__isnull=False, topic="dossiers.tell").exists()


def valkey_answers() -> bool:
    valkey.forget_absence()
    return Client().get("/health/ready").json()["broker"]


def test_limits_hold_in_each_process_meanwhile(own_valkey, db, settings) -> None:
    kill_broker(own_valkey)
    settings.LIMITS = settings.LIMITS | {"api-public": (3, 60)}
    answers = [Caller().get("procedures/").status_code for _call in range(8)]
    assert answers[:3] == [200] * 3
    assert 429 in answers  # at a change of the minute the count begins anew


def test_a_server_that_hangs_is_asked_once_and_then_left_alone(own_valkey, db, caplog, monkeypatch) -> None:
    monkeypatch.setattr(valkey, "AWAY_SECONDS", 600.0)
    freeze(own_valkey)
    caplog.set_level(logging.WARNING, logger="core.valkey")
    for n in range(50):
        cache.set(f"n{n}", n)
        assert cache.get(f"n{n}") == n
        outbox.call_worker()
    assert [record.message for record in caplog.records].count("valkey is away; going on without it") == 1


def test_a_count_goes_on_when_valkey_comes_and_goes(own_valkey) -> None:
    assert [count("k", seconds=60) for _ in range(2)] == [1, 2]
    kill_broker(own_valkey)
    assert [count("k", seconds=60) for _ in range(3)] == [1, 2, 3]
    own_valkey.start()
    valkey.forget_absence()
    assert [count("k", seconds=60) for _ in range(2)] == [1, 2]
