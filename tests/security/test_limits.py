"""Guessing is slowed by name, connection, range and everywhere; no stranger keeps anybody out."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from redis import Redis
from redis.exceptions import RedisError

from accounts.devices import COOKIE
from accounts.models import Account
from accounts.throttling import Event, TooMany, count_events, give_back, line, neighbourhood, number_of
from core import valkey
from demo import people

pytestmark = pytest.mark.django_db
CITIZEN, OTHER = "024158990001", "027065990002"
HOME, AWAY = "203.0.113.7", "198.51.100.66"
SIGN_UP = {
    "full_name": "Nguyễn Thị Ánh",
    "birth_date": "05/03/1998",
    "phone": "0912345678",
    "password": "hoa-sen-2026-xanh",
}


def sign_in(browser, login, password=people.PASSWORD, address=HOME):
    return browser.post(reverse("sign-in"), {"login": login, "password": password}, REMOTE_ADDR=address)


def wrong(login, address=AWAY, browser=None):
    return sign_in(browser or Client(), login, "sai-mat-khau", address)


def test_five_wrong_ones_pause_unknown_browsers_and_say_until_when(client, bacninh):
    for _ in range(4):
        assert wrong(CITIZEN).status_code == 200
    assert wrong("024 158 990001").status_code == 200, "another spelling of the name is no further name"
    answer = wrong(CITIZEN)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 15 * 60
    assert re.search(r"Hãy thử lại sau \d+ phút, lúc \d\d:\d\d", answer.content.decode())
    assert sign_in(client, CITIZEN).status_code == 429, "also with the right password: nobody learns which it was"
    assert sign_in(client, OTHER).status_code == 302


def test_a_stranger_does_not_lock_the_holder_out(bacninh):
    own = Client()
    assert sign_in(own, CITIZEN).status_code == 302
    own.post(reverse("sign-out"))
    for number in range(60):
        wrong(CITIZEN, f"198.51.100.{number}")
    assert wrong(CITIZEN).status_code == 429
    assert sign_in(own, CITIZEN).status_code == 302
    own.post(reverse("sign-out"))
    assert [wrong(CITIZEN, HOME, own).status_code for _ in range(11)] == [200] * 10 + [429], "own, but no licence"


def test_a_known_browser_is_known_for_its_own_accounts_and_this_password(bacninh):
    own = Client()
    sign_in(own, CITIZEN)
    own.post(reverse("sign-out"))
    for number in range(6):
        wrong(OTHER, f"198.51.100.{number}")
        wrong(CITIZEN, f"198.51.100.{number}")
    assert sign_in(own, OTHER).status_code == 429
    account = Account.objects.get(username=CITIZEN)
    account.set_password("mat-khau-moi-2026")
    account.save()
    assert sign_in(own, CITIZEN, "mat-khau-moi-2026").status_code == 429, "a new password ends old browsers"


@pytest.mark.parametrize("forged", ["", "x", "eyJ1aWQiOiIxIn0:1abc:forged", "\x00"])
def test_a_forged_cookie_is_nothing(client, bacninh, forged):
    client.cookies[COOKIE] = forged
    for _ in range(5):
        wrong(CITIZEN, browser=client)
    assert wrong(CITIZEN, browser=client).status_code == 429


def test_many_names_from_one_connection_are_paused_and_a_family_is_not(bacninh):
    statuses = [wrong(f"02415899{number:04}").status_code for number in range(25)]
    assert statuses == [200] * 20 + [429] * 5
    family = [sign_in(Client(), name).status_code for name in (CITIZEN, OTHER) * 6]
    assert family == [302] * 12, "what is right does not count"


def test_a_range_of_addresses_is_paused_and_the_next_one_is_not(settings, bacninh):
    settings.LIMITS = settings.LIMITS | {"sign-in-range": (8, 900)}
    statuses = [wrong(f"02415899{number:04}", f"198.51.100.{number}").status_code for number in range(10)]
    assert statuses == [200] * 8 + [429] * 2
    assert wrong("024158990999", "198.51.101.1").status_code == 200
    assert line("2001:db8:1:2:3::9") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:2:3::9") == "2001:db8:1::/48"


def test_an_office_has_its_own_measure(settings, bacninh):
    settings.OFFICE_NETWORKS = ["198.51.100.0/24"]
    statuses = {wrong(f"can.bo.{number}").status_code for number in range(40)}
    assert statuses == {200}


def test_while_sign_ins_fail_everywhere_ranges_get_less(settings, bacninh, caplog):
    settings.LIMITS = settings.LIMITS | {"sign-in-everywhere": (30, 600)}
    own = Client()
    sign_in(own, CITIZEN)
    for number in range(31):
        wrong(f"02415899{number:04}", f"198.51.{number}.9")
    assert "fail everywhere" in caplog.text
    statuses = [wrong(f"02715899{number:04}", "192.0.2.9").status_code for number in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    assert sign_in(own, CITIZEN).status_code == 302
    assert sign_in(Client(), OTHER, address="192.0.99.1").status_code == 302, "nobody is locked out by it"


def test_signing_up_is_limited_by_connection_and_number(client, bacninh):
    def sign_up(number, address=AWAY):
        return Client().post(reverse("sign-up"), {**SIGN_UP, "number": number}, REMOTE_ADDR=address)

    numbers = [f"0271980{number:05}" for number in range(12)]
    statuses = [sign_up(number).status_code for number in numbers]
    assert statuses == [302] * 10 + [429] * 2
    assert not Account.objects.filter(username=numbers[-1]).exists()
    again = [sign_up(numbers[0], f"192.0.{number}.1") for number in range(6)]
    assert [answer.status_code for answer in again] == [200] * 4 + [429] * 2
    assert "Hãy thử lại sau" in again[-1].content.decode()


def test_at_once_no_more_get_in_than_the_limit(settings):
    settings.LIMITS = {"x": (3, 60)}
    for _ in range(3):
        count_events(Event("x", "one"))
    with pytest.raises(TooMany) as too_many:
        count_events(Event("x", "one"))
    assert 0 < too_many.value.seconds <= 60
    count_events(Event("x", "two"))
    give_back(Event("x", "one"), Event("x", "one"))
    count_events(Event("x", "one"))
    assert number_of(Event("x", "one")) == 3


def test_the_counters_name_nobody(settings):
    count_events(Event("sign-in-name", CITIZEN), Event("sign-in-line", HOME))
    keys = [key.decode() for key in Redis.from_url(settings.REDIS_URL).keys("limit:*")]
    assert len(keys) == 2
    assert not [key for key in keys if CITIZEN in key or HOME in key]


def test_without_valkey_people_sign_in_and_each_process_counts(settings, bacninh, monkeypatch):
    def away():
        raise RedisError("away")

    with monkeypatch.context() as patched:
        patched.setattr("core.valkey.valkey_client", away)
        assert sign_in(Client(), CITIZEN).status_code == 302
        assert [wrong(OTHER).status_code for _ in range(6)] == [200] * 5 + [429]
    valkey.forget_absence()
