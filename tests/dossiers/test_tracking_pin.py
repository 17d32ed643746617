"""More than state and dates by the PIN that was sent to the applicant, over HTTP."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from redis.exceptions import RedisError

from accounts.permissions import PUBLIC
from core import valkey
from dossiers.access import tracking
from dossiers.models import Dossier, TrackingPin
from journal import outbox
from notices import delivery
from tests.factories.addresses import ADDRESSES, audience_of
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
MORNING = at("2025-11-24 09:00")


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    return received(cast, edition, MORNING)


def pin_in(mailbox) -> str:
    outbox.dispatch_messages(at=timezone.now())
    delivery.send_due(at=timezone.now())
    text = mailbox.taken[-1][1].get_content()
    return next(word for word in text.split() if word.isdigit() and len(word) == 6)


def wrong(pin: str) -> str:
    return "000000" if pin != "000000" else "111111"


def test_the_pin_opens_the_timeline_for_this_visitor_only(client, cast, dossier, mailbox):
    page, address = reverse("track-dossier", args=[dossier.code]), reverse("track-pin", args=[dossier.code])
    assert client.get(page).context["timeline"] == []
    asked = client.post(address, {"send": "1"}, follow=True)
    assert asked.redirect_chain[-1][0] == page
    pin = pin_in(mailbox)
    refused = client.post(address, {"pin": wrong(pin)})
    assert refused.status_code == 422
    assert refused.context["form"].errors["pin"]
    assert refused.context["timeline"] == []
    assert client.post(address, {"pin": f" {pin} "}).url == page
    assert client.get(page).context["timeline"]
    assert type(client)().get(page).context["timeline"] == []


def test_a_pin_is_good_once_for_half_an_hour_and_for_whoever_asked(client, dossier, mailbox):
    address = reverse("track-pin", args=[dossier.code])
    client.post(address, {"send": "1"})
    pin = pin_in(mailbox)
    stranger = Client()
    answer = stranger.post(address, {"pin": pin})
    assert "trên thiết bị này trước" in str(answer.context["form"].errors["pin"])
    assert client.post(address, {"pin": pin}).status_code == 302
    again = client.post(address, {"pin": pin})
    assert "đã dùng" in str(again.context["form"].errors["pin"])
    client.post(address, {"send": "1"})
    late = pin_in(mailbox)
    TrackingPin.objects.filter(used_at=None).update(expires_at=timezone.now())
    assert "quá 30 phút" in str(client.post(address, {"pin": late}).context["form"].errors["pin"])
    # What it opened closes by itself too.
    page = reverse("track-dossier", args=[dossier.code])
    assert client.get(page).context["timeline"]
    session = client.session
    session["tracking-opened"] = {dossier.code: (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    assert client.get(page).context["timeline"] == []


def test_five_wrong_tries_make_it_void_and_a_stranger_cannot(client, dossier, mailbox):  # noqa: F811
    address = reverse("track-pin", args=[dossier.code])
    client.post(address, {"send": "1"})
    pin = pin_in(mailbox)
    stranger = Client()
    stranger.post(address, {"send": "1"}, REMOTE_ADDR="203.0.113.9")
    for _try in range(9):
        stranger.post(address, {"pin": wrong(pin)}, REMOTE_ADDR="203.0.113.9")
    for _try in range(4):
        assert client.post(address, {"pin": wrong(pin)}).status_code == 422
    assert client.post(address, {"pin": pin}).status_code == 302, "the fifth try of its own"
    client.post(address, {"send": "1"})
    pin = pin_in(mailbox)
    for _try in range(5):
        assert client.post(address, {"pin": wrong(pin)}).status_code == 422
    void = client.post(address, {"pin": pin})
    assert void.status_code == 422
    assert "nhập sai năm lần" in str(void.context["form"].errors["pin"])


def test_tries_are_counted_without_valkey_too(client, dossier, mailbox, monkeypatch):  # noqa: F811
    def away():
        raise RedisError("away")

    address = reverse("track-pin", args=[dossier.code])
    client.post(address, {"send": "1"})
    pin = pin_in(mailbox)
    with monkeypatch.context() as patched:
        patched.setattr("core.valkey.valkey_client", away)
        for _try in range(5):
            client.post(address, {"pin": wrong(pin)})
        assert client.post(address, {"pin": pin}).status_code == 422
        sent = [client.post(address, {"send": "1"}, follow=True) for _time in range(10)]
        assert "nhiều lần" in " ".join(str(message) for message in sent[-1].context["messages"])
    valkey.forget_absence()


def test_nobody_has_pins_sent_without_end(client, dossier, mailbox):  # noqa: F811
    address = reverse("track-pin", args=[dossier.code])
    for _time in range(4):
        answer = client.post(address, {"send": "1"}, follow=True)
    assert "nhiều lần" in " ".join(str(message) for message in answer.context["messages"])
    assert TrackingPin.objects.count() == 3


def test_nobody_goes_through_the_codes(client, cast, dossier, settings):
    settings.LIMITS = settings.LIMITS | {"track-line": (5, 600)}
    addresses = [f"/track/H05.160-261123-{number:04}/" for number in range(6)]
    assert [client.get(address).status_code for address in addresses] == [404] * 5 + [429]
    answer = client.get(reverse("track-dossier", args=[dossier.code]))
    assert answer.status_code == 429
    assert "Hãy thử lại sau" in answer.content.decode()
    assert client.get(reverse("api-track", args=[dossier.code])).status_code == 429
    assert client.get(reverse("track-dossier", args=[dossier.code]), REMOTE_ADDR="203.0.113.9").status_code == 200
    client.force_login(cast.citizen.account, backend="accounts.backends.AccountBackend")
    assert client.get(reverse("track-dossier", args=[dossier.code])).status_code == 200


@pytest.mark.parametrize("who", ["nobody", "citizen"])
def test_no_door_tells_codes_to_whoever_goes_through_them(cast, dossier, settings, who):
    """Every address open to all whose part is a dossier's code, by looking and by sending a wrong PIN or nothing."""
    settings.LIMITS = settings.LIMITS | {"track-line": (2, 600)}
    doors = [pattern.name for route, pattern in ADDRESSES if PUBLIC in audience_of(pattern.callback)
             and "<str:code>" in route and "procedures" not in route and "document" not in route]  # fmt: skip
    assert {"track-dossier", "track-pin", "feedback-dossier", "api-track"} <= set(doors)
    client = signed_in(cast.stranger) if who == "citizen" else Client()
    for code in (dossier.code, "H05.160-261123-9999", dossier.code):
        client.get(reverse("track-dossier", args=[code]))
    for door in doors:
        for send in (client.get, lambda address: client.post(address, {"pin": "123456"})):
            told = []
            for code in (dossier.code, "H05.160-261123-9999"):
                answer = send(reverse(door, args=[code]))
                told.append((answer.status_code, answer.headers.get("Location", "").replace(code, "")))
            assert told[0] == told[1], f"{door} tells {who}: {told}"


def test_staff_look_up_as_many_as_they_need(cast, dossier, settings):
    settings.LIMITS = settings.LIMITS | {"track-line": (1, 600)}
    client = signed_in(cast.officer)
    address = reverse("track-dossier", args=[dossier.code])
    assert [client.get(address).status_code for _time in range(3)] == [200] * 3


def test_old_pins_are_forgotten(dossier):
    for days in (0, 2):
        TrackingPin.objects.create(dossier=dossier, asked_at=MORNING - timedelta(days=days))
    assert tracking.forget_old_pins(MORNING) == 1


@pytest.mark.parametrize("given", [{}, {"pin": ""}, {"pin": "1" * 99}, {"pin": "abc\x00"}])
def test_no_pin_at_all_is_answered_at_the_field(client, dossier, given):
    answer = client.post(reverse("track-pin", args=[dossier.code]), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["pin"]


def test_an_unknown_code_and_a_reload_lead_to_the_tracking_page(client, dossier):
    for code in (dossier.code, "H05.160-261123-9999"):
        assert client.get(reverse("track-pin", args=[code])).url == reverse("track-dossier", args=[code])
