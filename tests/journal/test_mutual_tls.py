"""A neighbour that asks who we are gets our certificate, and nobody else's answer is believed."""

import ssl
from http.server import BaseHTTPRequestHandler

import pytest

from journal.outgoing_calls import Request, send_request
from tests.factories.certificates import certified
from tests.factories.servers import serving


@pytest.fixture
def neighbour(tmp_path, settings):
    """Its address; it answers whoever its authority knows."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 (http.server's name)
            subject = dict(entry[0] for entry in self.connection.getpeercert()["subject"])
            said = subject["commonName"].encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

    authority_file, authority = certified(tmp_path, "authority")
    own, _key = certified(tmp_path, "neighbour", authority)
    certified(tmp_path, "province", authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority_file)
    settings.NEIGHBOUR_AUTHORITIES = str(authority_file)
    with serving(Answers, tls=context) as url:
        yield f"{url}/"


def test_we_are_known_by_the_certificate_of_the_setting(neighbour, tmp_path, settings):
    settings.CLIENT_CERTIFICATES = {"127.0.0.1": str(tmp_path / "province.pem")}
    outcome = send_request(Request("GET", neighbour, "ask"))
    assert (outcome.status, outcome.body) == (200, b"province")


@pytest.mark.parametrize("file", ["", "missing.pem"])
def test_without_one_no_answer_comes_and_nothing_breaks(neighbour, tmp_path, settings, file):
    settings.CLIENT_CERTIFICATES = {"127.0.0.1": str(tmp_path / file)} if file else {}
    outcome = send_request(Request("GET", neighbour, "ask"))
    assert outcome.status is None
    assert outcome.failed


def test_an_authority_that_is_named_is_believed_of_a_neighbour_that_asks_for_no_certificate(tmp_path, settings):
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802 (http.server's name)
            self.send_response(204)
            self.end_headers()

    authority_file, authority = certified(tmp_path, "authority")
    own, _key = certified(tmp_path, "neighbour", authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    with serving(Answers, tls=context) as url:
        assert send_request(Request("GET", f"{url}/", "ask")).status is None
        settings.NEIGHBOUR_AUTHORITIES = str(authority_file)
        assert send_request(Request("GET", f"{url}/", "ask")).status == 204
