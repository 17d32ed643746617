"""The whole portal over HTTP, a browser, and people who use it.

One province for the whole run: the server is started once, journeys stand last in the run, and each makes dossiers
of its own. The database belongs to the server; a journey itself only reads it (its own writes are rolled back).
OSS_PICTURES names a folder for a picture of every page that was looked at.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts.actors import Actor
from accounts.models import Account
from agencies.models import Agency, Territory
from tests import databases
from tests.dossiers.conftest import Cast, build_cast

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code; the tests are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys commit, so they stand behind all tests that roll back."""
    here = Path(__file__).parent
    items.sort(key=lambda item: here in item.path.parents)


@dataclass
class Portal:
    """The running portal and the people of Kinh Bắc ward; `sessions` are theirs from an earlier visit."""

    address: str
    cast: Cast
    sessions: dict[int, str]


@pytest.fixture(scope="session")
def portal(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    stored["OPTIONS"] = {"location": str(folder / "media"), "base_url": None}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES={**settings.STORAGES, "default": stored, "staticfiles": plain}),
    ):
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        ward = Territory.objects.get(name="Phường Kinh Bắc", valid_to=None)
        cast = build_cast(
            Agency.objects.get(kind=Agency.Kind.COMMUNE_PC, territory=ward, valid_to=None),
            Agency.objects.get(kind=Agency.Kind.COMMUNE_CENTRE, territory=ward, valid_to=None),
        )
        hashed = cast.citizen.account.password
        Account.objects.filter(posts__isnull=False).update(password=hashed)
        people = [actor for actor in vars(cast).values() if isinstance(actor, Actor)]
        sessions = {actor.account.pk: _session(actor) for actor in people}
        server = LiveServer("127.0.0.1")
        with override_settings(PUBLIC_URL=server.url):
            yield Portal(server.url, cast, sessions)
        server.stop()
        databases.renew()


def _session(actor: Actor) -> str:
    client = Client()
    actor.account.refresh_from_db()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if named is None:
        pytest.skip("NO CHROMIUM ON THIS MACHINE: THE JOURNEYS WERE NOT TRIED (name one in CHROMIUM)")
    if not (ROOT / "static" / "dist" / "citizen.css").exists():
        pytest.skip("THE FRONT-END FILES ARE NOT BUILT: THE JOURNEYS WERE NOT TRIED (npm ci && npm run build)")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=named, args=["--no-sandbox"])
        yield browser
        browser.close()


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
        self.page.goto(self.portal.address + path)

    def sign_in(self, login: str) -> None:
        self.open("/sign-in/")
        self.page.fill("#id_login", login)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

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
        # Over the debugger's channel: the page's own policy would forbid it.
        session = self.context.new_cdp_session(self.page)
        session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        found = self.page.evaluate(f"axe.run({REVEALING}, {{resultTypes: ['violations']}})")["violations"]
        session.detach()
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


@pytest.fixture
def visit(portal, chromium):
    """visit(language, size, actor=None) -> Visitor. What any page was found to lack fails the journey at its end."""
    visitors: list[Visitor] = []

    def begin(language: str = "vi", size: tuple[int, int] = DESKTOP, actor: Actor | None = None) -> Visitor:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        context.set_default_timeout(60_000)  # a machine under load is no fault of a page
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": portal.address}])
        page = context.new_page()
        visitor = Visitor(portal, context, page, size, language)
        visitors.append(visitor)
        page.on("pageerror", lambda error: visitor.faults.append(str(error)))
        page.on("console", lambda said: _note(visitor, said))
        if actor is not None:
            visitor.enter(actor)
        return visitor

    yield begin
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert not faults, "\n".join(faults)


def _note(visitor: Visitor, said) -> None:
    # A form that comes back with its errors (422, 409, 403, 404) is an answer, not a fault of the page.
    if said.type == "error" and not re.search(r"status of 4\d\d", said.text):
        visitor.faults.append(said.text)


@pytest.fixture
def paper(tmp_path) -> Path:
    """A scan to send: a page with words on it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(image).text((200, 300), "DON DE NGHI CAP LAI GIAY PHEP XAY DUNG", fill="black")
    path = tmp_path / "don-de-nghi.pdf"
    image.save(path, "PDF", resolution=150)
    return path
