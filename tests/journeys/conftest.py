"""The whole portal over HTTP, a browser, and people who use it.

One province for the whole run: the server is started once, journeys stand last in the run, and each makes dossiers
of its own. The database belongs to the server; a journey itself only reads it (its own writes are rolled back).
OSS_PICTURES names a folder for a picture of every page that was looked at.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from accounts.actors import Actor
from accounts.models import Account
from tests import databases
from tests.factories.browsers import Chromium, chromium_for_tests
from tests.factories.cast import cast_of_kinh_bac
from tests.journeys.visitor import DESKTOP, Portal, Visitor, note_complaint, session_of

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code; the tests are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


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
        cast = cast_of_kinh_bac()
        hashed = cast.citizen.account.password
        Account.objects.filter(posts__isnull=False).update(password=hashed)
        people = [actor for actor in vars(cast).values() if isinstance(actor, Actor)]
        sessions = {actor.account.pk: session_of(actor) for actor in people}
        server = LiveServer("127.0.0.1", start=False)
        # It looks for Django's own app by name to find style sheets as they lie in the sources; ours is a kind of it.
        server.thread.static_handler = StaticFilesHandler
        server.start()
        # One session of each person serves the whole run, however long it lies still in between.
        with override_settings(PUBLIC_URL=server.url, DESK_LOCK_MINUTES=0, STAFF_LOCK_MINUTES=0):
            yield Portal(server.url, cast, sessions)
        server.stop()
        databases.renew()


@pytest.fixture(autouse=True)
def media():
    """The running portal keeps the storage it was started with."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    with chromium_for_tests() as browser:
        yield browser


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
        page.on("console", lambda said: note_complaint(visitor, said))
        if actor is not None:
            visitor.enter(actor)
        return visitor

    yield begin
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        chromium.close_context(visitor.context)
    assert not faults, "\n".join(faults)


@pytest.fixture
def paper(tmp_path) -> Path:
    """A scan to send: a page with words on it."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(image).text((200, 300), "DON DE NGHI CAP LAI GIAY PHEP XAY DUNG", fill="black")
    path = tmp_path / "don-de-nghi.pdf"
    image.save(path, "PDF", resolution=150)
    return path
