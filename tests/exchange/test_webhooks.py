"""Webhooks over real HTTP: everything arrives, in order for each dossier, once in effect; nobody reads another's."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from core.refusals import Refused
from core.time_budget import TimeBudget
from dossiers.lifecycle import execute_transition
from exchange.models import ConnectedSystem, WebhookEndpoint, WebhookMessage
from exchange.systems import disconnect_system
from exchange.webhooks import delivery, endpoints, messages
from journal.models import Connection, OutgoingCall
from journal.outgoing_calls import RESTS_AFTER
from oss_portal.pruning import arrived_webhooks
from tests.exchange.receiver import Receiver
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import staff_actor
from tests.factories.systems import Caller, connected_system

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

State = WebhookMessage.State
MOMENT = at("2026-11-23 09:10")


@pytest.fixture
def receiver():
    server = Receiver()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def listening(cast, receiver) -> Caller:
    """A system in the officers' head's post that is told at the receiver."""
    caller = connected_system("chuyên ngành", post=cast.head.post)
    answer = caller.post("webhooks/", {"url": receiver.url})
    assert answer.status_code == 201, answer.json()
    receiver.secret = answer.json()["secret"]
    return caller


def endpoint() -> WebhookEndpoint:
    return WebhookEndpoint.objects.get()


def deliver_all(*, after: timedelta = timedelta(), rounds: int = 40) -> None:
    """Deliver until nothing waits, the clock going on between the rounds."""
    begin = timezone.now() + after
    for n in range(rounds):
        delivery.deliver_waiting(at=begin + timedelta(minutes=11 * n))
        if not WebhookMessage.objects.filter(state=State.WAITING).exists():
            return


def act(cast, dossier, moment) -> None:
    """Three events: given out, and pressed for twice."""
    execute_transition(dossier, "assign", cast.head, at=moment, officer=cast.officer.post)
    for _n in range(2):
        execute_transition(dossier, "remind", cast.head, at=moment)


def test_what_happens_is_told_signed_and_without_personal_data(cast, edition, listening, receiver):
    dossier = received(cast, edition, MOMENT)
    deliver_all()
    told = receiver.in_effect()
    assert [content["type"] for content in told] == ["dossier.receive", "dossier.hand_over"]
    data = told[-1]["data"]
    assert (data["code"], data["state"]["number"], data["revision"]) == (dossier.code, 4, dossier.revision)
    assert data["procedure_code"] == edition.procedure.code
    assert cast.person.full_name not in str(told)
    assert cast.person.personal_number not in str(told)
    assert receiver.forged == 0
    call = OutgoingCall.objects.last()
    assert (call.status, call.operation, call.error) == (204, "dossier.receive", "")


def test_only_the_actions_asked_for_are_told(cast, edition, receiver):
    caller = connected_system("một việc", post=cast.head.post)
    receiver.secret = caller.post("webhooks/", {"url": receiver.url, "actions": ["assign"]}).json()["secret"]
    dossier = received(cast, edition, MOMENT)
    execute_transition(dossier, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    deliver_all()
    assert [content["type"] for content in receiver.in_effect()] == ["dossier.assign"]
    refused = caller.post("webhooks/", {"url": receiver.url + "&b=2", "actions": ["no_such"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_action")


def test_a_system_is_not_told_of_dossiers_that_it_may_not_see(cast, edition, receiver):
    caller = connected_system("chỉ nộp", scopes=("dossiers:file", "webhooks"))
    receiver.secret = caller.post("webhooks/", {"url": receiver.url}).json()["secret"]
    received(cast, edition, MOMENT)
    assert WebhookMessage.objects.filter(state=State.WAITING).exists()
    assert caller.get("webhooks/messages/").json()["results"] == [], "nor by the list of what waits to be told"
    deliver_all()
    assert receiver.received == []
    assert caller.get("webhooks/messages/").json()["results"] == []
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {State.WITHHELD}


def test_order_and_one_effect_hold_under_faults(cast, edition, listening, receiver):
    """Broken lines after the message was taken, 500 and 429 in any order: nothing is lost or overtakes."""
    dice = random.Random(20261129)
    dossiers = [received(cast, edition, MOMENT, key=f"k{n}") for n in range(6)]
    for dossier in dossiers:
        act(cast, dossier, MOMENT)
    receiver.answers = [dice.choice([0, 204, 204, 500, 429, 0]) for _n in range(24)]
    deliver_all()
    told = receiver.in_effect()
    assert len(told) == 6 * 5
    for dossier in dossiers:
        own = [content["data"]["revision"] for content in told if content["data"]["code"] == dossier.code]
        assert own == list(dossier.events.order_by("revision").values_list("revision", flat=True))
    assert len(receiver.received) > len(told), "some came twice, known by their identifier"


def test_a_receiver_that_is_down_for_a_day_gets_everything_afterwards(cast, edition, listening, receiver):
    port = receiver.stop()
    dossier = received(cast, edition, MOMENT)
    act(cast, dossier, MOMENT)
    for hour in range(24):
        delivery.deliver_waiting(at=timezone.now() + timedelta(hours=hour))
    assert not WebhookMessage.objects.exclude(state=State.WAITING).exists(), "nothing is parked, nothing is lost"
    assert Connection.objects.get().resting_until is not None
    assert OutgoingCall.objects.count() <= 24, "a dead neighbour is tried by single calls"
    receiver.start(port)
    deliver_all(after=timedelta(days=1))
    told = [content["data"]["action"] for content in receiver.in_effect()]
    assert told == ["receive", "hand_over", "assign", "remind", "remind"]
    assert Connection.objects.get().failures == 0


def test_a_slow_receiver_leaves_its_time_to_the_others(cast, edition, listening, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "AT_ONCE", 1)
    other = Receiver(received=receiver.received, lock=receiver.lock)  # one list: who got what, as it came
    other.start()
    try:
        other.secret = (
            connected_system("khác", post=cast.head.post).post("webhooks/", {"url": other.url}).json()["secret"]
        )
        dossiers = [received(cast, edition, MOMENT, key=f"k{n}") for n in range(3)]
        receiver.slow_seconds = [1.1]
        assert delivery.deliver_waiting(at=timezone.now(), budget=TimeBudget(60, share=1.0)) == 12
    finally:
        other.stop()
    told = [content["data"]["code"] for _key, content in receiver.received]
    assert sorted(told[1:7]) == sorted(2 * [dossier.code for dossier in dossiers]), "all of the other's, between two"
    assert set(WebhookMessage.objects.values_list("state", "attempts")) == {(State.DELIVERED, 1)}


def test_when_time_is_up_what_was_claimed_waits_as_before(cast, edition, listening, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "AT_ONCE", 1)
    for n in range(3):
        received(cast, edition, MOMENT, key=f"k{n}")
    receiver.slow_seconds = [1.1]
    now = timezone.now()
    assert delivery.deliver_waiting(at=now, budget=TimeBudget(1.0)) == 1
    waiting = WebhookMessage.objects.filter(state=State.WAITING)
    assert set(waiting.values_list("attempts", flat=True)) == {0}
    assert waiting.filter(available_at__lte=now).count() == 5
    assert delivery.deliver_waiting(at=now) == 5


def test_a_dead_receiver_of_many_messages_is_tried_by_few_calls(cast, edition, listening, receiver, monkeypatch):
    monkeypatch.setattr(delivery, "AT_ONCE", 1)
    for n in range(RESTS_AFTER + 3):
        received(cast, edition, MOMENT, key=f"k{n}")
    receiver.stop()
    now = timezone.now()
    assert delivery.deliver_waiting(at=now) == 0
    assert OutgoingCall.objects.count() == RESTS_AFTER
    assert WebhookMessage.objects.filter(state=State.WAITING, attempts=0).count() == RESTS_AFTER + 3 + 3


def test_an_answer_that_blames_the_request_parks_the_message_and_holds_the_later_ones(
    cast, edition, listening, receiver
):
    first, second = (received(cast, edition, MOMENT, key=key) for key in "ab")
    receiver.answers = [400] * 2 * delivery.REFUSALS_UNTIL_PARKED
    deliver_all(rounds=delivery.REFUSALS_UNTIL_PARKED)
    execute_transition(first, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    deliver_all(after=timedelta(days=1), rounds=3)
    states = dict(WebhookMessage.objects.values_list("event__action", "state").filter(dossier=first))
    assert states == {"receive": State.PARKED, "hand_over": State.WAITING, "assign": State.WAITING}
    admin = staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR)
    parked = WebhookMessage.objects.get(dossier=first, state=State.PARKED)
    assert messages.skip_message(parked, by=admin)
    assert not messages.skip_message(parked, by=admin), "a second press changes nothing"
    deliver_all(after=timedelta(days=2))
    assert [content["data"]["action"] for content in receiver.in_effect()] == ["hand_over", "assign"]
    assert WebhookMessage.objects.filter(dossier=second, state=State.PARKED).count() == 1, (
        "another dossier's waits still"
    )


def test_a_worker_that_dies_after_claiming_leaves_the_message_to_another(cast, edition, listening, receiver):
    received(cast, edition, MOMENT)
    now = timezone.now()
    assert delivery._claim(now, {})
    assert delivery.deliver_waiting(at=now) == 0, "claimed by the one that died"
    assert delivery.deliver_waiting(at=now + delivery.LEASE) == 2


def test_what_waits_of_a_dossier_goes_by_one_claim_and_stops_at_what_did_not_arrive(
    cast, edition, listening, receiver, monkeypatch
):
    dossier = received(cast, edition, MOMENT)
    act(cast, dossier, MOMENT)
    receiver.answers = [204, 204, 500]
    now = timezone.now()
    assert delivery.deliver_waiting(at=now, batches=1) == 2
    assert OutgoingCall.objects.count() == 3, "none behind the refused one was sent"
    waiting = WebhookMessage.objects.filter(state=State.WAITING).order_by("event")
    assert [(message.attempts, message.available_at > now) for message in waiting] == [
        (1, True), (0, False), (0, False)
    ]  # fmt: skip
    assert delivery.deliver_waiting(at=now) == 0, "and none before its time"
    monkeypatch.setattr(delivery, "CHAIN", 2)
    assert delivery.deliver_waiting(at=now + timedelta(minutes=11), batches=1) == 2
    assert delivery.deliver_waiting(at=now + timedelta(minutes=11)) == 1
    own = [content["data"]["revision"] for content in receiver.in_effect()]
    assert own == list(dossier.events.order_by("revision").values_list("revision", flat=True))


def test_a_claim_takes_the_first_of_every_dossier_before_a_second_one(cast, edition, listening, monkeypatch):
    first, second = (received(cast, edition, MOMENT, key=key) for key in "ab")
    monkeypatch.setattr(delivery, "BATCH", 3)
    claimed = delivery._claim(timezone.now(), {})
    assert sorted(message.dossier_id for message in claimed) == [first.pk, first.pk, second.pk]
    assert delivery._claim(timezone.now(), {}) == [], "the second one of the other waits for its first"


def test_a_chain_ends_before_a_message_that_another_worker_holds(cast, edition, listening):
    """A message told again while a later one of its dossier is being sent takes no third one past that."""
    dossier = received(cast, edition, MOMENT)
    act(cast, dossier, MOMENT)
    mine = list(WebhookMessage.objects.order_by("event"))
    now = timezone.now()
    WebhookMessage.objects.filter(pk=mine[1].pk).update(available_at=now + delivery.LEASE)
    assert [message.pk for message in delivery._claim(now, {})] == [mine[0].pk]


def test_an_old_secret_signs_beside_the_new_one_until_its_end(cast, edition, listening, receiver):
    old = receiver.secret
    answer = listening.post(f"webhooks/{endpoint().uid}/secret/", {})
    assert answer.json()["secret"] not in ("", old)
    endpoint_ends = WebhookEndpoint.objects.get().former_secret_ends_at
    received(cast, edition, MOMENT)
    deliver_all()
    assert (receiver.forged, len(receiver.in_effect())) == (0, 2), "the receiver still believes the old one"
    own = WebhookEndpoint.objects.get()
    assert delivery._secrets(own, endpoint_ends) == [own.secret]
    assert delivery._secrets(own, endpoint_ends - timedelta(seconds=1)) == [own.secret, old]


def test_what_was_told_is_sent_again_on_request_under_its_identifier(cast, edition, listening, receiver):
    received(cast, edition, MOMENT)
    deliver_all()
    sent = WebhookMessage.objects.earliest("event_id")
    period = {"since": (sent.created_at - timedelta(hours=1)).isoformat(), "until": timezone.now().isoformat()}
    turned = {"since": period["until"], "until": period["since"]}
    assert listening.post(f"webhooks/{endpoint().uid}/replay/", turned).status_code == 422, "not 0 for a mistake"
    answer = listening.post(f"webhooks/{endpoint().uid}/replay/", period)
    assert (answer.status_code, answer.json()) == (202, {"waiting": 2})
    deliver_all(after=timedelta(minutes=1))
    assert len(receiver.received) == 4
    assert len(receiver.in_effect()) == 2


def test_a_disconnected_system_is_told_nothing(cast, edition, listening, receiver):
    disconnect_system(ConnectedSystem.objects.get(), by=cast.head)
    received(cast, edition, MOMENT)
    assert not WebhookMessage.objects.exists()


def test_no_other_system_reads_or_changes_a_webhook(cast, listening):
    other = connected_system("người khác", post=cast.officer.post)
    uid = endpoint().uid
    assert other.get("webhooks/").json() == []
    assert other.get("webhooks/messages/").json()["results"] == []
    assert other.post(f"webhooks/{uid}/secret/", {}).status_code == 404
    assert other.client.delete(f"/api/v1/webhooks/{uid}/", headers=other.headers).status_code == 404
    assert listening.client.delete(f"/api/v1/webhooks/{uid}/", headers=listening.headers).status_code == 204
    assert not WebhookEndpoint.objects.filter(active=True).exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.vn/hook", "bad_address"),
        ("ftp://example.vn/hook", "bad_address"),
        ("https://user:pass@example.vn/", "bad_address"),
        ("https://example.vn/#part", "bad_address"),
        ("https://a.example:99999/", "bad_address"),
        ("", "bad_address"),
    ],
)
def test_addresses_that_may_not_be_called_are_refused_in_words(db, url, code):
    with pytest.raises(Refused) as refusal:
        endpoints.checked_address(url)
    assert refusal.value.code == code


def test_an_address_of_the_inner_network_is_refused_unless_configured(settings, receiver):
    settings.OUTGOING_PRIVATE_HOSTS = []
    with pytest.raises(Refused) as refusal:
        endpoints.checked_address(receiver.url.replace("http:", "https:"))
    assert refusal.value.code == "private_address"


def test_an_administrator_adds_searches_replays_and_stops(cast, edition, receiver):
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    connected_system("chuyên ngành", post=cast.head.post)
    page = client.post(reverse("manage-webhooks"), {"system": ConnectedSystem.objects.get().pk, "url": receiver.url})
    own = endpoint()
    assert own.secret in page.content.decode()
    assert own.secret not in client.get(reverse("manage-webhooks")).content.decode(), "shown once"
    receiver.secret = own.secret
    dossier = received(cast, edition, MOMENT)
    deliver_all()
    log = reverse("manage-webhook", args=[own.uid])
    assert dossier.code in client.get(log, {"code": dossier.code.lower()}).content.decode()
    assert dossier.code not in client.get(log, {"state": "parked"}).content.decode()
    day = WebhookMessage.objects.first().created_at.date().isoformat()
    assert client.post(log, {"do": "replay", "since": "2020-01-01", "until": "2099-01-01"}).status_code == 302
    assert set(WebhookMessage.objects.values_list("state", flat=True)) == {State.WAITING}
    assert client.post(log, {"do": "replay", "since": day, "until": ""}).status_code == 422
    assert client.post(log, {"do": "replay"}).status_code == 422
    deliver_all()
    code = WebhookMessage.objects.first().dossier.code
    client.post(log, {"do": "replay", "code": code.lower().replace("-", " ")})
    assert {m.state for m in WebhookMessage.objects.filter(dossier__code=code)} == {"waiting"}, (
        "by dossier, without days"
    )
    deliver_all()
    first = timezone.localtime(WebhookMessage.objects.order_by("id").first().created_at)
    minute = {"since": f"{first:%Y-%m-%d}", "until": f"{first:%Y-%m-%d}", "do": "replay"}
    before = first - timedelta(minutes=1)
    earlier = {**minute, "since_time": "00:00", "until": f"{before:%Y-%m-%d}", "until_time": f"{before:%H:%M}"}
    if before.date() == first.date():  # by the minute, not the whole day
        assert client.post(log, earlier).status_code == 422
    assert (
        client.post(log, {**minute, "since_time": f"{first:%H:%M}", "until_time": f"{first:%H:%M}"}).status_code == 302
    )
    assert WebhookMessage.objects.order_by("id").first().state == State.WAITING
    assert client.post(log, {**minute, "since_time": "25:00"}).status_code == 422
    nothing = client.post(log, {"do": "replay", "code": "H05.99-000000-0000"})
    assert nothing.status_code == 422
    assert "Không có tin nào như vậy" in nothing.content.decode()
    assert b"whsec_" in client.post(log, {"do": "rotate"}).content
    health = client.get(reverse("manage-connections"))
    assert "chuyên ngành" in health.content.decode()
    assert client.post(log, {"do": "remove"}).status_code == 302
    assert client.get(log).status_code == 404


def test_delivering_many_costs_what_delivering_few_does(cast, edition, receiver, listening):
    counts = []
    for number, many in enumerate((1, 1, 4)):  # the first call to a neighbour begins its record
        for n in range(many):
            received(cast, edition, MOMENT, key=f"{number}-{n}")
        with CaptureQueriesContext(connection) as seen:
            deliver_all()
        counts.append(len(seen))
    assert counts[1] == counts[2]  # no column of a message was forgotten and read one by one


def test_a_claim_reads_what_waits_in_its_order_and_joins_it_with_no_other(db):
    """As a join of all messages with all of them it took seconds where some hundred had come since the statistics."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        now = timezone.now()
        values = {"now": now, "lease": now, "batch": delivery.BATCH, "chain": delivery.CHAIN, "slow": []}
        cursor.execute(f"EXPLAIN {delivery._CLAIM}", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Anti Join" not in plan
    assert "webhook_waiting" in plan
    assert "webhook_order" in plan


def test_telling_many_costs_one_statement(cast, edition, listening, django_assert_num_queries):
    events = [received(cast, edition, MOMENT, key=f"k{n}").events.last().pk for n in range(3)]
    WebhookMessage.objects.all().delete()
    with django_assert_num_queries(1):
        assert messages.record_events(events) == 3


def test_messages_that_arrived_end_after_their_days_and_those_that_wait_stay(cast, edition, listening, receiver):
    received(cast, edition, MOMENT)
    deliver_all()
    received(cast, edition, MOMENT, key="waits")
    ended = arrived_webhooks(timezone.now())
    assert set(ended.values_list("state", flat=True)) == {State.DELIVERED}
    assert (ended.count(), WebhookMessage.objects.count()) == (2, 4)
    assert not arrived_webhooks(timezone.now() - timedelta(days=1)).exists()


def test_the_log_asks_as_much_of_many_messages_as_of_few(cast, edition, listening, receiver):
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    received(cast, edition, MOMENT)
    deliver_all()

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            page = client.get(reverse("manage-webhook", args=[endpoint().uid]))
        assert "204" in page.content.decode()
        return len(seen)

    few = asked()
    for n in range(5):
        received(cast, edition, MOMENT, key=f"more-{n}")
    deliver_all()
    assert asked() <= few
