"""National registers as a server of the test's own."""

import threading
from http.server import ThreadingHTTPServer

import pytest

from simulators.registries.__main__ import Register
from simulators.registries.book import Book


@pytest.fixture
def register(settings, db):
    class Own(Register):
        book = Book("khoa")

        def log_message(self, *_said: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.POPULATION_URL = settings.ENTERPRISE_URL = settings.LAND_URL = f"http://127.0.0.1:{server.server_port}"
    settings.POPULATION_KEY = settings.ENTERPRISE_KEY = settings.LAND_KEY = "khoa"
    yield Own.book
    server.shutdown()
    server.server_close()
