"""A small province with connected systems that call the API over HTTP."""

import threading
from http.server import ThreadingHTTPServer

import pytest

from exchange.connectors.national import transport
from simulators.national.__main__ import Portal
from simulators.national.book import Book
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

    class Own(Portal):
        book = Book("tinh", "mat-khau")

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.NATIONAL_URL = f"http://127.0.0.1:{server.server_port}"
    settings.NATIONAL_USERNAME, settings.NATIONAL_PASSWORD = "tinh", "mat-khau"
    transport._sessions.clear()
    yield Own.book
    server.shutdown()
    server.server_close()
