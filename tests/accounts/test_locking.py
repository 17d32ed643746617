"""Sessions of staff: locked by hand and by time, opened by PIN, ended at their longest, listed and ended elsewhere."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import locking
from accounts.models import Account, AccountSession
from demo import people

pytestmark = pytest.mark.django_db
COUNTER, PIN = "motcua.tinh", "250719"


@pytest.fixture
def desk(client, bacninh):
    client.post(reverse("sign-in"), {"login": COUNTER, "password": people.PASSWORD})
    account = Account.objects.get(username=COUNTER)
    page = reverse("profile-pin")
    assert client.post(page, {"pin": PIN, "password": people.PASSWORD})["Location"] == reverse("profile")
    account.refresh_from_db()
    assert PIN not in account.pin
    return client


def let_pass(client, **time):
    """As if nothing had been heard of the session for a while."""
    session = client.session
    for name in ("seen_at", "began_at"):
        if name in session:
            session[name] = (timezone.datetime.fromisoformat(session[name]) - timedelta(**time)).isoformat()
    session.save()


def test_a_locked_session_opens_nothing_until_the_pin_comes(desk):
    desk.post(reverse("lock"))
    for address in ("/desk/", reverse("profile"), reverse("profile-password"), reverse("profile-second-factor")):
        assert desk.get(address)["Location"].startswith(reverse("unlock")), address
    assert desk.get("/desk/")["Location"] == f"{reverse('unlock')}?next=/desk/"
    assert desk.get("/api/v1/dossiers/").status_code == 403
    assert "Còn 4 lần" in desk.post(reverse("unlock"), {"pin": "000111"}).content.decode()
    opened = desk.post(reverse("unlock"), {"pin": PIN, "next": "/desk/"})
    assert opened["Location"].endswith("next=%2Fdesk%2F")
    assert desk.get("/desk/").status_code == 200


def test_the_password_opens_it_too_and_five_wrong_tries_end_it(desk):
    desk.post(reverse("lock"))
    assert desk.post(reverse("unlock"), {"pin": people.PASSWORD}).status_code == 302
    desk.post(reverse("lock"))
    for _ in range(locking.TRIES):
        answer = desk.post(reverse("unlock"), {"pin": "000111"})
    assert answer["Location"] == reverse("sign-in")
    assert desk.get("/desk/")["Location"].startswith(reverse("sign-in"))
    assert Account.objects.get(username=COUNTER).is_active


def test_a_pin_signs_nobody_in(client, desk):
    other = Client()
    other.post(reverse("sign-in"), {"login": COUNTER, "password": PIN})
    assert other.get("/desk/")["Location"].startswith(reverse("sign-in"))


def test_whoever_opens_the_lock_is_back_at_the_page_that_was_left(desk):
    page = "/desk/search/?find=abc"
    locked = desk.post(reverse("lock"), headers={"referer": f"http://testserver{page}"})
    assert locked["Location"] == reverse("unlock", query={"next": page})
    opened = desk.post(locked["Location"], {"pin": people.PASSWORD, "next": page})
    assert desk.get(opened["Location"])["Location"] == page
    elsewhere = desk.post(reverse("lock"), headers={"referer": "https://elsewhere.example/desk/"})
    assert elsewhere["Location"] == reverse("unlock")


def test_a_counter_left_alone_locks_and_what_was_typed_waits(desk, settings):
    desk.get("/desk/")
    let_pass(desk, minutes=settings.DESK_LOCK_MINUTES - 1)
    assert desk.get("/desk/").status_code == 200
    desk.get("/desk/")
    let_pass(desk, minutes=settings.DESK_LOCK_MINUTES + 1)
    typed = desk.post(reverse("desk-new-owner", args=["person"]), {"number": "1", "full_name": "Lê Thử"})
    assert typed["Location"].startswith(reverse("unlock"))
    opened = desk.post(typed["Location"], {"pin": PIN}, follow=True)
    assert "Lê Thử" in opened.content.decode()


def test_a_page_that_renews_itself_keeps_no_session_open(desk, settings):
    desk.get("/desk/")
    let_pass(desk, minutes=settings.DESK_LOCK_MINUTES - 1)
    before = desk.session["seen_at"]
    desk.get("/desk/", headers={"HX-Request": "true"})
    assert desk.session["seen_at"] == before


def test_a_session_at_a_counter_ends_at_its_longest(desk, settings):
    desk.get("/desk/")
    let_pass(desk, hours=settings.DESK_SESSION_HOURS, minutes=1)
    session = desk.session
    session["seen_at"] = timezone.now().isoformat()
    session.save()
    answer = desk.get("/desk/")
    assert answer["Location"].startswith(reverse("sign-in"))
    assert "hết giờ" in desk.get(answer["Location"]).content.decode()


def test_citizens_sessions_do_not_lock(client, bacninh):
    client.post(reverse("sign-in"), {"login": "024158990001", "password": people.PASSWORD})
    client.get(reverse("my-dossiers"))
    let_pass(client, hours=7)
    assert client.get(reverse("my-dossiers")).status_code == 200


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "987654", "112112", "12345", "1234567", "12a456", "１２３４５６", ""]
)
def test_easy_pins_are_refused(pin):
    assert locking.pin_fault(pin)


@pytest.mark.parametrize("pin", ["250719", "840261"])
def test_others_are_taken(pin):
    assert locking.pin_fault(pin) is None


def test_where_one_is_signed_in_is_listed_and_ended(client, bacninh):
    browsers = [Client(headers={"User-Agent": f"Trình duyệt {n}"}) for n in range(3)]
    for browser in browsers:
        browser.post(reverse("sign-in"), {"login": COUNTER, "password": people.PASSWORD})
    page = browsers[0].get(reverse("profile-sessions")).content.decode()
    assert all(f"Trình duyệt {n}" in page for n in range(3))
    assert 'value="others"' in page
    second = AccountSession.objects.get(device="Trình duyệt 1")
    browsers[0].post(reverse("profile-sessions"), {"session": second.pk})
    assert browsers[1].get("/desk/").status_code == 302
    assert browsers[2].get("/desk/").status_code == 200
    browsers[0].post(reverse("profile-sessions"), {"session": "others"})
    assert browsers[2].get("/desk/").status_code == 302
    assert browsers[0].get("/desk/").status_code == 200
    assert 'value="others"' not in browsers[0].get(reverse("profile-sessions")).content.decode(), "there is none"
    for wrong in ("", "x", "9" * 40, "-1"):
        assert browsers[0].post(reverse("profile-sessions"), {"session": wrong}).status_code == 302


def test_nobody_ends_the_sessions_of_others(client, bacninh):
    other = Client()
    other.post(reverse("sign-in"), {"login": "quantri", "password": people.PASSWORD})
    row = AccountSession.objects.get(account__username="quantri")
    client.post(reverse("sign-in"), {"login": COUNTER, "password": people.PASSWORD})
    client.post(reverse("profile-sessions"), {"session": row.pk})
    assert other.get("/manage/").status_code == 200


def test_a_new_password_and_a_lock_end_every_session(client, bacninh):
    client.post(reverse("sign-in"), {"login": COUNTER, "password": people.PASSWORD})
    account = Account.objects.get(username=COUNTER)
    account.set_password("mot-bi-mat-khac-2026")
    account.save()
    assert client.get("/desk/").status_code == 302
    from accounts.sessions import sessions_of

    assert sessions_of(account) == []
