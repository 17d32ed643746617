"""Nothing leaves the machine but to configured addresses."""

import smtplib
import socket
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.utils import timezone

from oss_portal.outgoing import NotAllowedOut, is_allowed
from payments.models import Payment
from payments.providers.base import Unreachable
from payments.providers.vietqr.bank import Bank


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: socket.create_connection(("geocode.arcgis.example", 443)),
        lambda: socket.create_connection(("192.0.2.7", 80)),
        lambda: socket.socket().connect_ex(("192.0.2.7", 80)),
        lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::7", 80)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.7", 8125)),
        lambda: socket.create_connection(("169.254.169.254", 80)),
        lambda: smtplib.SMTP("mail.example", 25),
    ],
)
def test_no_way_out_is_open(outside, attempt):
    with pytest.raises(NotAllowedOut, match="OUTGOING_ALSO"):
        attempt()
    assert outside
    outside.clear()


def test_a_library_sees_an_address_that_does_not_answer(outside):
    with pytest.raises(URLError):
        urlopen("https://telemetry.example/")
    assert outside == ["telemetry.example:443"]
    outside.clear()


def test_what_stays_here_is_open(listening):
    socket.create_connection(("127.0.0.1", listening)).close()
    socket.create_connection(("localhost", listening)).close()


def test_the_list_is_what_the_settings_name(settings):
    settings.SMS_GATEWAY_URL = "https://sms.example/api"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "mail.example", 587
    settings.S3_ENDPOINT = "http://[2001:db8::9]:9000"
    settings.OUTGOING_ALSO = ["id.example:443", ".storage.example:443", "[2001:db8::1]:8443"]
    settings.OPENID_PROVIDERS = [{"server_url": "https://sso.example/realms/tinh"}]
    for host, port in [
        ("sso.example", 443),
        ("sms.example", 443),
        ("SMS.example.", 443),
        ("mail.example", 587),
        ("2001:db8::9", 9000),
        ("id.example", 443),
        ("a.b.storage.example", 443),
        ("2001:db8::1", 8443),
    ]:
        assert is_allowed(host, port), host
    for host, port in [
        ("sms.example", 80),
        ("evil-sms.example", 443),
        ("sms.example.evil.example", 443),
        ("storage.example.evil", 443),
        ("mail.example", 25),
        ("2001:db8::1", 443),
        ("10.0.0.1", 443),
    ]:
        assert not is_allowed(host, port), host


def test_a_redirection_by_name_does_not_open_a_second_port(settings, listening):
    settings.OUTGOING_ALSO = [f"localhost:{listening}"]
    socket.create_connection(("localhost", listening)).close()
    assert not is_allowed("192.0.2.7", listening)


@pytest.mark.django_db
def test_an_unconfigured_provider_is_one_that_does_not_answer(settings, outside):
    """The bank's own way handles the refusal as silence: nobody's payment page breaks over it."""
    settings.BANK_URL, settings.OUTGOING_URL_SETTINGS = "http://bank.example", ["REDIS_URL"]
    with pytest.raises(Unreachable):
        Bank().inquire(Payment(reference="TT1", method="vietqr"), at=timezone.now())
    assert outside == ["bank.example:80"]
    outside.clear()
