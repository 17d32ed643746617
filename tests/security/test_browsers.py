"""Two browsers: what one holds opens nothing in the other, and what ends in one ends in both."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from oss_portal.engines.folder import CHECKOUT
from tests.factories.people import PASSWORD, signed_in

pytestmark = pytest.mark.django_db


def sign_in(client, actor, **more):
    return client.post(reverse("sign-in"), {"login": actor.account.username, "password": PASSWORD, **more})


def is_in(client):
    return client.get(reverse("profile")).status_code == 200


def test_a_session_that_somebody_put_into_a_browser_is_not_the_one_after_signing_in(cast):
    attacker, victim = Client(), Client()
    attacker.get(reverse("sign-in"))
    session = attacker.session
    session["planted"] = True
    session.save()
    victim.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    attacker.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert sign_in(victim, cast.citizen).status_code == 302
    assert is_in(victim)
    assert victim.session.session_key != session.session_key
    assert not is_in(attacker)


def test_signing_out_ends_the_session_for_whoever_copied_it(cast):
    own, thief = Client(), Client()
    sign_in(own, cast.citizen)
    thief.cookies[settings.SESSION_COOKIE_NAME] = own.session.session_key
    assert is_in(thief)
    answer = own.post(reverse("sign-out"))
    assert answer["Clear-Site-Data"] == '"cache"'
    assert not is_in(own)
    assert not is_in(thief)


def test_signing_out_everywhere_leaves_this_browser_alone_in(cast):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, cast.citizen)
    here.post(reverse("profile-sessions"), {"session": "others"})
    assert is_in(here)
    assert not is_in(there)


def test_a_new_password_ends_the_other_browser(cast):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client, cast.citizen)
    new = {"current": PASSWORD, "password": "mot-mat-khau-khac-02", "password_again": "mot-mat-khau-khac-02"}
    here.post(reverse("profile-password"), new)
    assert is_in(here)
    assert not is_in(there)


@pytest.mark.parametrize("where", ["desk", "profile-copy", "sign-out", "profile-sessions"])
def test_a_form_without_the_token_of_this_browser_changes_nothing(cast, where):
    victim, attacker = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    victim.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    token = attacker.get(reverse("sign-in")).cookies[settings.CSRF_COOKIE_NAME].value
    for sent in ({}, {"csrfmiddlewaretoken": token}):
        assert victim.post(reverse(where), sent).status_code == 403
    assert is_in(victim)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https:evil.example"],
)
def test_no_address_that_somebody_sends_leads_away(cast, address):
    answer = sign_in(Client(), cast.citizen, next=address)
    client = signed_in(cast.head)
    places = [answer["Location"]]
    for name, arguments in (("profile-language", {"language": "vi"}), ("reports-remind", {"revision": "1"})):
        path = reverse(name, args=["H05.x"] if name == "reports-remind" else [])
        places.append(client.post(path, {**arguments, "next": address}).headers.get("Location", ""))
    assert not any("evil" in place or "javascript" in place for place in places)


def test_cookies_are_for_this_site_and_no_script(cast):
    client = Client()
    sign_in(client, cast.citizen)
    assert set(client.cookies) >= {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}
    for name, cookie in client.cookies.items():
        assert cookie["httponly"], name
        assert cookie["samesite"] == "Lax", name
        assert not cookie["domain"], name
        assert cookie["path"] == "/", name


def test_in_production_cookies_keep_to_this_host_and_https():
    asked = (
        "from oss_portal import settings as s; import json; print(json.dumps([s.SESSION_COOKIE_NAME,"
        " s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]))"
    )
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=CHECKOUT,
        env={**kept, "PRODUCTION": "1", "DATA_DIR": str(CHECKOUT / ".data")},
        capture_output=True,
        text=True,
        check=True,
    )
    *names, session, token = json.loads(done.stdout)
    assert all(name.startswith("__Host-") for name in names)
    assert session
    assert token
