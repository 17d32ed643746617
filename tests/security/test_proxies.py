"""Where a request came from is what a trusted proxy says; nobody else's word counts, anywhere."""

import pytest
from django.test import RequestFactory
from django.urls import reverse

from accounts.middleware import actor_of, address_of
from exchange.throttling import PublicRateThrottle
from oss_portal.proxies import TrustedProxyMiddleware, client_of

PROXY, CLIENT, FORGED = "10.9.0.2", "203.0.113.7", "198.51.100.66"


@pytest.fixture
def behind(settings):
    settings.TRUSTED_PROXIES = ["10.9.0.0/24", "2001:db8:77::/64"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def seen(sender, **headers):
    request = RequestFactory().get("/", REMOTE_ADDR=sender, **{f"HTTP_{name}": text for name, text in headers.items()})
    TrustedProxyMiddleware(lambda _request: None)(request)
    return request


@pytest.mark.parametrize(
    ("sender", "forwarded", "client"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{FORGED}, {CLIENT}", CLIENT),  # what the client wrote stands on the left
        (PROXY, f"{FORGED}, {CLIENT}, 10.9.0.9", CLIENT),  # two proxies of ours
        (PROXY, f"{FORGED}, unknown, {CLIENT}", CLIENT),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CLIENT}, <script>", PROXY),
        (PROXY, f"{CLIENT}:4711", CLIENT),
        (PROXY, '"[2001:db8::5]:443"', "2001:db8::5"),
        (PROXY, f"::ffff:{CLIENT}", CLIENT),
        (f"::ffff:{PROXY}", CLIENT, CLIENT),
        ("2001:db8:77::1", "2001:db8:1::9", "2001:db8:1::9"),
        (PROXY, "", PROXY),
        (CLIENT, FORGED, CLIENT),  # not ours: its header is nothing
        (CLIENT, f"{PROXY}, {FORGED}", CLIENT),
        (PROXY, ", ".join([FORGED] * 500 + [CLIENT]), CLIENT),
    ],
)
def test_the_address_that_counts(behind, sender, forwarded, client):
    assert seen(sender, X_FORWARDED_FOR=forwarded).META["REMOTE_ADDR"] == client


def test_a_unix_socket_has_no_address_and_is_trusted_by_name(settings):
    assert client_of("", "") == ""
    settings.TRUSTED_PROXIES = ["unix"]
    assert seen("", X_FORWARDED_FOR=CLIENT).META["REMOTE_ADDR"] == CLIENT
    settings.TRUSTED_PROXIES = []
    assert seen("", X_FORWARDED_FOR=CLIENT).META["REMOTE_ADDR"] == ""


def test_the_scheme_is_the_proxys_word_alone(behind):
    assert seen(PROXY, X_FORWARDED_PROTO="https").is_secure()
    assert not seen(CLIENT, X_FORWARDED_PROTO="https").is_secure()


def test_no_forged_header_reaches_what_stands_behind(behind):
    names = ("X_FORWARDED_FOR", "X_FORWARDED_HOST", "FORWARDED", "X_REAL_IP", "CLIENT_IP", "TRUE_CLIENT_IP")
    request = seen(CLIENT, X_FORWARDED_PROTO="https", **dict.fromkeys(names, FORGED))
    assert not [name for name, text in request.META.items() if FORGED in str(text)]


@pytest.mark.django_db
def test_histories_limits_and_brakes_take_the_same_address(behind, settings, client, bacninh):
    settings.LIMITS = settings.LIMITS | {"sign-in-line": (2, 900)}
    away = {"REMOTE_ADDR": CLIENT, "HTTP_X_FORWARDED_FOR": FORGED}
    through = {"REMOTE_ADDR": PROXY, "HTTP_X_FORWARDED_FOR": f"{FORGED}, {CLIENT}"}
    statuses = []
    for number, said in enumerate((away, through, {**away, "HTTP_X_FORWARDED_FOR": "192.0.2.1"})):
        answer = client.post(reverse("sign-in"), {"login": f"ai.do.{number}", "password": "sai"}, **said)
        assert answer.wsgi_request.actor.address == CLIENT
        statuses.append(answer.status_code)
    assert statuses == [200, 200, 429]


@pytest.mark.django_db
def test_the_api_counts_callers_by_it(behind, settings, client, monkeypatch):
    counted = []
    monkeypatch.setattr(
        PublicRateThrottle, "who", lambda self, request: counted.append(address_of(request._request)) or None
    )
    for forged in (FORGED, "192.0.2.1"):
        client.get(reverse("api-procedures"), REMOTE_ADDR=CLIENT, HTTP_X_FORWARDED_FOR=forged)
    assert counted == [CLIENT, CLIENT]
    assert actor_of  # the actor's address comes from the same function
