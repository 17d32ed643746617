"""A neighbour that asks who we are gets our certificate, and nobody else's answer is believed."""

import datetime
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from journal.outgoing_calls import Request, send_request


def _certified(folder, name, signer=None):
    """A PEM file of certificate and key, signed by `signer` (certificate, key) or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    made = made.issuer_name(signer[0].subject if signer else subject).serial_number(x509.random_serial_number())
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
    made = made.add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    certificate = made.sign(signer[1] if signer else key, hashes.SHA256())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + pem)
    return path, (certificate, key)


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

        def log_message(self, *_said):
            pass

    authority_file, authority = _certified(tmp_path, "authority")
    own, _key = _certified(tmp_path, "neighbour", authority)
    _certified(tmp_path, "province", authority)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority_file)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.NEIGHBOUR_AUTHORITIES = str(authority_file)
    yield f"https://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


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
