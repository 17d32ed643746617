"""An intake outlives its session: ticks, typed text, owner and key are there again after signing in."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dossiers.models import Dossier
from tests.factories.desk import intake_page
from tests.journeys.visitor import PROCEDURE

BACKEND = "accounts.backends.AccountBackend"


@pytest.fixture
def client(cast) -> Client:
    made = Client()
    made.force_login(cast.counter.account, backend=BACKEND)
    return made


def end_session(client: Client) -> None:
    """As it ends in the database, while the browser still has its cookie."""
    client.session.flush()


def typed(cast) -> dict[str, str]:
    paper = cast.edition.documents.first()
    return {
        "ground": "authorised",
        "filer_number": "027190000022",
        "filer_name": "Trần Văn Ẩn",
        "ground_note": "Số 12",
        "return_method": "counter",
        "phone": "0912000111",
        "content": "Xin hai bản",
        "territory": cast.agency.territory.code,
        f"has_originals_{paper.key}": "on",
        f"originals_{paper.key}": "3",
        "act": "receive",
    }


@pytest.fixture
def cast(cast):
    from procedures.models import Procedure

    cast.edition = Procedure.objects.get(code=PROCEDURE).in_force
    return cast


def sent_too_late(cast, client):
    """Send the intake after the session has ended, sign in, and open the page one is led to."""
    address = intake_page(PROCEDURE, cast.stranger.person, key="khoa-1")
    end_session(client)
    answer = client.post(address, typed(cast))
    assert answer.status_code == 302
    kept = dict(client.session["kept_forms"])
    back = parse_qs(urlsplit(answer["Location"]).query)["next"][0]
    client.force_login(cast.counter.account, backend=BACKEND)
    session = client.session
    session["kept_forms"] = kept  # the sign-in page keeps it; logging in by force does not
    session.save()
    return back, client.get(back)


def test_what_was_typed_and_ticked_stands_on_the_same_page(cast, client):
    back, page = sent_too_late(cast, client)
    assert {"owner", "key", "kept"} <= set(parse_qs(urlsplit(back).query))
    text = page.content.decode()
    paper = cast.edition.documents.first()
    for said in ("0912000111", "Xin hai bản", "Trần Văn Ẩn", "Số 12"):
        assert said in text
    form = page.context["form"]
    assert form[f"has_originals_{paper.key}"].value()
    assert form[f"originals_{paper.key}"].value() == "3"
    assert form.on_behalf_open()
    assert not Dossier.objects.exists(), "nothing was taken in by signing in"
    for private in ("0912000111", "027190000022"):
        assert private not in back


def test_a_page_that_only_asks_to_be_kept_is_never_carried_out(cast, client):
    address = intake_page(PROCEDURE, cast.stranger.person, key="khoa-2")
    answer = client.post(address, {**typed(cast), "_keep": "1"})
    assert answer.status_code == 302
    assert not Dossier.objects.exists()
    page = client.get(answer["Location"])
    assert "Xin hai bản" in page.content.decode()


def test_a_reload_that_meets_the_end_of_the_session_brings_everything_back(cast, client):
    """F5: the page tells what stood on it while it is left, and comes back by its address alone."""
    address = intake_page(PROCEDURE, cast.stranger.person, key="khoa-5")
    left = {"headers": {"Referer": f"http://testserver{address}"}}
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert client.post(address, {**typed(cast), "_keep": "leaving"}, **left).status_code == 204
    led = client.get(address)
    assert "kept" not in led["Location"]
    client.force_login(cast.counter.account, backend=BACKEND)
    back = client.get(reverse("after-sign-in", query={"next": address}))["Location"]
    page = client.get(back)
    for said in ("0912000111", "Xin hai bản", "Trần Văn Ẩn", "Số 12"):
        assert said in page.content.decode()
    # It is given once, and to nobody else; while the session lasts nothing is kept.
    assert client.get(reverse("after-sign-in", query={"next": address}))["Location"] == address
    assert client.post(address, {**typed(cast), "_keep": "leaving"}, **left).status_code == 204
    assert client.get(reverse("after-sign-in", query={"next": address}))["Location"] == address
    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("get", {"HX-Request": "true"}),
        ("post", {"HX-Request": "true"}),
        ("post", {"X-Requested-With": "fetch"}),
        ("post", {"Tus-Resumable": "1.0.0"}),
    ],
)
def test_a_request_behind_the_page_is_told_and_not_led_away(cast, client, method, headers):
    address = intake_page(PROCEDURE, cast.stranger.person, key="khoa-3")
    end_session(client)
    shown = {"HX-Current-URL": f"http://testserver{address}"} if "HX-Request" in headers else {}
    referer = {"Referer": f"http://testserver{address}"}
    target = reverse("file-upload") if "Tus-Resumable" in headers else address
    answer = getattr(client, method)(target, headers={**headers, **shown, **referer})
    assert answer.status_code == 401
    assert parse_qs(urlsplit(answer["OSS-Sign-In"]).query)["next"] == [address]


def test_a_locked_session_keeps_the_intake_too(cast, client):
    from accounts.locking import _LOCKED

    session = client.session
    session[_LOCKED] = True
    session.save()
    answer = client.post(intake_page(PROCEDURE, cast.stranger.person, key="khoa-4"), typed(cast))
    assert answer["Location"].startswith(reverse("unlock"))
    assert "kept%3D" in answer["Location"]
    assert not Dossier.objects.exists()
