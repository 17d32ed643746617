"""Whom an act tells, through the outbox and a real SMTP server."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Account
from dossiers.access import tracking
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, State
from dossiers.notifications.handlers import notify_of_deadline_alert
from journal import outbox
from journal.models import OutboxMessage
from notices import choices, delivery, inbox
from notices.models import Notice
from tests.factories.dossiers import received
from tests.factories.moments import at

pytestmark = pytest.mark.usefixtures("papers_drawn_once")


def told(account: Account) -> list[str]:
    return [notice.subject for notice in inbox.inbox_of(account)]


def test_receiving_tells_applicant_and_the_next_to_work(cast, edition, mailbox):
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    outbox.dispatch_messages(at=timezone.now())
    delivery.send_due(at=timezone.now())
    assert any("tiếp nhận" in subject for subject in told(cast.citizen.account))
    assert any(dossier.code in subject for subject in told(cast.head.account))
    assert told(cast.stranger.account) == []
    assert [address for address, _mail in mailbox.taken] == [cast.person.email]


def test_telling_reads_what_notices_repeat_and_no_more(cast, edition):
    received(cast, edition, at("2026-11-23 09:10"))
    with CaptureQueriesContext(connection) as queries:
        told_of = outbox.dispatch_messages(at=timezone.now())
    said = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    read = [sql for sql in said if 'FROM "dossiers_dossier"' in sql]
    assert len(said) <= 10 * told_of
    assert len(read) == 2  # the receipt and the hand-over, each in one go: no column was forgotten
    assert max(sql.count(" JOIN ") for sql in read) <= 4


def test_handling_a_message_twice_tells_once(cast, edition, mailbox):
    received(cast, edition, at("2026-11-23 09:10"))
    outbox.dispatch_messages(at=timezone.now())
    before = Notice.objects.count()
    OutboxMessage.objects.filter(topic="dossiers.tell").update(done_at=None)
    outbox.dispatch_messages(at=timezone.now())
    assert Notice.objects.count() == before


def test_an_act_stands_when_the_notice_cannot_be_written(cast, edition, monkeypatch):
    dossier = received(cast, edition, at("2026-11-23 09:10"))

    def broken(*args, **kwargs):
        raise RuntimeError("templates are away")

    monkeypatch.setattr("dossiers.notifications.handlers.notify", broken)
    outbox.dispatch_messages(at=timezone.now())
    waiting = OutboxMessage.objects.filter(topic="dossiers.tell", done_at=None)
    assert waiting.exists()
    assert all(message.attempts == 1 and "templates are away" in message.last_error for message in waiting)
    assert Dossier.objects.get(pk=dossier.pk).code == dossier.code


def test_the_pin_goes_to_the_applicant_only_and_opens(cast, edition, mailbox):
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    outbox.dispatch_messages(at=timezone.now())
    asked = tracking.ask_pin(dossier, address="203.0.113.9", at=timezone.now())
    outbox.dispatch_messages(at=timezone.now())
    delivery.send_due(at=timezone.now())
    address, mail = mailbox.taken[-1]
    assert address == cast.person.email
    pin = next(word for word in mail.get_content().split() if word.isdigit() and len(word) == 6)
    wrong, now = "000000" if pin != "000000" else "111111", timezone.now()
    assert not tracking.check_pin(dossier, asked.uid.hex, wrong, at=now)
    assert tracking.check_pin(dossier, asked.uid.hex, pin, at=now)
    assert not Notice.objects.filter(channel="portal", body__contains=pin).exists()


def test_who_filed_learns_that_somebody_had_it_withdrawn_at_a_counter(cast, edition, mailbox):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    outbox.dispatch_messages(at=timezone.now())
    inputs = {"reason": "Không còn cần", "requested_by": "Nguyễn Văn Lạ, 024090000009"}
    execute_transition(dossier, "withdraw", cast.counter, at=at("2026-11-23 10:00"), **inputs)
    outbox.dispatch_messages(at=timezone.now())
    notice = inbox.inbox_of(cast.citizen.account)[0]
    assert "rút hồ sơ" in notice.subject
    assert "gọi ngay" in notice.body


def test_a_supplement_is_told_with_its_items(cast, edition, mailbox):
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-23 11:00"), items=["Ảnh 4x6"], reason="Thiếu ảnh"
    )
    outbox.dispatch_messages(at=timezone.now())
    bodies = "\n".join(n.body for n in inbox.inbox_of(cast.citizen.account))
    assert "Ảnh 4x6" in bodies
    assert "Thiếu ảnh" in bodies


def test_late_news_of_an_earlier_act_points_at_no_list_that_it_does_not_have(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-23 11:00"), items=["Bản vẽ"], reason="Thiếu bản vẽ"
    )
    outbox.dispatch_messages(at=timezone.now())
    bodies = {notice.subject: notice.body for notice in inbox.inbox_of(cast.citizen.account)}
    accepted = next(body for subject, body in bodies.items() if "tiếp nhận" in subject)
    asked = next(body for subject, body in bodies.items() if "bổ sung" in subject)
    assert ("nêu trên" in accepted, "cơ quan đang chờ bạn" in accepted) == (False, True)
    assert all(words in asked for words in ("Bản vẽ", "nêu trên"))


def test_with_every_carrier_away_the_act_stands_and_the_news_waits(cast, edition, settings):
    settings.SMS_GATEWAY_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "http://127.0.0.1:9", "127.0.0.1", 9
    choices.choose_channel(cast.citizen.account, ["sms", "email"], morning_digest=False, at=timezone.now())
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    outbox.dispatch_messages(at=timezone.now())
    assert delivery.send_due(at=timezone.now()) == 0
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"))
    fresh = Dossier.objects.get(pk=dossier.pk)
    assert (fresh.state, fresh.holder) == (State.PROCESSING, cast.officer.post)
    waiting = Notice.objects.get(channel="sms", account=cast.citizen.account)
    # Nobody took it, so it cannot have arrived.
    assert (waiting.state, waiting.attempts, waiting.in_doubt) == (Notice.State.WAITING, 1, False)
    assert told(cast.citizen.account), "the portal has it all the same"


def test_without_an_email_the_pin_goes_by_sms_at_once(cast, edition, settings):
    settings.SMS_GATEWAY_URL, settings.QUIET_HOURS = "http://127.0.0.1:9", "00:00-23:59"
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    Dossier.objects.filter(pk=dossier.pk).update(contact_email="", contact_phone="0912345678")
    dossier.refresh_from_db()
    asked = tracking.ask_pin(dossier, address="203.0.113.9", at=timezone.now())
    outbox.dispatch_messages(at=timezone.now())
    notice = Notice.objects.get(kind="pin")
    assert (notice.channel, notice.address, notice.urgent) == ("sms", "0912345678", True)
    pin = next(word.strip(".") for word in notice.body.split() if word.strip(".").isdigit() and len(word) >= 6)
    OutboxMessage.objects.filter(topic="dossiers.pin").update(done_at=None)
    outbox.dispatch_messages(at=timezone.now())
    assert Notice.objects.filter(kind="pin").count() == 1, "the message handled again leaves the PIN that was sent"
    assert tracking.check_pin(dossier, asked.uid.hex, pin, at=timezone.now())


def test_without_any_address_the_pin_is_refused_in_words(cast, edition, settings):
    settings.SMS_GATEWAY_URL = settings.EMAIL_HOST = ""
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    with pytest.raises(Refused) as refusal:
        tracking.ask_pin(dossier, address="203.0.113.9", at=timezone.now())
    assert refusal.value.code == "no_address"


def test_what_went_on_by_itself_is_not_signed_by_the_name_of_a_rule(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    handed_over = dossier.events.get(action="hand_over")
    assert (handed_over.automatic, handed_over.actor) == (True, "receive")
    outbox.dispatch_messages(at=timezone.now())
    told_of = Notice.objects.filter(key__startswith=f"event:{handed_over.pk}:", account=cast.head.account)
    assert {notice.body.partition(":")[0] for notice in told_of} == {"Hệ thống tự thực hiện"}


def test_a_head_at_whose_step_a_dossier_is_overdue_is_told_once(cast, edition):
    """Told as the one who holds the step and again as the head, the same words came twice."""
    dossier = received(cast, edition, at("2026-11-23 09:10"))
    step = dossier.step
    step.holder = dossier.holder = cast.head.post
    step.save(update_fields=["holder"])
    dossier.save(update_fields=["holder"])
    crossing = {"kind": "overdue", "dossier": dossier.pk, "due_at": dossier.due_at.isoformat()}
    for _time in range(2):
        notify_of_deadline_alert(crossing)
    assert Notice.objects.filter(kind="overdue", account=cast.head.account, channel="portal").count() == 1
    assert Notice.objects.filter(kind="overdue", account=cast.leader.account, channel="portal").count() == 1
