"""Fixtures of all apps. Real PostgreSQL and Valkey; the broker is real too, and tests run its tasks by hand."""

import os
import socket
import sys
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase

from core.valkey import forget_absence
from oss_portal.engines.pytest_plugin import NUMBER
from oss_portal.outgoing import REFUSED_EVENT
from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """A database of this process, with the province and the catalogue, in the place of pytest-django's empty one."""
    own = connection.settings_dict
    usual, name = own["NAME"], f"{own['TEST']['NAME'] or 'test_' + own['NAME']}_{NUMBER}"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        connection.close()
        databases.copy_template(name)
        own["NAME"] = name
        # Quicker than to empty every table, and the next test finds what the others found.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: databases.renew())
        yield
        connection.close()
        own["NAME"] = usual
        databases.drop(name)


# Nothing in the suite may leave this machine, but to engines that the environment names elsewhere. Whatever opens a
# connection is seen by Python's audit events and refused, and the test in which it happened fails even when the
# product carried on without an answer.
ELSEWHERE = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}
went_out: list[str] = []


def _stays(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name in ("", "localhost") or name in ELSEWHERE:
        return True
    try:
        return ip_address(name).is_loopback or name in ("0.0.0.0", "::")
    except ValueError:
        return name == socket.gethostname()


def _refuse_network(event: str, args: tuple) -> None:
    if not event.startswith(("socket.", REFUSED_EVENT)):
        return
    if event == REFUSED_EVENT:
        went_out.append(f"{args[0]}:{args[1]}")
    elif event in ("socket.connect", "socket.sendto"):
        connection, address = args[:2]
        if connection.family in (socket.AF_INET, socket.AF_INET6) and not _stays(address[0]):
            went_out.append(f"{address[0]}:{address[1]}")
            raise ConnectionRefusedError(f"tests do not leave this machine: {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname") and not _stays(args[0]):
        went_out.append(str(args[0]))
        raise ConnectionRefusedError(f"tests ask nobody for names: {args[0]}")


sys.addaudithook(_refuse_network)


@pytest.fixture(autouse=True)
def _stays_on_this_machine():
    """Fails the test in which something tried to leave; a test of just that reads and clears `outside`."""
    went_out.clear()
    yield
    tried, went_out[:] = list(went_out), []
    assert not tried, f"a connection to the outside was tried: {tried}"


@pytest.fixture
def outside():
    """What tried to leave this machine in this test; taken from here it does not fail the test."""
    return went_out


@pytest.fixture(autouse=True)
def _quiet(settings):
    settings.AXES_ENABLED = False
    # Signing in is tried with a quick hash; the product's own stays known for accounts that carry it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    # Tests of other things must not depend on the hour at which they run.
    settings.QUIET_HOURS = ""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _empty_cache():
    yield
    forget_absence()
    cache.clear()
