"""Somebody at a browser, and the portal they visit."""

import os
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Error, Page

from accounts.actors import Actor
from tests.factories.cast import Cast

ROOT = Path(__file__).resolve().parents[2]


AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


PASSWORD = "mat-khau-dai-01"


# The design system's choices that reveal questions carry aria-expanded, which is known and on purpose.
REVEALING = "{exclude: ['.govuk-radios__input[aria-expanded]']}"


HIDDEN_COLUMNS = "[...document.querySelectorAll('.oss-scroll')].some(e => e.scrollWidth > e.clientWidth + 1)"


PHONE, DESKTOP = (375, 812), (1366, 768)


# The main journeys are walked in both languages every day, the others in English in the full run.
LANGUAGES = ["vi", "en"] if os.environ.get("OSS_FULL") else ["vi"]


PROCEDURE = "2.002516"  # confirmation of civil status data: by the commune, three working days, 8.000 đ each


@cache
def _axe_source() -> str:
    return AXE.read_text()


@dataclass
class Portal:
    """The running portal and the people of Kinh Bắc ward; `sessions` are theirs from an earlier visit."""

    address: str
    cast: Cast
    sessions: dict[int, str]


def session_of(actor: Actor) -> str:
    client = Client()
    actor.account.refresh_from_db()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@dataclass
class Visitor:
    """Somebody at a browser. Every page they look at is checked at both widths."""

    portal: Portal
    context: BrowserContext
    page: Page
    size: tuple[int, int]
    language: str
    faults: list[str] = field(default_factory=list)
    looked: int = 0
    presses: int = 0

    def open(self, path: str) -> None:
        """Goes to an address. A page that drew itself anew at the same moment, as one does on which a payment
        arrived, stops the way there once; a person would press again."""
        try:
            self.page.goto(self.portal.address + path)
        except Error as problem:
            if "ERR_ABORTED" not in problem.message:
                raise
            self.page.goto(self.portal.address + path)

    def sign_in(self, login: str) -> None:
        self.open("/sign-in/")
        self.page.fill("#id_login", login)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in/"))

    def enter(self, actor: Actor) -> None:
        """Signed in already, as after an earlier visit."""
        value = self.portal.sessions[actor.account.pk]
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.portal.address}
        self.context.add_cookies([cookie])

    def look(self, name: str) -> None:
        """No violation and no sideways scrolling at either width; no complaint of the browser; the right language."""
        self.looked += 1
        assert self.page.get_attribute("html", "lang") == self.language
        for width, height in (self.size, PHONE if self.size == DESKTOP else DESKTOP):
            self.page.set_viewport_size({"width": width, "height": height})
            self._picture(name, width)
            if (width, height) == self.size or self.language == "vi":  # the markup is the same in both languages
                self.faults += [f"{name} at {width}: {fault}" for fault in self._axe()]
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                self.faults.append(f"{name} at {width}: scrolls sideways")
            if width == DESKTOP[0] and self.page.evaluate(HIDDEN_COLUMNS):
                self.faults.append(f"{name} at {width}: columns of a table are out of sight")
        self.page.set_viewport_size({"width": self.size[0], "height": self.size[1]})

    def _axe(self) -> list:
        if not self.page.evaluate("'axe' in window"):  # there since the page was looked at in the other width
            # Over the debugger's channel: the page's own policy would forbid it.
            session = self.context.new_cdp_session(self.page)
            session.send("Runtime.evaluate", {"expression": _axe_source()})
            session.detach()
        found = self.page.evaluate(f"axe.run({REVEALING}, {{resultTypes: ['violations']}})")["violations"]
        return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in found]

    def _picture(self, name: str, width: int) -> None:
        if folder := os.environ.get("OSS_PICTURES"):
            file = Path(folder) / f"{self.language}-{width}-{name}.png"
            file.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=file, full_page=True)

    def press(self, *keys: str) -> None:
        """Keys, counted."""
        for key in keys:
            self.presses += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Text typed by hand, counted."""
        self.presses += len(text)
        self.page.keyboard.type(text)

    def scan(self, text: str) -> None:
        """What a barcode scanner types costs nobody a key."""
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def send(self, selector: str = "main form button[type=submit]") -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)


def note_complaint(visitor: Visitor, said) -> None:
    # A form that comes back with its errors (422, 409, 403, 404) is an answer, not a fault of the page.
    if said.type == "error" and not re.search(r"(status of|Status Error Code) 4\d\d", said.text):
        visitor.faults.append(said.text)
