"""Workers killed in mid-delivery, a receiver that goes away, no broker: all arrives, in order, once in effect."""

import multiprocessing
import os
import signal
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone

from core.valkey import Away
from exchange.models import WebhookMessage
from exchange.webhooks import delivery, messages
from journal.models import Connection
from tests.exchange.receiver import Receiver
from tests.factories.dossiers import copies_with_history, received
from tests.factories.moments import at
from tests.factories.systems import connected_system

pytestmark = pytest.mark.django_db(transaction=True)
# How many messages are delivered: any number by OSS_DELIVERIES.
DELIVERIES = int(os.environ.get("OSS_DELIVERIES") or (10_000 if os.environ.get("OSS_FULL") else 80))
STEPS = 8 if DELIVERIES >= 1000 else 5  # a worker each; all but the last are killed
MOMENT = at("2026-11-23 09:10")


def worker(receiver: Receiver, moment: datetime) -> multiprocessing.process.BaseProcess:
    """A process of its own that delivers as a worker does, round after round, and is killed at any moment."""
    connections.close_all()  # or the fork would hold this process's

    def deliver() -> None:
        receiver.server.socket.close()  # the fork's own hold on it
        at = moment
        while WebhookMessage.objects.filter(state="waiting").exists():
            delivery.deliver_waiting(at=at)
            at += timedelta(minutes=11)

    process = multiprocessing.get_context("fork").Process(target=deliver, daemon=True)
    process.start()
    return process


@pytest.mark.timeout(3600)
def test_all_arrives_in_order_and_once_in_effect(cast, edition, monkeypatch):
    def away() -> None:
        raise Away

    monkeypatch.setattr(messages, "valkey_client", away)
    monkeypatch.setattr(delivery, "BATCH", max(DELIVERIES // 20, 8))  # so that a kill meets a batch
    receiver = Receiver()
    receiver.start()
    try:
        caller = connected_system("chuyên ngành", post=cast.head.post)
        receiver.secret = caller.post("webhooks/", {"url": receiver.url}).json()["secret"]
        first = received(cast, edition, MOMENT)
        per_dossier = first.events.count()
        messages.record_events(copies_with_history(first, DELIVERIES // per_dossier - 1))
        waiting = set(WebhookMessage.objects.values_list("uid", flat=True))
        assert len(waiting) == DELIVERIES
        kills = 0
        for step in range(1, STEPS + 1):
            # What a killed worker had claimed is due again after its lease, and one that rested is tried again.
            process = worker(receiver, timezone.now() + timedelta(days=step))
            if step < STEPS:
                receiver.wait_for(DELIVERIES * step // STEPS)
                if step % 2:
                    receiver.answers = [0] * 4  # taken, and the line breaks
                    port = receiver.stop()
                os.kill(process.pid, signal.SIGKILL)
                kills += 1
                process.join()
                if step % 2:
                    receiver.start(port)
            process.join(3000)
        assert kills == STEPS - 1
    finally:
        receiver.stop()
    assert not WebhookMessage.objects.exclude(state="delivered").exists()
    told = receiver.in_effect()
    assert {key for key, _content in receiver.received} == {f"msg_{uid.hex}" for uid in waiting}
    assert len(told) == DELIVERIES
    order: dict[str, list[int]] = {}
    for content in told:
        order.setdefault(content["data"]["code"], []).append(content["data"]["revision"])
    assert all(revisions == sorted(revisions) for revisions in order.values())
    assert Connection.objects.get().failures == 0
