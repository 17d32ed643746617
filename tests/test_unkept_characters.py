"""What no text holds and no program should send: an answer in words, never a fault."""

import json

import pytest
from django.conf import settings

from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.systems import MEMBERS, connected_system

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

UNKEPT = {"nul": "a\x00b", "half": "a\ud800b"}
any_unkept = pytest.mark.parametrize("text", UNKEPT.values(), ids=UNKEPT)


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "device"])
def test_a_cookie_that_is_none_of_ours_is_as_good_as_none(client, cookie):
    client.cookies[cookie] = '"a\\000b"'
    assert client.get("/").status_code == 200


@any_unkept
@pytest.mark.parametrize(
    "body",
    [
        lambda text: {"revision": 1, "facts": {"reason": text}},
        lambda text: {"revision": 1, "facts": {text: "x"}},
        lambda text: {"revision": 1, "facts": {"items": [{"name": [text]}]}},
        lambda text: {"revision": text},
        lambda text: [text],
        lambda text: text,
    ],
)
def test_a_program_is_told_that_it_sent_what_cannot_be_kept(cast, edition, body, text):
    dossier = received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    caller = connected_system("programm", post=cast.officer.post)
    for path in (f"dossiers/{dossier.code}/remind/", "dossiers/", "intakes/"):
        answer = caller.client.post(
            f"/api/v1/{path}",
            json.dumps(body(text)),
            content_type="application/json",
            headers={**caller.headers, "Idempotency-Key": "unkept-0001"},
        )
        assert (answer.status_code, set(answer.json()) - {"fields"}) == (400, MEMBERS)


HOSTILE = {
    "deep": b"[" * 100_000,
    "deep and closed": b'{"a":' * 40 + b"1" + b"}" * 40,
    "not UTF-8": b'"\xff"',
    "no JSON": b"{",
    "infinity": b'{"revision": Infinity}',
    "many digits": b'{"revision": ' + b"9" * 5000 + b"}",
    "empty": b"",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("charset", ["", "; charset=utf-16", "; charset=hex"])
def test_what_is_no_json_is_refused_in_words(cast, body, charset):
    caller = connected_system("programm", post=cast.officer.post)
    for path in ("dossiers/H05.160-251124-0001/remind/", "dossiers/", "intakes/"):
        answer = caller.client.generic(
            "POST",
            f"/api/v1/{path}",
            body,
            content_type=f"application/json{charset}",
            headers={**caller.headers, "Idempotency-Key": "hostile-0001"},
        )
        # An action may come without a body, its revision in If-Match: then the dossier is looked for first.
        expected = 404 if not body and path.startswith("dossiers/H") else 400
        assert (answer.status_code, answer.headers["Content-Type"]) == (expected, "application/problem+json")
        assert answer.json()["detail"]


def test_a_body_larger_than_is_taken_is_refused_in_words(cast, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    caller = connected_system("programm", post=cast.officer.post)
    for path in ("dossiers/H05.160-251124-0001/remind/", "dossiers/", "intakes/"):
        answer = caller.post(path, {"facts": {"reason": "x" * 2000}}, **{"Idempotency-Key": "large-0001"})
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    page = caller.client.post("/sign-in/", {"login": "x" * 2000, "password": "x"})
    assert page.status_code in (400, 413)
    assert b"<html" in page.content


CURSORS = ("abc", "cD1hYmM=", "cD0wMA==", "cD0lMDA=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk=", "é", "cj14", "\x00")


@pytest.mark.parametrize("cursor", CURSORS)
def test_a_cursor_that_was_not_given_here(cast, cursor):
    caller = connected_system("programm", post=cast.officer.post)
    for path in ("procedures/", "dossiers/"):
        answer = caller.get(path, {"cursor": cursor})
        assert answer.status_code in (200, 400, 404)
        assert answer.status_code == 200 or set(answer.json()) == MEMBERS


@pytest.mark.parametrize("size", ["null", "", "0", "-1", "1.5", "ten", "9" * 40, "١"])
def test_a_page_size_is_a_number(cast, size):
    answer = connected_system("programm", post=cast.officer.post).get("dossiers/", {"page_size": size})
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["page_size"])


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_problems_are_said_in_the_callers_language(db, client, language):
    answer = client.get("/api/v1/nothing/here/", headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    title = {"en": "There is no such thing"}.get(language, "Không có nội dung này")
    assert (answer.json()["title"], answer.headers["Content-Language"]) == (title, "en" if language == "en" else "vi")


INPUTS = [
    ("ask_supplement", {"items": {"a": 1}, "reason": "x"}, "items"),
    ("ask_supplement", {"items": [1], "reason": "x"}, "items"),
    ("ask_supplement", {"items": ["x"], "reason": {"a": 1}}, "reason"),
    ("ask_supplement", {"items": ["x"] * 101, "reason": "x"}, "items"),
    ("extend", {"amount": "NaN", "reason": "x"}, "amount"),
    ("extend", {"amount": [1], "reason": "x"}, "amount"),
    ("ask_opinion", {"agencies": {"a": 1}, "question": "x", "limit_days": "1"}, "agencies"),
    ("ask_opinion", {"agencies": ["none"], "question": "x", "limit_days": "1"}, "agencies"),
    ("assign", {"officer": True}, "officer"),
    ("assign", {"officer": "9" * 30}, "officer"),
]


@pytest.mark.parametrize(("action", "facts", "field"), INPUTS)
def test_inputs_of_an_action_are_of_their_kind(cast, edition, action, facts, field):
    dossier = received(cast, edition, at("2025-11-24 09:00"), limit_days="5")
    for post in (cast.head.post, cast.officer.post):
        caller = connected_system(f"programm {post.pk}", post=post)
        answer = caller.post(f"dossiers/{dossier.code}/{action}/", {"revision": dossier.revision, "facts": facts})
        assert answer.status_code in (403, 422), answer.json()
        if answer.status_code == 422:
            assert (answer.json().get("field"), bool(answer.json()["detail"])) == (field, True)
