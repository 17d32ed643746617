"""What goes through the broker and the cache refers to rows: it says nothing of a person."""

import base64
import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from core.valkey import valkey_client
from dossiers.correspondence.messages import write_message
from dossiers.lifecycle import bulk, execute_transition
from journal import outbox
from journal.models import OutboxMessage
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MORNING, NOON = at("2026-11-23 09:00"), at("2026-11-23 11:00")
NUMBER, PHONE, EMAIL, NAME = "027198123456", "0912345678", "anh.nguyen@example.com", "Nguyễn Thị Ánh"
ADDRESS, WORDS = "203.0.113.77", "bí mật gia đình"
MARKERS = (NUMBER, PHONE, EMAIL, NAME, ADDRESS, WORDS)


def said_to_valkey() -> str:
    """Everything that stands in Valkey: keys, values, and the bodies of Celery's messages in plain."""
    client, found = valkey_client(), []
    for key in client.keys("*"):
        found.append(key)
        kind = client.type(key)
        if kind == b"list":
            found += client.lrange(key, 0, -1)
        elif kind == b"hash":
            found += [part for pair in client.hgetall(key).items() for part in pair]
        elif kind == b"string":
            found.append(client.get(key))
        elif kind in (b"set", b"zset"):
            found += client.smembers(key) if kind == b"set" else client.zrange(key, 0, -1)
    for each in list(found):
        try:
            found.append(base64.b64decode(json.loads(each)["body"]))
        except (ValueError, TypeError, KeyError):
            continue
    return b"\n".join(found).decode("utf-8", "replace") + json.dumps(
        [part.decode("utf-8", "replace") for part in found], ensure_ascii=False
    )


@pytest.mark.django_db
def test_a_day_of_work_says_nothing_of_anybody_to_the_broker(client, cast, edition, django_capture_on_commit_callbacks):
    valkey_client().flushdb()
    cast.citizen.account.person.full_name = NAME
    cast.citizen.account.person.save(update_fields=["full_name"])
    head = replace(cast.head, address=ADDRESS)
    with django_capture_on_commit_callbacks(execute=True):
        dossier = received(cast, edition, MORNING)
        bulk.request_bulk_run(
            head, "assign", [(dossier, dossier.revision)], {"officer": cast.officer.post}, key="k", at=NOON
        )
    outbox.dispatch_messages(at=timezone.now())
    assert "carry_out_bulk" in said_to_valkey(), "the broker was looked at"
    with django_capture_on_commit_callbacks(execute=True):
        execute_transition(dossier, "take", cast.officer2, at=NOON)
        write_message(
            dossier,
            cast.officer2,
            f"{WORDS} {NAME} {NUMBER}",
            as_applicant=False,
            answer_by=date(2026, 11, 27),
            at=NOON,
        )
        client.post(reverse("sign-in"), {"login": NUMBER, "password": PASSWORD}, REMOTE_ADDR=ADDRESS)
        client.post(
            reverse("sign-up"), {"personal_number": NUMBER, "full_name": NAME, "phone": PHONE}, REMOTE_ADDR=ADDRESS
        )
        client.post(reverse("track"), {"code": dossier.code, "phone": PHONE}, REMOTE_ADDR=ADDRESS)
        client.post(reverse("password-reset"), {"login": NUMBER, "channel": "sms"}, REMOTE_ADDR=ADDRESS)
    outbox.dispatch_messages(at=timezone.now())
    recorded = json.dumps(list(OutboxMessage.objects.values_list("payload", "key", "last_error")), ensure_ascii=False)
    for marker in MARKERS:
        assert marker not in said_to_valkey()
        assert marker not in recorded


@pytest.mark.django_db
@pytest.mark.parametrize("value", [*MARKERS, {"deep": [NAME]}, "2001:db8::7", "hai từ", "x" * 65])
def test_work_for_later_only_refers(value):
    for record in (
        lambda: outbox.record_message("t", {"x": value}),
        lambda: outbox.record_many("t", [{"x": value}], available_at=[timezone.now()]),
    ):
        with pytest.raises(ValueError, match="refers to rows") as refused:
            record()
        assert str(value) not in str(refused.value)


@pytest.mark.django_db
@pytest.mark.parametrize("value", [7, None, True, "vi", "0b7e63f4-8f3a-4a43-9a7c-123456789012", "2026-11-27", [1, 2]])
def test_references_are_taken(value):
    outbox.record_message("t", {"x": value})
    assert OutboxMessage.objects.get(topic="t").payload == {"x": value}


@pytest.mark.django_db
def test_where_a_bulk_act_was_asked_stands_in_the_history(cast, edition):
    dossier = received(cast, edition, MORNING)
    head = replace(cast.head, address=ADDRESS, request_id="r-1")
    run = bulk.request_bulk_run(
        head, "assign", [(dossier, dossier.revision)], {"officer": cast.officer.post}, key="k", at=NOON
    )
    assert bulk.run_batch(run.pk, language="vi", at=NOON)
    event = dossier.events.latest("revision")
    assert ADDRESS in event.origin
    assert event.request_id == "r-1"
