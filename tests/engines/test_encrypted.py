"""PostgreSQL and Valkey over TLS: taken from the operator's own authority and for the right name, refused otherwise.

By the certificates that docker-compose.yml makes; with real servers that speak TLS: `deploy/try_encrypted.py`.
"""

import re
import runpy
import socket
import ssl
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg
import pytest
import yaml
from django.conf import settings as django_settings
from django.db import connection
from kombu import Connection
from kombu.exceptions import OperationalError
from redis import Redis
from redis.exceptions import ConnectionError as ValkeyRefused

from core import valkey
from core.cache import ValkeyCache
from oss_portal.deployment import check_deployment
from oss_portal.engine_addresses import unverified_addresses
from oss_portal.engines.folder import CHECKOUT
from tests.engines.encrypted import tls_front
from tests.factories.certificates import certified

inner_certificates = SimpleNamespace(**runpy.run_path(str(CHECKOUT / "deploy" / "inner_certificates.py")))


def database_socket() -> socket.socket:
    known = connection.get_connection_params()
    host, port = known.get("host", "localhost"), known.get("port", 5432)
    if host.startswith("/"):
        reached = socket.socket(socket.AF_UNIX)
        reached.connect(f"{host}/.s.PGSQL.{port}")
        return reached
    return socket.create_connection((host, int(port)))


def valkey_socket() -> socket.socket:
    known = urlsplit(django_settings.REDIS_URL)
    return socket.create_connection((known.hostname, known.port))


@pytest.fixture(scope="module")
def fronts(tmp_path_factory):
    """(port of PostgreSQL, port of Valkey, authority) by what stands in the servers' certificate."""
    folder = tmp_path_factory.mktemp("authorities")
    inner_certificates.keep_certificates(folder, {})
    ours, authority = folder / "public" / "ca.pem", inner_certificates.kept_certificate(folder / "authority")
    right = folder / "right.pem"
    right.write_bytes(b"".join((folder / "postgres" / name).read_bytes() for name in ("cert.pem", "key.pem")))
    _path, stranger = certified(folder, "stranger")
    foreign, _ = certified(folder, "foreign", stranger)
    elsewhere, _ = certified(folder, "elsewhere", authority, at="127.0.0.2")
    found = {}
    with (
        tls_front(right, database_socket, asked_first=True) as right_database,
        tls_front(right, valkey_socket) as right_valkey,
        tls_front(foreign, database_socket, asked_first=True) as foreign_database,
        tls_front(foreign, valkey_socket) as foreign_valkey,
        tls_front(elsewhere, database_socket, asked_first=True) as other_database,
        tls_front(elsewhere, valkey_socket) as other_valkey,
    ):
        found["right"] = (right_database, right_valkey)
        found["foreign"] = (foreign_database, foreign_valkey)
        found["elsewhere"] = (other_database, other_valkey)
        yield found, ours


def addresses(fronts, kind):
    """As docs/operators.md says to write them."""
    found, authority = fronts
    database, valkey_port = found[kind]
    known, kept = connection.get_connection_params(), urlsplit(django_settings.REDIS_URL)
    secret = f":{known['password']}" if "password" in known else ""
    place, broker = f"127.0.0.1:{database}/{known['dbname']}", f"127.0.0.1:{valkey_port}{kept.path}"
    return (
        f"postgresql://{known['user']}{secret}@{place}?sslmode=verify-full&sslrootcert={authority}",
        f"rediss://:{kept.password or ''}@{broker}?ssl_cert_reqs=required&ssl_ca_certs={authority}",
    )


@pytest.mark.django_db
def test_engines_are_reached_by_the_provinces_own_authority(fronts):
    database, broker = addresses(fronts, "right")
    with psycopg.connect(database) as reached:
        assert reached.pgconn.ssl_in_use
        assert reached.execute("SELECT 7").fetchone() == (7,)
    cache = ValkeyCache(broker, {})
    cache.set("encrypted", 7, timeout=60)
    assert cache._cache.get(cache.make_and_validate_key("encrypted"), None) == 7, "in Valkey, not kept in the process"
    with Connection(broker) as found:
        queue = found.SimpleQueue("encrypted")
        queue.put("task")
        taken = queue.get(timeout=30)
        assert taken.payload == "task"
        taken.ack()
        queue.close()


VERIFIED = "sslmode=verify-full&sslrootcert=/ca.pem"


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("postgresql://portal_web@/portal?host=%2Frun%2Fpostgresql", False),
        ("postgresql://portal_web:x@db/portal", False),  # the network of one machine, as compose has it
        ("postgresql://portal_web:x@127.0.0.1/portal", False),
        ("postgresql://portal_web:x@10.0.0.7/portal", True),
        ("postgresql://portal_web:x@db.bacninh.example/portal", True),
        ("postgresql://portal_web:x@db.bacninh.example/portal?sslmode=require", True),  # encrypted, but by whom?
        (f"postgresql://portal_web:x@db.bacninh.example/portal?{VERIFIED}", False),
        ("redis://:x@valkey:6379/0", False),
        ("redis://:x@10.0.0.7:6379/0", True),
        ("rediss://:x@10.0.0.7:6379/0", True),
        ("rediss://:x@10.0.0.7:6379/0?ssl_cert_reqs=none", True),
        ("rediss://:x@10.0.0.7:6379/0?ssl_cert_reqs=required&ssl_ca_certs=/ca.pem", False),
        ("", False),
    ],
)
def test_addresses_over_a_network_without_a_verified_server_are_told(settings, address, is_told):
    assert bool(list(unverified_addresses({"X": address}))) == is_told
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
        setattr(settings, name, address)
    found = [message for message in check_deployment() if message.id == "oss.W008"]
    assert len(found) == 3 * is_told
    assert not any(":x@" in str(message) for message in found)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["foreign", "elsewhere"])
