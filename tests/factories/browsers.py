"""A Chromium for tests that outlives its own hangs: one that does not let go of a window is ended and replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Error, expect, sync_playwright

from deploy.run_tests import chromium

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=60_000)  # as long as for a press; five seconds usually, too few on a machine under load
PATIENCE = 45.0  # seconds to close the windows of one visitor; usually it takes a tenth of a second


def installed_chromium() -> str:
    """Path of the browser that CHROMIUM names, or of one that is installed. Without one the test is skipped, loudly,
    and `make test` says so at its end; without the files that `make setup` builds it fails."""
    if (named := chromium()) is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: THE JOURNEYS WERE NOT TRIED (name one in CHROMIUM)")
    if not (ROOT / "static" / "dist" / "citizen.css").exists():
        pytest.fail("The front-end files are not built: run `make setup`.")
    return named


class Chromium:
    """Opens windows in a browser that is started when it is needed, and again when it is gone."""

    def __init__(self, driver: BrowserType, path: str) -> None:
        self._driver, self._path = driver, path
        self.mark = f"--oss-tests={uuid4().hex}"
        self._browser: Browser | None = None

    def new_context(self, **options: Any) -> BrowserContext:
        if self._browser is None or not self._browser.is_connected():
            # The camera shows a moving picture; a page may use it once it is allowed to.
            arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", self.mark]
            self._browser = self._driver.launch(executable_path=self._path, args=arguments)
        return self._browser.new_context(**options)

    def close_context(self, context: BrowserContext) -> None:
        """Closes a visitor's windows. Chromium was seen never to answer that, with all that was asked of the pages
        done: the browser is ended then, which ends the wait too."""
        with self._ended_after(PATIENCE):
            try:
                context.close()
            except Error:
                if self._browser is not None and self._browser.is_connected():
                    raise

    def close(self) -> None:
        if self._browser is not None:
            with self._ended_after(PATIENCE):
                self._browser.close()

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        timer = Timer(seconds, self._kill)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _kill(self) -> None:
        for process in psutil.process_iter():
            try:
                if self.mark in process.cmdline():
                    process.kill()
            except psutil.Error:  # gone meanwhile, or somebody else's
                continue


@contextmanager
def chromium_for_tests() -> Iterator[Chromium]:
    path = installed_chromium()
    with sync_playwright() as playwright:
        browser = Chromium(playwright.chromium, path)
        yield browser
        browser.close()
