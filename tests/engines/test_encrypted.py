"""PostgreSQL and Valkey over TLS: taken from the operator's own authority and for the right name, refused otherwise."""

import socket
from urllib.parse import urlsplit

import psycopg
import pytest
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
from tests.engines.encrypted import tls_front
from tests.factories.certificates import certified


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
    ours, authority = certified(folder, "province")
    _path, stranger = certified(folder, "stranger")
    right, _ = certified(folder, "right", authority)
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
