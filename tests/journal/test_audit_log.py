"""An entry of the audit log names the request it was made in, whoever writes it."""

import pytest
import structlog

from accounts.actors import Actor
from journal.audit_log import MOST_CHARACTERS_OF_REQUEST_ID, record_entry
from journal.models import Entry

pytestmark = pytest.mark.django_db


def written(*given, **named) -> Entry:
    record_entry(*given, **named)
    return Entry.objects.latest("id")


def test_an_entry_by_name_has_the_request_that_runs():
    with structlog.contextvars.bound_contextvars(request_id="r" * 99):
        made = written("x", "thing:1", by="clamd", size=1)
    assert (made.actor, made.request_id) == ("clamd", "r" * MOST_CHARACTERS_OF_REQUEST_ID)
    assert written("x", "thing:1", by="clamd").request_id == ""


def test_an_entry_by_an_actor_has_their_name_origin_and_request():
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        actor = Actor(system="kho", channel="api", address="10.0.0.9")
    made = written("x", "thing:1", by=actor, before={"a": 1})
    assert (made.actor, made.origin, made.request_id) == (actor.label, actor.origin, "r-1")
    assert made.changes == {"before": {"a": 1}}
    assert written("x", "thing:1", by=actor, origin="openid").origin == "openid"
