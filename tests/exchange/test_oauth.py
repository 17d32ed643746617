"""OAuth 2 client credentials over HTTP: tokens worth what their system is worth, and no more than was asked for."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.actors import Actor
from exchange.models import AccessToken, ConnectedSystem
from exchange.systems import connect_system, disconnect_system
from tests.factories.systems import Caller

BY = Actor(system="test")


@pytest.fixture
def known(cast) -> tuple[ConnectedSystem, str]:
    scopes = ["dossiers:read", "webhooks", "posts:act"]
    return connect_system("partner", scopes=scopes, post=cast.counter.post, days=5, by=BY, at=timezone.now())


def ask(system: ConnectedSystem, secret: str, **form: str):
    basic = base64.b64encode(f"{system.client_id}:{secret}".encode()).decode()
    return Client().post(
        "/api/v1/token/",
        "&".join(f"{name}={value}" for name, value in {"grant_type": "client_credentials", **form}.items()),
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Basic {basic}"},
    )


def bearer(token: str) -> Caller:
    return Caller({"Authorization": f"Bearer {token}"})


def test_a_token_opens_what_its_scopes_open(known):
    system, secret = known
    answer = ask(system, secret, scope="webhooks")
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "webhooks")
    assert "no-store" in answer.headers["Cache-Control"]
    assert bearer(told["access_token"]).get("webhooks/").status_code == 200
    assert bearer(told["access_token"]).get("dossiers/").status_code == 403
    whole = ask(system, secret).json()["access_token"]
    assert bearer(whole).get("dossiers/").status_code == 200
    assert not AccessToken.objects.filter(token_sha256__contains=whole).exists(), "only its hash is kept"
    system.refresh_from_db()
    assert set(system.scopes) == {"dossiers:read", "webhooks", "posts:act"}, "the system itself keeps its scopes"


def test_credentials_may_stand_in_the_form(known):
    system, secret = known
    body = f"grant_type=client_credentials&client_id={system.client_id}&client_secret={secret}"
    answer = Client().post("/api/v1/token/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"scope": "dossiers:act"}, 400, "invalid_scope"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ],
)
def test_what_is_not_given(known, changes, status, error):
    answer = ask(*known, **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_a_wrong_secret_or_another_systems_is_refused(known, cast):
    system, secret = known
    other, _secret = connect_system("other", scopes=["webhooks"], post=None, days=5, by=BY, at=timezone.now())
    for answer in (ask(system, "wrong"), ask(other, secret)):
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_token_ends_with_its_hour_its_secret_and_its_system(known, cast):
    system, secret = known
    token = ask(system, secret).json()["access_token"]
    assert ask(system, token).status_code == 401, "a short-lived token is no secret"
    AccessToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(token).get("webhooks/").status_code == 401
    token = ask(system, secret).json()["access_token"]
    assert AccessToken.objects.count() == 1, "what has ended is not kept"
    ConnectedSystem.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert bearer(token).get("webhooks/").status_code == 401
    ConnectedSystem.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert bearer(token).get("webhooks/").status_code == 200
    cast.counter.account.is_active = False
    cast.counter.account.save()
    assert bearer(token).get("webhooks/").status_code == 401
    cast.counter.account.is_active = True
    cast.counter.account.save()
    disconnect_system(system, by=BY)
    assert bearer(token).get("webhooks/").status_code == 401
    _system, renewed = connect_system("partner", scopes=["webhooks"], post=None, days=5, by=BY, at=timezone.now())
    assert bearer(token).get("webhooks/").status_code == 401
    assert ask(system, renewed).status_code == 200


@pytest.mark.parametrize("body", ["", "%", "grant_type", "grant_type=client_credentials&grant_type=x", "\x00"])
def test_a_garbled_request_is_answered(known, body):
    answer = Client().post("/api/v1/token/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 401)
    assert "error" in answer.json()
