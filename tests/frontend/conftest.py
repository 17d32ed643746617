"""The gallery pages over HTTP with the portal's own content policy, and a browser to look at them."""

import os
import threading
from collections.abc import Iterator

import pytest

from tests.factories.browsers import Chromium, chromium_for_tests
from tests.frontend.gallery_server import Gallery

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code; the tests are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="module")
def gallery() -> Iterator[Gallery]:
    server = Gallery()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with chromium_for_tests() as browser:
        yield browser
