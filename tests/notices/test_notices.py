"""Telling people: by portal and e-mail, in their language, once, whatever goes wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notices import inbox
from notices.delivery import ATTEMPTS, send_due
from notices.models import Notice
from notices.notify import Recipient, notify
from tests.factories.people import AccountFactory

FACTS = {"code": "H05.01-261123-0001", "owner": "Lê & Sơn", "title": "Khai sinh", "due": "17:00 25/11/2026"}


@pytest.fixture
def account(db):
    return AccountFactory(username="027190000011")


def say(recipients, key="k", at=None):
    notify(key, recipients, "overdue", FACTS, link="/dossiers/x/", at=at or timezone.now())


def test_both_channels_in_the_readers_language(account, mailbox):
    say([Recipient(account, "anh@example.vn", "vi"), Recipient(None, "ben@example.vn", "en")])
    assert send_due(at=timezone.now()) == 2
    mails = dict(mailbox.taken)
    assert mails["anh@example.vn"]["subject"].strip().startswith("Quá hạn: H05.01-261123-0001")
    assert mails["ben@example.vn"]["subject"].strip().startswith("Overdue: H05.01-261123-0001")
    body = mails["anh@example.vn"].get_content()
    assert "Lê & Sơn" in body
    assert "/dossiers/x/" in body
    assert not list(mails["anh@example.vn"].iter_attachments())
    assert mails["anh@example.vn"]["Auto-Submitted"] == "auto-generated"  # so that no machine replies (RFC 3834)
    assert inbox.unread_count(account) == 1


def test_the_same_message_is_told_once(account, mailbox):
    say([Recipient(account, "anh@example.vn")])
    say([Recipient(account, "anh@example.vn")])
    assert Notice.objects.count() == 2
    send_due(at=timezone.now())
    send_due(at=timezone.now() + timedelta(days=1))
    assert len(mailbox.taken) == 1


def test_a_refused_address_fails_for_good_and_stops_nobody_else(account, mailbox):
    mailbox.refused.add("gone@example.vn")
    say([Recipient(None, "gone@example.vn"), Recipient(None, "anh@example.vn")])
    assert send_due(at=timezone.now()) == 1
    assert Notice.objects.get(address="gone@example.vn").state == Notice.State.FAILED


def test_a_server_that_is_down_is_tried_again_later(account, settings, mailbox):
    port = settings.EMAIL_PORT
    settings.EMAIL_PORT = 9  # nobody listens there
    now = timezone.now()
    say([Recipient(None, "anh@example.vn")], at=now)
    assert send_due(at=now) == 0
    waiting = Notice.objects.get()
    assert waiting.state == Notice.State.WAITING
    assert waiting.next_attempt_at > now
    settings.EMAIL_PORT = port
    assert send_due(at=now) == 0
    assert send_due(at=waiting.next_attempt_at) == 1
    assert len(mailbox.taken) == 1


def test_after_many_attempts_it_is_given_up(account, settings, mailbox):
    settings.EMAIL_PORT = 9
    at = timezone.now()
    say([Recipient(None, "anh@example.vn")], at=at)
    for _attempt in range(ATTEMPTS):
        send_due(at=at)
        at = Notice.objects.get().next_attempt_at
    assert Notice.objects.get().state == Notice.State.FAILED


def left_on(channel, at, **fields):
    """A notice that waits on a channel which was configured when it was written."""
    common = {"kind": "overdue", "subject": "Quá hạn", "body": "Quá hạn", "created_at": at, "next_attempt_at": at}
    return Notice.objects.create(key="left", channel=channel, address="0912345678", **common, **fields)


def test_a_channel_taken_out_of_use_stops_nobody_and_leaves_to_the_next(account, settings, mailbox):
    settings.SMS_GATEWAY_URL = ""
    at = timezone.now()
    mail = {"channel": "email", "address": "binh@example.vn", "subject": "Quá hạn", "body": "Quá hạn"}
    left_on("sms", at, fallbacks=[mail])
    say([Recipient(None, "anh@example.vn")], at=at)
    assert send_due(at=at) == 2
    assert sorted(address for address, _mail in mailbox.taken) == ["anh@example.vn", "binh@example.vn"]
    assert Notice.objects.get(channel="sms").state == Notice.State.FAILED


def test_a_message_that_a_carrier_chokes_on_stops_nobody_else(account, settings, mailbox):
    at = timezone.now()
    left_on("email", at, fallbacks=[])
    Notice.objects.update(subject="Hai\ndòng")  # a header of two lines, which the mail library refuses
    say([Recipient(None, "anh@example.vn")], at=at)
    assert send_due(at=at) == 1
    waiting = Notice.objects.get(key="left")
    assert (waiting.state, waiting.attempts) == (Notice.State.WAITING, 1)
    assert waiting.next_attempt_at > at


def test_the_inbox_shows_marks_and_pages(account, client, mailbox):
    for n in range(25):
        say([Recipient(account)], key=f"k{n}")
    client.force_login(account)
    page = client.get("/my/notices/")
    assert page.status_code == 200
    assert len(page.context["notices"]) == 20
    older = client.get(f"/my/notices/?before={page.context['next_before']}")
    assert len(older.context["notices"]) == 5
    assert client.post("/my/notices/read/").status_code == 302
    assert inbox.unread_count(account) == 0


def test_nobody_reads_another_persons_notices(account, client, mailbox):
    say([Recipient(account)])
    client.force_login(AccountFactory(username="other"))
    assert client.get("/my/notices/").context["notices"] == []
