"""Due soon and overdue: noticed once per crossing, told to whoever works on it, then to the head too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from kombu.exceptions import OperationalError

from agencies.calendars import calendar_of
from dossiers import tasks
from dossiers.deadlines import clock, watch
from dossiers.lifecycle import execute_transition
from dossiers.models import DeadlineAlert, Dossier
from journal import outbox
from journal.models import OutboxMessage
from journal.outbox import dispatch_outbox
from notices.models import Notice
from tests.factories.dossiers import received
from tests.factories.moments import at
from vietnam import working_time

RECEIVED = at("2026-11-02 09:00")  # five working days: due on 9 November, 17:00
SOON, LATE = at("2026-11-06 09:00"), at("2026-11-09 17:01")


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    dossier = received(cast, edition, RECEIVED, limit_days="5")
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-02 10:00"), officer=cast.officer.post)
    OutboxMessage.objects.all().delete()
    return dossier


def told(kind: str) -> set[str]:
    """Accounts that were told of crossings of a kind."""
    outbox.dispatch_messages(at=LATE + timedelta(days=400))
    notices = Notice.objects.filter(key__startswith=f"crossing:{kind}:", channel=Notice.Channel.PORTAL)
    names = list(notices.values_list("account__username", flat=True))
    assert len(names) == len(set(names)), "told once"
    return set(names)


def test_nothing_is_noticed_before_its_time(dossier):
    assert watch.watch_due_dates(at=at("2026-11-04 09:00")) == {"overdue": 0, "due_soon": 0}
    assert not OutboxMessage.objects.exists()


def test_due_soon_is_noticed_once_and_told_to_the_officer(cast, dossier):
    assert watch.watch_due_dates(at=SOON) == {"overdue": 0, "due_soon": 1}
    assert watch.watch_due_dates(at=SOON + timedelta(minutes=5)) == {"overdue": 0, "due_soon": 0}
    crossing = DeadlineAlert.objects.get()
    assert (crossing.kind, crossing.due_at, crossing.noticed_at) == ("due_soon", dossier.due_at, SOON)
    assert told("due_soon") == {"chuyenvien"}


def test_due_soon_begins_at_the_minute_the_head_counts_it(dossier, settings):
    """The watch, the head's numbers and the badge of a page agree to the minute."""
    settings.DUE_SOON_MINUTES = 900  # an edge within a morning, not at a closing
    calendar = calendar_of(dossier.settler)
    edge = working_time.subtract_minutes(calendar, dossier.due_at, settings.DUE_SOON_MINUTES)
    before = edge - timedelta(minutes=1)
    assert clock.soon_before(before)[dossier.settler.calendar_id] <= dossier.due_at
    assert clock.standing_of(dossier, at=before).standing == "on_time"
    assert watch.watch_due_dates(at=before)["due_soon"] == 0
    assert clock.soon_before(edge)[dossier.settler.calendar_id] > dossier.due_at
    assert clock.standing_of(dossier, at=edge).standing == "due_soon"
    assert watch.watch_due_dates(at=edge)["due_soon"] == 1


def test_overdue_is_told_to_the_officer_and_then_the_head(cast, dossier):
    watch.watch_due_dates(at=SOON)
    assert watch.watch_due_dates(at=LATE) == {"overdue": 1, "due_soon": 0}
    assert watch.watch_due_dates(at=LATE + timedelta(days=1)) == {"overdue": 0, "due_soon": 0}
    assert told("overdue") == {"chuyenvien", "truong", "lanhdao"}


def test_the_minute_it_is_due_is_not_overdue(dossier):
    assert watch.watch_due_dates(at=dossier.due_at)["overdue"] == 0
    assert watch.watch_due_dates(at=dossier.due_at + timedelta(seconds=1))["overdue"] == 1


def test_a_new_due_date_is_crossed_anew(cast, dossier):
    watch.watch_due_dates(at=SOON)
    execute_transition(dossier, "extend", cast.leader, at=at("2026-11-05 10:00"), amount="5", reason="Xác minh thêm")
    assert watch.watch_due_dates(at=at("2026-11-06 10:01")) == {"overdue": 0, "due_soon": 0}
    assert watch.watch_due_dates(at=at("2026-11-13 09:00")) == {"overdue": 0, "due_soon": 1}
    assert DeadlineAlert.objects.filter(kind="due_soon").values("due_at").distinct().count() == 2


def test_a_paused_dossier_crosses_nothing(cast, dossier):
    execute_transition(dossier, "ask_supplement", cast.officer, at=SOON, items=["Ảnh"], reason="Thiếu ảnh")
    assert watch.watch_due_dates(at=at("2026-12-30 09:00")) == {"overdue": 0, "due_soon": 0}


def test_who_was_quicker_than_the_message_is_not_bothered(cast, dossier):
    watch.watch_due_dates(at=LATE)
    execute_transition(dossier, "ask_supplement", cast.officer, at=LATE, items=["Ảnh"], reason="Thiếu ảnh")
    assert told("overdue") == set()


def test_while_nobody_holds_it_whoever_could_take_it_is_told(cast, edition):
    received(cast, edition, RECEIVED, limit_days="5")
    watch.watch_due_dates(at=SOON)
    assert told("due_soon") == {"truong"}, "the step of assigning is the unit head's"


def test_the_worker_may_do_its_task_twice(dossier):
    tasks.watch_due_dates()
    first = DeadlineAlert.objects.count()
    tasks.watch_due_dates()
    assert DeadlineAlert.objects.count() == first == OutboxMessage.objects.filter(topic="dossiers.crossing").count()
    message = OutboxMessage.objects.filter(topic="dossiers.crossing").first()
    if message is not None:
        outbox.dispatch_messages(at=LATE + timedelta(days=400))
        before = Notice.objects.count()
        OutboxMessage.objects.filter(pk=message.pk).update(done_at=None)
        outbox.dispatch_messages(at=LATE + timedelta(days=400))
        assert Notice.objects.count() == before, "a message handled again tells nobody again"


@pytest.mark.django_db(transaction=True)
def test_many_watches_at_once_notice_once(dossier):
    def look(_n: int) -> None:
        try:
            watch.watch_due_dates(at=LATE)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(look, range(4)))
    assert DeadlineAlert.objects.filter(kind="overdue").count() == 1
    assert OutboxMessage.objects.filter(topic="dossiers.crossing").count() == 1


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_gone_the_message_waits_and_is_told_later(monkeypatch, dossier):
    def gone(*_a, **_k):
        raise OperationalError("connection refused")

    monkeypatch.setattr(dispatch_outbox, "apply_async", gone)
    watch.watch_due_dates(at=SOON)
    message = OutboxMessage.objects.get(topic="dossiers.crossing")
    assert (message.done_at, message.attempts) == (None, 0)
    monkeypatch.undo()
    assert told("due_soon") == {"chuyenvien"}
    message.refresh_from_db()
    assert message.done_at is not None


def test_what_is_overdue_for_long_is_told_once_to_whoever_supervises(cast, dossier):
    """Due on Monday 9 November at five; three working days later it is Thursday at five."""
    assert watch.escalate_overdue(at=at("2026-11-12 16:59")) == 0
    assert watch.escalate_overdue(at=at("2026-11-13 08:00")) == 1
    assert watch.escalate_overdue(at=at("2026-11-14 08:00")) == 0
    assert told("escalated") == {"giamsat"}
    [notice] = Notice.objects.filter(key__startswith="crossing:escalated:", channel=Notice.Channel.PORTAL)
    assert cast.agency.name in notice.body
    assert dossier.owner_name not in f"{notice.subject} {notice.body}"