def test_a_server_of_another_authority_or_name_is_refused(fronts, kind):
    database, broker = addresses(fronts, kind)
    with pytest.raises(psycopg.OperationalError, match="certificate"):
        psycopg.connect(database)
    with pytest.raises(ValkeyRefused, match="certificate"):
        Redis.from_url(broker, **valkey.connection_options()).ping()
    with pytest.raises(OperationalError, match="certificate"), Connection(broker) as found:
        found.ensure_connection(max_retries=1, timeout=5)


def test_nothing_speaks_in_plain_within_compose():
    text = (CHECKOUT / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    for address in re.findall(r'"?(postgresql://\S+?)"?$', text, re.MULTILINE):
        assert address.endswith("?sslmode=verify-full&sslrootcert=/authority/ca.pem"), address
    for address in re.findall(r'"?(rediss?://\S+?)"?$', text, re.MULTILINE):
        assert address.startswith("rediss:"), address
        assert address.endswith("?ssl_cert_reqs=required&ssl_ca_certs=/authority/ca.pem"), address
    allowed = (CHECKOUT / "deploy" / "pg_hba.conf").read_text()
    assert re.findall(r"^[^#\s]+", allowed, re.MULTILINE) == ["local", "hostssl"]
    assert {"-cssl=on", "-chba_file=/portal/pg_hba.conf"} <= set(services["postgres"]["command"])
    options = services["valkey"]["command"]
    assert options[options.index("--port") + 1] == "0"
    assert services["web"]["environment"]["WEB_CERTIFICATE"] == "/certificate"
    proxy = (CHECKOUT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"reverse_proxy (\S+)", proxy) == ["https://web:8000"]
    assert "tls_trusted_ca_certs /authority/ca.pem" in proxy
    assert "insecure" not in proxy


def test_the_authoritys_key_is_shown_to_nobody_else():
    services = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())["services"]
    for volume, users in (("inner-authority", set()), ("inner-web", {"web"}), ("inner-postgres", {"postgres"})):
        shown = {name for name, each in services.items() if any(volume in str(v) for v in each.get("volumes", ()))}
        assert shown == {"inner-certificates", *users}


def believed(authority, server, name):
    """Whether a client that believes the authority shakes hands with the server by that name; nothing is sent."""
    client, theirs = ssl.create_default_context(cafile=authority), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(server / "cert.pem", server / "key.pem")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    asks = client.wrap_bio(to_client, to_server, server_hostname=name)
    answers = theirs.wrap_bio(to_server, to_client, server_side=True)
    for side in (asks, answers, asks):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError:
            return False
    return True


def test_certificates_are_kept_until_they_end_soon_and_the_authority_of_before_is_believed(tmp_path, monkeypatch):
    made, main = inner_certificates.keep_certificates, inner_certificates.keep_certificates.__globals__
    assert made(tmp_path, {}) == ["authority", "postgres", "valkey", "web"]
    assert made(tmp_path, {}) == []
    assert {file.stat().st_mode & 0o777 for file in tmp_path.rglob("key.pem")} == {0o600}
    believe, old = tmp_path / "public" / "ca.pem", tmp_path / "old"
    for service in ("postgres", "valkey", "web"):
        assert believed(believe, tmp_path / service, service)
    assert not believed(believe, tmp_path / "web", "postgres"), "each server is itself and no other"
    (tmp_path / "web").rename(old)  # a server that has not been started since
    assert made(tmp_path, {}) == ["web"], "what is missing"
    monkeypatch.setitem(main, "RENEW_DAYS", main["SERVER_DAYS"] + 1)
    assert made(tmp_path, {}) == ["postgres", "valkey", "web"], "what ends soon"
    monkeypatch.setitem(main, "RENEW_DAYS", main["AUTHORITY_DAYS"] + 1)
    assert made(tmp_path, {})[0] == "authority"
    monkeypatch.setitem(main, "RENEW_DAYS", 365)
    assert made(tmp_path, {}) == [], "servers are signed by the authority of now"
    assert believed(believe, old, "web"), "until it ends"
    certificate, _key = inner_certificates.kept_certificate(tmp_path / "web")
    authority, _key = inner_certificates.kept_certificate(tmp_path / "authority")
    assert certificate.not_valid_after_utc <= authority.not_valid_after_utc
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=1826)
