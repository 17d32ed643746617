"""Nothing that tells who somebody is reaches a log, whichever way it is written."""

import io
import json
import logging
import re

import pytest
import structlog
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Account
from journal import outbox
from journal.models import OutboxMessage
from oss_portal.logs import json_formatter
from vietnam.scrubbing import scrub, scrub_error

NUMBER, PHONE, EMAIL, NAME = "027198123456", "0912345678", "anh.nguyen@example.com", "Nguyễn Thị Ánh"


@pytest.fixture
def written():
    """What the portal's own handler writes in this test."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"số {NUMBER}", "số [number]"),
        ("số 027 198 123 456, 027.198.123.456, 027 198 123456", "số [number], [number], [number]"),
        ("CMND 012345678", "CMND [number]"),
        ("số 027-198-123-456, CMND 121-234-567", "số [number], CMND [number]"),
        ("gọi (024) 3825 3536, (0222) 3855-100 hoặc +84 (0)912 345 678", "gọi [phone], [phone] hoặc [phone]"),
        (f"gọi {PHONE} hoặc +84 912 345 678, 0912.345.678", "gọi [phone] hoặc [phone], [phone]"),
        (f"thư {EMAIL}", "thư [e-mail]"),
        ("không có gì, 12 giờ", "không có gì, 12 giờ"),
        # What a log must keep to be of use.
        ("H05.013-261122-0001", "H05.013-261122-0001"),
        ("0b7e63f4-8f3a-4a43-9a7c-123456789012", "0b7e63f4-8f3a-4a43-9a7c-123456789012"),
        ("2026-11-29T15:02:06.123456Z took 0.123 s", "2026-11-29T15:02:06.123456Z took 0.123 s"),
        ("amount 26000, id 123456", "amount 26000, id 123456"),
    ],
)
def test_what_is_scrubbed_and_what_stays(text, left):
    assert scrub(text) == left


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            'duplicate key value violates unique constraint "accounts_person_personal_number_key"\n'
            f"DETAIL:  Key (full_name)=({NAME}) already exists.",
            "accounts_person_personal_number_key",
        ),
        (f'null value in column "x"\nDETAIL:  Failing row contains (7, {NAME}, {NUMBER}).', 'null value in column "x"'),
        (f"syntax error at or near\nLINE 1: SELECT '{NAME}'\n               ^", "syntax error at or near"),
        (f'invalid input syntax for type date: "{NAME}"', "invalid input syntax for type date"),
        (f"could not convert string to float: '{NAME}'", "could not convert string to float"),
        ("'title'", "'title'"),
    ],
)
def test_errors_keep_what_went_wrong_and_not_with_whose_data(message, kept):
    left = scrub_error(message)
    assert kept in left
    assert NAME not in left
    assert NUMBER not in left


def test_every_kind_of_line_is_scrubbed(written):
    structlog.get_logger("house").warning("seen", number=NUMBER, nested={"mail": [EMAIL]})
    logging.getLogger("library").warning("%s called %s", EMAIL, PHONE, extra={"who": NUMBER})
    try:
        int(f"{NAME} x")
    except ValueError:
        logging.getLogger("library").exception("Task failed: %r", f"{NAME} {NUMBER}")
    found = lines(written)
    assert len(found) == 3
    for marker in (NUMBER, PHONE, EMAIL, NAME):
        assert marker not in written.getvalue()
    assert "test_logs.py" in found[2]["exception"]
    assert found[2]["exception"].endswith("ValueError: invalid literal for int() with base 10: [left out]")


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\x00"])
def test_nothing_that_is_logged_begins_a_line_of_its_own(written, end):
    forged = f'x{end}{{"event": "signed_in", "account": 1}}'
    structlog.get_logger("house").warning("seen", name=forged)
    logging.getLogger("library").warning("%s came", forged, extra={"who": forged})
    found = lines(written)
    assert len(found) == 2
    assert not any("account" in line for line in found)


@pytest.mark.django_db
def test_a_refused_row_is_logged_without_its_values(written):
    Account.objects.create_account("first", None, full_name=NAME, email=EMAIL)
    with pytest.raises(IntegrityError, match=EMAIL) as refused, transaction.atomic():  # PostgreSQL says it
        Account.objects.create_account("second", None, full_name=NAME, email=EMAIL)
    logging.getLogger("dossiers").error("not written", exc_info=refused.value)
    assert "UniqueViolation" in written.getvalue()
    assert EMAIL not in written.getvalue()


@pytest.mark.django_db
def test_a_refused_statement_stays_out_of_the_servers_log():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('log_min_error_statement'), current_setting('log_error_verbosity')")
        assert cursor.fetchone() == ("panic", "terse")


@pytest.mark.django_db
def test_requests_are_logged_by_path_alone(client, written):
    client.get(reverse("track"), {"code": NAME, "phone": PHONE})
    client.post(reverse("sign-in"), {"login": NUMBER, "password": "mật khẩu của Ánh"}, headers={"user-agent": NAME})
    said = [line.get("request", "") for line in lines(written)]
    assert "GET /track/" in said
    for marker in (NUMBER, PHONE, NAME, "mật khẩu"):
        assert marker not in written.getvalue()
    assert not re.search(r'"request": "[^"]*\?', written.getvalue())


@pytest.mark.django_db
def test_work_that_failed_keeps_no_values(monkeypatch, django_capture_on_commit_callbacks):
    def fail(payload):
        Account.objects.create_account(NUMBER, None, full_name=NAME)
        Account.objects.create_account(NUMBER, None, full_name=NAME)

    monkeypatch.setitem(outbox._handlers, "test.fails", fail)
    message = OutboxMessage.objects.create(topic="test.fails")
    outbox.dispatch_messages(at=message.available_at)
    message.refresh_from_db()
    assert message.last_error.startswith("IntegrityError")
    assert NUMBER not in message.last_error
