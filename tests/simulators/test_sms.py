"""The portal and the SMS gateway over real HTTP, in good order and with each of the gateway's faults."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Account, Person
from core.time_budget import TimeBudget
from journal.models import OutgoingCall
from journal.outgoing_calls import RESTS_AFTER
from notices import choices, delivery, failures, outcomes
from notices.models import Notice
from notices.notify import Recipient, notify
from notices.providers import esms
from oss_portal.engines.folder import CHECKOUT
from tests.factories.people import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
State = Notice.State
FACTS = {"code": "H05.01-261123-0001", "owner": "Lê & Sơn", "title": "Khai sinh", "due": "17:00 25/11/2026"}
PHONE = "0912345678"


@dataclass
class GatewayProcess:
    url: str

    def post(self, path: str, **form: str) -> dict:
        request = Request(self.url + path, urlencode(form).encode(), {"Accept": "application/json"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def fault(self, name: str) -> None:
        assert self.post("/faults", fault=name) == {"fault": name}

    def release(self) -> list[str]:
        """Let the gateway report; returns the portal's answers."""
        return self.post("/release")["answers"]

    @property
    def book(self) -> dict:
        with urlopen(f"{self.url}/messages", timeout=60) as answer:
            return json.load(answer)

    @property
    def messages(self) -> list[dict]:
        return self.book["messages"]


@pytest.fixture
def gateway(live_server, settings) -> Iterator[GatewayProcess]:
    keys = ["--api-key", settings.SMS_API_KEY, "--secret-key", settings.SMS_SECRET_KEY]
    command = [sys.executable, "-m", "simulators.sms", "--port", "0", "--hold", *keys]
    process = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        settings.SMS_GATEWAY_URL = process.stdout.readline().split()[-1]
        settings.PUBLIC_URL = live_server.url
        yield GatewayProcess(settings.SMS_GATEWAY_URL)
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def reader(db) -> Account:
    return PersonFactory(personal_number="027190000011", phone=PHONE).account


def say(account: Account, *channels: str, key: str = "k", kind: str = "overdue") -> Notice:
    """Tell somebody who chose these channels; the notice that leaves the portal."""
    account = Account.objects.get(pk=account.pk)
    choices.choose_channel(account, list(channels), morning_digest=False, at=timezone.now())
    notify(key, [Recipient(account)], kind, FACTS, link="/dossiers/x/", at=timezone.now())
    return Notice.objects.get(key=key, channel=channels[0])


