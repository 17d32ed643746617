"""NUL and lone halves of characters at every address, in every part of it and of what a form sends."""

from urllib.parse import quote

import pytest
from django.db import transaction

from tests.factories.addresses import ADDRESSES, NAMED, address_of, audience_of, is_api, is_let_in
from tests.factories.people import USERS

UNKEPT = {"nul": "a\x00b", "half": "a\ud800b"}
# Names that pages read from addresses and forms.
FIELDS = ("q", "code", "who", "find", "after", "before", "owner", "key", "state", "case", "reason", "next", "number")


def pattern_of(name, route):
    return next(p for r, p in ADDRESSES if r == route and p.name == name)


def percent(text):
    """As a browser or a program may write it, halves too."""
    return quote(text.encode("utf-8", "surrogatepass"))


def asked(client, method, address, text=None):
    fields = "&".join(f"{name}={percent(text)}" for name in FIELDS) if text else ""
    with transaction.atomic():
        if method == "get":
            answer = client.get(f"{address}?{fields}")
        else:
            answer = client.post(address, fields, content_type="application/x-www-form-urlencoded")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer, content


@pytest.mark.django_db
@pytest.mark.parametrize("text", UNKEPT.values(), ids=UNKEPT)
@pytest.mark.parametrize(("name", "route"), NAMED, ids=[f"{name} {route}" for name, route in NAMED])
def test_every_address_answers_in_words(clients, name, route, text):
    """In the address itself where it has a part of free text, in what is asked for, and in what a form sends."""
    pattern = pattern_of(name, route)
    address, audience = address_of(name, pattern), audience_of(pattern.callback)
    role = next((role for role in USERS if is_let_in(role, audience)), "citizen")
    client = clients[role]
    kept = dict(client.cookies)
    for method in ("get", "post"):
        answer, _content = asked(client, method, address, text)
        assert answer.status_code < 500 or name == "health-ready", f"{role} {method} {address}"
        client.cookies.clear()
        client.cookies.update(kept)
    if "khong-co" in address:
        path = address.replace("khong-co", percent(text))
        answer, content = asked(client, "get", path)
        assert answer.status_code < 500, f"{role} at {path}"
        # Bytes that are no UTF-8 stay as they were percent-encoded: an address like another, of something there is not.
        assert (answer.status_code == 404 and b"<h1" in content + b"<h1" * is_api(pattern)) or text != UNKEPT["nul"]
