"""Celery's workers, the broker and the receiver killed during deliveries: all arrives, in order, once in effect."""

import os
from datetime import timedelta
from itertools import count

import psutil
import pytest
from django.db.models import F

from core import valkey
from exchange.models import WebhookMessage
from exchange.webhooks import messages
from exchange.webhooks.delivery import LEASE
from journal.models import Connection
from oss_portal.processes import wait_until
from tests.exchange.receiver import Receiver
from tests.factories.dossiers import copies_with_history, received
from tests.factories.moments import at
from tests.factories.systems import connected_system
from tests.factories.workers import Workers, kill_broker, kill_worker

pytestmark = pytest.mark.django_db(transaction=True)
# How many messages are delivered: any number by OSS_DELIVERIES.
DELIVERIES = int(os.environ.get("OSS_DELIVERIES") or (10_000 if os.environ.get("OSS_FULL") else 80))
IN_FULL = DELIVERIES >= 1000
HARMS = 6 if IN_FULL else 1
PATIENCE = 1200


@pytest.fixture
def receiver():
    own = Receiver()
    own.start()
    yield own
    own.go_on()
    own.stop()


@pytest.fixture
def workers(tmp_path):
    own = Workers(tmp_path)
    yield own
    own.stop()


def end_leases() -> None:
    """As two minutes after every worker died: what they had claimed is due again, and no receiver rests."""
    waiting = WebhookMessage.objects.filter(state="waiting")
    waiting.update(available_at=F("available_at") - LEASE - timedelta(minutes=1))
    Connection.objects.update(resting_until=None)


@pytest.mark.timeout(3600)
def test_all_arrives_in_order_and_once_in_effect(cast, edition, own_valkey, receiver, workers, tmp_path):
    caller = connected_system("chuyên ngành", post=cast.head.post)
    receiver.secret = caller.post("webhooks/", {"url": receiver.url}).json()["secret"]
    first = received(cast, edition, at("2026-11-23 09:10"))
    events = copies_with_history(first, DELIVERIES // first.events.count() - 1)
    timetable = count()

    def new_worker():
        """One that also keeps the timetable, as the service beside the portal's workers does."""
        return workers.start(
            "--beat", f"--schedule={tmp_path / f'timetable-{next(timetable)}'}", "--concurrency=2",
            "--queues=urgent,celery,reports", REDIS_URL=own_valkey.url,
        )  # fmt: skip

    def is_tended() -> bool:
        """Start another worker where one has ended, as a service manager does. Celery's ends by itself when its broker
        dies while a task is not acknowledged."""
        nonlocal worker
        if worker.poll() is not None:
            worker = new_worker()
        return True

    worker = new_worker()
    for harm in range(HARMS):
        share = events[harm * len(events) // HARMS : (harm + 1) * len(events) // HARMS]
        half = len(share) // 2
        receiver.hold_after(len(receiver.received) + half // 2)
        messages.record_events(share[:half])
        assert wait_until(lambda: is_tended() and receiver.held.is_set(), seconds=PATIENCE), workers.logs()

        if harm % 3 == 0:
            kill_worker(worker)
        elif harm % 3 == 1:  # only those two who do the work, who were there before the timetable
            for child in sorted(psutil.Process(worker.pid).children(), key=psutil.Process.create_time)[:2]:
                child.kill()
        kill_broker(own_valkey)
        port = receiver.stop()
        receiver.go_on()
        messages.record_events(share[half:])  # nobody can be called

        receiver.answers = [0] * 4  # taken, and the line breaks
        receiver.start(port)
        own_valkey.start()
        valkey.forget_absence()
        if not IN_FULL:
            end_leases()

    waiting = WebhookMessage.objects.filter(state="waiting")
    assert wait_until(lambda: is_tended() and not waiting.exists(), seconds=PATIENCE), workers.logs()
    all_of_them = {f"msg_{uid.hex}" for uid in WebhookMessage.objects.values_list("uid", flat=True)}
    assert len(all_of_them) == DELIVERIES
    assert not WebhookMessage.objects.exclude(state="delivered").exists()
    assert {key for key, _content in receiver.received} == all_of_them
    assert receiver.forged == 0
    told = receiver.in_effect()
    order: dict[str, list[int]] = {}
    for content in told:
        order.setdefault(content["data"]["code"], []).append(content["data"]["revision"])
    assert all(revisions == sorted(revisions) for revisions in order.values())
    assert len(told) == DELIVERIES
    assert Connection.objects.get().failures == 0