def fresh(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def test_an_sms_is_sent_short_without_accents_and_reported(gateway, reader):
    notice = say(reader, "sms")
    assert delivery.send_due(at=timezone.now()) == 1
    assert fresh(notice).state == State.SENT
    (message,) = gateway.messages
    assert message["phone"] == PHONE
    assert message["text"].startswith("Qua han: H05.01-261123-0001")
    assert message["text"].isascii()
    assert message["text"].endswith("/dossiers/x/")
    assert len(message["text"]) <= 306
    assert gateway.release() == ["200"]
    assert fresh(notice).state == State.DELIVERED
    assert fresh(notice).provider_id == message["id"]


def test_zalo_keeps_the_accents(gateway, reader):
    notice = say(reader, "zalo")
    delivery.send_due(at=timezone.now())
    assert "Quá hạn" in gateway.messages[0]["text"]
    gateway.release()
    assert fresh(notice).state == State.DELIVERED


def test_a_message_taken_without_an_answer_is_asked_for_and_not_sent_again(gateway, reader, monkeypatch):
    monkeypatch.setattr(esms, "PATIENCE", 0.5)
    gateway.fault("timeout-taken")
    notice = say(reader, "sms")
    at = timezone.now()
    assert delivery.send_due(at=at) == 0
    assert fresh(notice).in_doubt
    gateway.fault("")
    monkeypatch.setattr(esms, "PATIENCE", 60)
    # On another day too, when the gateway no longer knows the RequestId.
    assert delivery.send_due(at=at + timedelta(days=1)) == 1
    assert gateway.book["asked"] == 1
    assert fresh(notice).state == State.SENT
    assert not fresh(notice).in_doubt
    assert fresh(notice).provider_id == gateway.messages[0]["id"]


def test_a_message_lost_without_an_answer_is_sent_again_once(gateway, reader, monkeypatch):
    monkeypatch.setattr(esms, "PATIENCE", 0.5)
    gateway.fault("timeout-lost")
    notice = say(reader, "sms")
    at = timezone.now()
    delivery.send_due(at=at)
    gateway.fault("")
    monkeypatch.setattr(esms, "PATIENCE", 60)
    assert delivery.send_due(at=at + timedelta(hours=1)) == 1
    assert len(gateway.messages) == 1
    assert fresh(notice).state == State.SENT


def test_a_gateway_that_is_slow_rests_for_the_round(gateway, reader, monkeypatch):
    monkeypatch.setattr(esms, "PATIENCE", 0.5)
    gateway.fault("timeout-lost")
    first, second = say(reader, "sms", key="a"), say(reader, "sms", key="b")
    delivery.send_due(at=timezone.now(), budget=TimeBudget(60, share=0.4))
    assert [fresh(notice).attempts for notice in (first, second)] == [1, 0]


def test_a_worker_that_died_while_sending_doubles_nothing(gateway, reader):
    notice = say(reader, "sms")
    at = timezone.now()
    claimed = delivery._claim(at, set())
    assert claimed is not None
    outcome = esms.Gateway(notice.channel).send(claimed)  # and then nothing was written down
    assert outcome.provider_id
    assert delivery.send_due(at=at + timedelta(minutes=1)) == 0, "the claim still holds"
    assert delivery.send_due(at=at + timedelta(minutes=6)) == 1
    assert len(gateway.messages) == 1
    assert fresh(notice).state == State.SENT


def test_many_workers_at_once_send_each_message_once(gateway, reader):
    for n in range(6):
        say(reader, "sms", key=f"k{n}")
    at = timezone.now()

    def work(_n: int) -> int:
        try:
            return delivery.send_due(at=at)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 6
    assert gateway.book["asked"] == len(gateway.messages) == 6


def test_the_gateway_refuses_the_second_of_one_reference(gateway, reader):
    notice = say(reader, "sms")
    carrier = esms.Gateway(notice.channel)
    assert carrier.send(notice).provider_id
    assert carrier.send(notice).provider_id == "", "known already: taken, without a new message"
    assert len(gateway.messages) == 1


@pytest.mark.parametrize("fault", ["bad-credential", "no-credit", "throttled"])
def test_while_the_gateway_takes_nothing_everybody_waits(gateway, reader, fault):
    gateway.fault(fault)
    first, second = say(reader, "sms", key="a"), say(reader, "sms", key="b")
    at = timezone.now()
    assert delivery.send_due(at=at) == 0
    assert gateway.book["asked"] == 1, "one question a round, not one for each message"
    assert fresh(first).state == fresh(second).state == State.WAITING
    assert not fresh(first).in_doubt
    if fault == "throttled":
        assert fresh(first).next_attempt_at == at + timedelta(seconds=120)
    gateway.fault("")
    assert delivery.send_due(at=at + timedelta(hours=1)) == 2
    assert len(gateway.messages) == 2


def test_an_unknown_number_fails_and_the_next_channel_is_tried_once(gateway, reader, mailbox):
    Person.objects.update(email="anh@example.vn")
    gateway.fault("unknown-number")
    notice = say(reader, "sms", "email")
    assert delivery.send_due(at=timezone.now()) == 1
    assert fresh(notice).state == State.FAILED
    assert fresh(notice).last_error.startswith("108")
    assert [address for address, _mail in mailbox.taken] == ["anh@example.vn"]
    outcomes.record_refused(notice.pk, "108", at=timezone.now())
    delivery.send_due(at=timezone.now())
    assert len(mailbox.taken) == 1


def test_undelivered_by_report_falls_back_too(gateway, reader, mailbox):
    Person.objects.update(email="anh@example.vn")
    gateway.fault("undelivered")
    notice = say(reader, "zalo", "email")
    delivery.send_due(at=timezone.now())
    assert mailbox.taken == []
    assert gateway.release() == ["200"]
    assert fresh(notice).state == State.FAILED
    assert delivery.send_due(at=timezone.now()) == 1
    assert len(mailbox.taken) == 1


def test_reports_doubled_or_out_of_order_end_delivered(gateway, reader):
    for n, fault in enumerate(("duplicate", "out-of-order")):
        gateway.fault(fault)
        notice = say(reader, "sms", key=f"k{n}")
        delivery.send_due(at=timezone.now())
        assert set(gateway.release()) == {"200"}
        assert fresh(notice).state == State.DELIVERED


def test_a_forged_report_is_not_believed(gateway, reader):
    gateway.fault("forged")
    notice = say(reader, "sms")
    delivery.send_due(at=timezone.now())
    assert gateway.release() == ["403"]
    assert fresh(notice).state == State.SENT


def test_a_report_of_another_message_is_not_believed(gateway, reader, live_server):
    from notices import callbacks

    notice = say(reader, "sms")
    delivery.send_due(at=timezone.now())
    with pytest.raises(HTTPError) as refused:
        urlopen(f"{callbacks.address(notice)}?SMSID=other&SendStatus=5&SendFailed=1&SendSuccess=0", timeout=60)
    assert refused.value.code == 409
    assert fresh(notice).state == State.SENT


def test_without_a_report_the_gateway_is_asked(gateway, reader):
    gateway.fault("lost")
    notice = say(reader, "sms")
    at = timezone.now()
    delivery.send_due(at=at)
    assert gateway.release() == []
    assert delivery.ask_about_sent(at=at + timedelta(minutes=5)) == 0, "reports are given an hour"
    assert delivery.ask_about_sent(at=at + timedelta(hours=2)) == 1
    assert fresh(notice).state == State.DELIVERED


def test_the_gateway_away_holds_nothing_up(gateway, reader, settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9"
    notices = [say(reader, "sms", key=f"k{n}") for n in range(RESTS_AFTER + 2)]
    assert delivery.send_due(at=timezone.now()) == 0
    assert {fresh(notice).state for notice in notices} == {State.WAITING}
    assert not fresh(notices[0]).in_doubt, "a message that was never handed over need not be asked about"
    calls = OutgoingCall.objects.all()
    assert len(calls) == RESTS_AFTER, "then the gateway rests, and nobody waits for it"
    assert {call.connection for call in calls} == {"sms"}
    assert not [call for call in calls if PHONE in f"{call.operation} {call.reference} {call.error}"]


def test_what_surely_failed_is_retried_as_a_new_message(gateway, reader):
    from accounts.actors import Actor

    gateway.fault("undelivered")
    notice = say(reader, "sms")
    delivery.send_due(at=timezone.now())
    gateway.release()
    assert fresh(notice).state == State.FAILED
    gateway.fault("")
    assert failures.retry_notice([notice.pk], by=Actor(account=reader), at=timezone.now()) == 1
    assert delivery.send_due(at=timezone.now()) == 1
    assert len(gateway.messages) == 2
    gateway.release()
    assert fresh(notice).state == State.DELIVERED


def test_the_pretend_telephone_shows_what_came(gateway, reader):
    say(reader, "sms")
    delivery.send_due(at=timezone.now())
    with urlopen(gateway.url, timeout=60) as page:
        assert "Qua han" in page.read().decode()
