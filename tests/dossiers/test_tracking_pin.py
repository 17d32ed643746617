"""More than state and dates by the PIN that was sent to the applicant, over HTTP."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from journal import outbox
from notices import delivery
from tests.factories.dossiers import received
from tests.factories.moments import at

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


def test_asking_again_too_soon_and_trying_too_often_is_told(client, dossier, mailbox):
    address = reverse("track-pin", args=[dossier.code])
    client.post(address, {"send": "1"})
    again = client.post(address, {"send": "1"}, follow=True)
    assert "5 phút" in " ".join(str(message) for message in again.context["messages"])
    pin = pin_in(mailbox)
    for _try in range(5):
        assert client.post(address, {"pin": wrong(pin)}).status_code == 422
    late = client.post(address, {"pin": pin})
    assert late.status_code == 422
    assert "một giờ" in str(late.context["form"].errors["pin"])


@pytest.mark.parametrize("given", [{}, {"pin": ""}, {"pin": "1" * 99}, {"pin": "abc\x00"}])
def test_no_pin_at_all_is_answered_at_the_field(client, dossier, given):
    answer = client.post(reverse("track-pin", args=[dossier.code]), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors["pin"]


def test_an_unknown_code_and_a_reload_lead_to_the_tracking_page(client, dossier):
    for code in (dossier.code, "H05.160-261123-9999"):
        assert client.get(reverse("track-pin", args=[code])).url == reverse("track-dossier", args=[code])
