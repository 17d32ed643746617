"""Quiet hours, the morning digest, the order of channels, and the page on which they are chosen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Account, StaffPost
from notices import choices, delivery, kinds, quiet
from notices.kinds import Kind
from notices.models import ContactChoice, Notice
from notices.notify import Recipient, notify
from tests.factories.moments import at
from tests.factories.people import PersonFactory

FACTS = {"code": "H05.01-261123-0001", "owner": "Lê & Sơn", "title": "Khai sinh", "due": "17:00 25/11/2026"}
State = Notice.State


@pytest.fixture
def account(db) -> Account:
    return PersonFactory(personal_number="027190000011", email="anh@example.vn").account


@pytest.fixture
def gateway_named(settings):
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9"


def say(account, moment, *, kind="overdue", key="k"):
    notify(key, [Recipient(account, "anh@example.vn")], kind, FACTS, link="/dossiers/x/", at=moment)


@pytest.mark.parametrize(
    ("hours", "moment", "until"),
    [
        ("21:00-07:00", "2026-11-23 20:59", None),
        ("21:00-07:00", "2026-11-23 21:00", "2026-11-24 07:00"),
        ("21:00-07:00", "2026-11-24 00:30", "2026-11-24 07:00"),
        ("21:00-07:00", "2026-11-24 06:59", "2026-11-24 07:00"),
        ("21:00-07:00", "2026-11-24 07:00", None),
        ("12:00-13:30", "2026-11-24 12:10", "2026-11-24 13:30"),
        ("12:00-13:30", "2026-11-24 14:00", None),
        ("", "2026-11-24 03:00", None),
    ],
)
def test_the_end_of_the_quiet_hours(settings, hours, moment, until):
    settings.QUIET_HOURS = hours
    assert quiet.over_at(at(moment)) == (at(until) if until else None)


def test_at_night_only_what_is_urgent_leaves(account, mailbox, settings):
    settings.QUIET_HOURS = "21:00-07:00"
    kinds.register_kind(Kind("pin", "PIN", {"code": "", "pin": ""}, urgent=True, secret=True))
    night = at("2026-11-23 23:00")
    say(account, night)
    say(account, night, kind="pin", key="p")
    assert delivery.send_due(at=night) == 1
    assert Notice.objects.get(key="p", channel="email").state == State.SENT
    waiting = Notice.objects.get(key="k", channel="email")
    assert waiting.next_attempt_at == at("2026-11-24 07:00")
    assert waiting.attempts == 0
    assert delivery.send_due(at=at("2026-11-24 07:00")) == 1
    assert len(mailbox.taken) == 2


def test_a_secret_is_not_kept_once_it_was_sent(account, mailbox):
    say(account, at("2026-11-23 10:00"), kind="pin")
    delivery.send_due(at=at("2026-11-23 10:00"))
    assert Notice.objects.get(channel="email").body == ""
    assert mailbox.taken[0][1].get_content().strip()


def test_the_digest_gathers_a_night_into_one_letter(account, mailbox):
    choices.choose_channel(account, ["email"], morning_digest=True, at=at("2026-11-23 08:00"))
    for n, kind in enumerate(("due_soon", "overdue", "overdue")):
        say(account, at("2026-11-23 10:00"), kind=kind, key=f"k{n}")
    say(account, at("2026-11-23 10:00"), kind="dossier_staff", key="other")
    assert delivery.send_due(at=at("2026-11-23 10:00")) == 1, "what is not gathered goes at once"
    assert delivery.send_due(at=at("2026-11-24 07:29")) == 0
    assert delivery.send_due(at=at("2026-11-24 07:30")) == 1
    _address, mail = mailbox.taken[-1]
    assert mail["subject"].strip().endswith("3")
    assert mail.get_content().count("/dossiers/x/") == 3
    assert Notice.objects.filter(kind="digest").count() == 1
    assert Notice.objects.filter(state=State.HELD).count() == 0
    assert Notice.objects.filter(channel="portal").count() == 4, "on the portal each one stands by itself"
    assert delivery.send_due(at=at("2026-11-24 07:31")) == 0


def test_a_digest_is_bounded(account, mailbox):
    choices.choose_channel(account, ["email"], morning_digest=True, at=at("2026-11-23 08:00"))
    for n in range(53):
        say(account, at("2026-11-23 10:00"), key=f"k{n}")
    delivery.send_due(at=at("2026-11-24 07:30"))
    content = mailbox.taken[-1][1].get_content()
    assert content.count("/dossiers/x/") == 50
    assert "và 3 thông báo nữa" in content


def test_without_a_choice_nobody_gets_an_sms(account, mailbox, gateway_named):
    notify("k", [Recipient(account, "", phone="0912345678")], "overdue", FACTS, link="/x/", at=timezone.now())
    assert set(Notice.objects.values_list("channel", flat=True)) == {"portal"}


def test_the_first_channel_is_used_and_the_others_wait(account, mailbox, gateway_named):
    choices.choose_channel(account, ["sms", "email"], morning_digest=False, at=timezone.now())
    say(account, timezone.now())
    notice = Notice.objects.exclude(channel="portal").get()
    assert (notice.channel, notice.address) == ("sms", "0912345678")
    assert [way["channel"] for way in notice.fallbacks] == ["email"]


def test_nothing_but_the_portal_can_be_chosen(account, mailbox, gateway_named):
    choices.choose_channel(account, [], morning_digest=False, at=timezone.now())
    say(account, timezone.now())
    assert Notice.objects.get().channel == "portal"


def test_the_page_keeps_the_order_and_asks_for_consent(account, client, mailbox, gateway_named):
    client.force_login(account)
    assert client.get("/profile/notices/").context["form"].initial["first"] == "email"
    refused = client.post("/profile/notices/", {"first": "sms", "second": "email"})
    assert refused.status_code == 422
    assert "consent" in refused.context["form"].errors
    assert not ContactChoice.objects.exists()
    assert client.post("/profile/notices/", {"first": "sms", "second": "email", "consent": "on"}).status_code == 302
    assert ContactChoice.objects.get().channels == ["sms", "email"]
    for bad in ({"first": "email", "second": "email"}, {"first": "", "second": "email"}, {"first": "fax"}):
        assert client.post("/profile/notices/", bad).status_code == 422
    assert client.post("/profile/notices/", {"first": ""}).status_code == 302
    assert ContactChoice.objects.get().channels == []


def test_only_staff_are_offered_the_digest(account, client, mailbox):
    client.force_login(account)
    assert "morning_digest" not in client.get("/profile/notices/").context["form"].fields
    client.post("/profile/notices/", {"first": "email", "morning_digest": "on"})
    assert not ContactChoice.objects.get().morning_digest


def test_a_pause_never_grows_beyond_two_hours(account, mailbox, settings):
    settings.EMAIL_PORT = 9
    moment = at("2026-11-23 08:00")
    say(account, moment)
    for _n in range(7):
        delivery.send_due(at=moment)
        notice = Notice.objects.get(channel="email")
        assert notice.next_attempt_at - moment <= timedelta(hours=2)
        moment = notice.next_attempt_at


def test_the_staff_post_model_is_not_needed_to_choose(account):
    assert not StaffPost.objects.filter(account=account).exists()
    assert choices.addresses_of(account) == {"email": "anh@example.vn", "sms": "0912345678", "zalo": "0912345678"}
