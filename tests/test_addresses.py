"""Every address of the portal is opened by every role: who may not enter gets no data, and nothing ever breaks.

The table is made from the URL configuration and the mark that each view carries (`accounts.permissions.open_to`),
so that a page without a decision about who may see it fails here.
"""

import re

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import StaffPost
from accounts.permissions import PUBLIC, SIGNED_IN, STAFF
from tests.factories.addresses import ADDRESSES, NAMED, SYSTEM, address_of, audience_of, is_api, is_let_in
from tests.factories.people import USERS
from tests.factories.tables import draw_refusals_once


@pytest.fixture(scope="module", autouse=True)
def _refusals_drawn_once():
    with pytest.MonkeyPatch.context() as patch:
        draw_refusals_once(patch)
        yield


def is_led_to_sign_in(answer):
    return answer.status_code == 302 and answer["Location"].startswith(reverse(settings.LOGIN_URL))


def test_every_view_says_who_may_open_it():
    silent = [route for route, pattern in ADDRESSES if not audience_of(pattern.callback)]
    assert not silent, f"decide with accounts.permissions.open_to who may open: {silent}"


def test_every_named_audience_is_known():
    known = {PUBLIC, SIGNED_IN, STAFF, SYSTEM, *StaffPost.Role.values}
    for route, pattern in ADDRESSES:
        assert audience_of(pattern.callback) <= known, route


def test_every_role_is_walked():
    assert set(USERS) == {"citizen", *StaffPost.Role.values}


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), NAMED, ids=[f"{name} {route}" for name, route in NAMED])
def test_each_role_at_each_address(clients, name, route):
    pattern = next(p for r, p in ADDRESSES if r == route and p.name == name)
    audience, address = audience_of(pattern.callback), address_of(name, pattern)
    for role, client in clients.items():
        with transaction.atomic():
            answer = client.get(address)
            b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        case = f"{role} at {address}: {answer.status_code}"
        assert answer.status_code < 500 or name == "health-ready", case
        kind = answer.headers.get("Content-Type", "")
        assert not kind.startswith("text/") or "charset=utf-8" in kind, f"{case}: {kind}"
        if PUBLIC in audience:
            assert not is_led_to_sign_in(answer) or _asks_the_record(pattern) or name in STEPS_OF_SIGNING_IN, case
        elif SYSTEM in audience:
            assert answer.status_code in {200, 400, 401, 403, 404, 405}, case
        elif role == "anonymous" and is_api(pattern):
            assert answer.status_code in {401, 403, 405}, case
        elif role == "anonymous":
            assert is_led_to_sign_in(answer) or answer.status_code == 405, case
        elif is_let_in(role, audience):
            assert answer.status_code != 403 or _asks_the_record(pattern), case
            assert not is_led_to_sign_in(answer), case
        else:
            assert answer.status_code == 403, case


# Open to whoever came from the step before; begun in the middle, they lead back to the beginning.
STEPS_OF_SIGNING_IN = {"openid-join"}


def _asks_the_record(pattern):
    """An address of one record may still refuse it; a list may not."""
    return bool(pattern.pattern.converters)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "route"), NAMED, ids=[f"{name} {route}" for name, route in NAMED])
def test_an_empty_post_breaks_nothing(clients, name, route):
    pattern = next(p for r, p in ADDRESSES if r == route and p.name == name)
    audience, address = audience_of(pattern.callback), address_of(name, pattern)
    for role, client in clients.items():
        before = dict(client.cookies)
        with transaction.atomic():
            answer = client.post(address)
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.update(before)
        case = f"{role} at {address}: {answer.status_code}"
        assert answer.status_code < 500 or name == "health-ready", case
        if not audience & {PUBLIC, SYSTEM} and role != "anonymous" and not is_let_in(role, audience):
            assert answer.status_code == 403, case


def test_routes_hold_no_anonymous_groups():
    """A part without a name could not be walked."""
    assert not [route for route, pattern in ADDRESSES if re.search(r"\((?!\?P<)", route) and pattern.name]


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_pages_take_no_other_method(clients, method):
    for name, pattern in ((p.name, p) for _route, p in ADDRESSES if p.name):
        said = clients["officer"].generic(method, address_of(name, pattern)).status_code
        if is_api(pattern) or name in {"file-upload", "file-upload-part", "file-drop"}:  # these name what they take
            assert said < 500, (name, said)
            assert method != "TRACE" or said in {401, 403, 405}, (name, said)
        else:
            assert said == 405, (name, said)
