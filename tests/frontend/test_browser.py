"""The browser of the tests itself: one that hangs costs a journey some seconds, not its result."""

import psutil
import pytest

from tests.factories import browsers

pytestmark = pytest.mark.journey


def test_a_browser_that_never_closes_a_window_is_replaced(browser, monkeypatch):
    monkeypatch.setattr(browsers, "PATIENCE", 0.5)
    context = browser.new_context()
    context.new_page()
    for process in psutil.Process().children(recursive=True):
        if process.is_running() and browser.mark in process.cmdline():
            process.suspend()
    browser.close_context(context)
    page = browser.new_context().new_page()
    page.set_content("<h1>Again</h1>")
    assert page.inner_text("h1") == "Again"
    browser.close_context(page.context)
