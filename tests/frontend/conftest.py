"""The gallery pages over HTTP with the portal's own content policy, and a browser to look at them."""

import os
import shutil
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.frontend.gallery_server import ROOT, Gallery

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
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: the pages were not looked at")
    if not (ROOT / "static" / "dist" / "citizen.css").exists():
        pytest.skip("the front-end files are not built: run `npm ci && npm run build`")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()
