"""A small province with connected systems that call the API over HTTP."""

import signal
from collections.abc import Iterator

import pytest
from celery import current_app

from core import valkey
from exchange.connectors.national import transport
from oss_portal.engines.folder import DataFolder
from oss_portal.engines.valkey import Valkey
from simulators.national.__main__ import Portal
from simulators.national.book import Book
from tests.factories.servers import serving
from tests.factories.systems import Caller, connected_system


@pytest.fixture
def anybody(db) -> Caller:
    return Caller({"Accept-Language": "vi"})


@pytest.fixture
def counter_system(cast) -> Caller:
    return connected_system("counter software", post=cast.counter.post)


@pytest.fixture
def filing_system(cast) -> Caller:
    """A system that files for people and has no staff post."""
    return connected_system("national portal", scopes=("dossiers:file",))


@pytest.fixture
def portal(settings):
    """The national portal's simulator over real HTTP; its book."""

    book = Book("tinh", "mat-khau")
    with serving(Portal, book=book) as url:
        settings.NATIONAL_URL = url
        settings.NATIONAL_USERNAME, settings.NATIONAL_PASSWORD = "tinh", "mat-khau"
        transport._sessions.clear()
        yield book


@pytest.fixture
def own_valkey(tmp_path, settings, monkeypatch) -> Iterator[Valkey]:
    """A server of this test's own, at an address that the whole process uses, also to call workers."""
    folder = DataFolder(tmp_path / "data")
    folder.create()
    server = Valkey(folder, durable=False)
    server.start()
    settings.REDIS_URL = server.url
    settings.CACHES = {"default": {"BACKEND": "core.cache.ValkeyCache", "LOCATION": server.url}}
    monkeypatch.setattr(current_app.conf, "broker_url", server.url)
    monkeypatch.setattr(current_app, "_pool", None)
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    valkey.forget_absence()
    yield server
    server.child.process.send_signal(signal.SIGCONT)
    server.stop()
    valkey.forget_absence()
