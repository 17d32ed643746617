"""Messages between applicant and officer: who may, what waits for whom, files, told once, pages."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from dossiers.correspondence import deadlines, messages
from dossiers.correspondence.messages import write_message
from dossiers.lifecycle import NotAllowed, Refused, execute_transition
from dossiers.models import DossierMessage
from journal import outbox
from notices.models import Notice
from tests.factories.dossiers import opened_for, received
from tests.factories.moments import at

MONDAY = at("2026-11-23 09:10")
ASKED = at("2026-11-24 10:00")


@pytest.fixture
def dossier(cast, edition):
    found = received(cast, edition, MONDAY)
    execute_transition(found, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
    return found


def ask(cast, dossier, text="Khi nào có kết quả?", **options):
    return write_message(dossier, cast.citizen, text, as_applicant=True, at=options.pop("at", ASKED), **options)


def reply(cast, dossier, text="Chiều mai.", by=None, **options):
    return write_message(dossier, by or cast.officer, text, as_applicant=False, at=options.pop("at", ASKED), **options)


def subjects(account):
    return list(
        Notice.objects.filter(account=account, channel="portal").order_by("id").values_list("subject", flat=True)
    )


def test_a_question_is_to_be_answered_within_two_working_days_of_the_agency(cast, dossier):
    asked = ask(cast, dossier, at=at("2026-11-26 16:00"))  # Thursday: Friday and Monday
    assert asked.answer_by == at("2026-11-30 17:00")
    assert list(messages.waiting_for_staff()) == [asked]
    assert messages.asked_of_staff([dossier]) == {dossier.pk: asked.answer_by}


def test_an_answer_ends_what_waited_and_asks_back_by_a_day(cast, dossier):
    first, second = ask(cast, dossier), ask(cast, dossier, "Và phí?")
    answered = reply(cast, dossier, answer_by=date(2026, 11, 27))
    assert answered.answers == second
    assert not messages.waiting_for_staff().exists()
    assert {m.answered_at for m in DossierMessage.objects.filter(pk__in=[first.pk, second.pk])} == {ASKED}
    assert answered.answer_by == at("2026-11-27 23:59:59")
    assert messages.asked_of_applicant([dossier]) == {dossier.pk}
    assert ask(cast, dossier, "Có ạ").answer_by is None, "an answer is no question"
    assert messages.asked_of_applicant([dossier]) == set()


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2027, 11, 23)])
def test_an_answer_cannot_be_wanted_in_the_past_or_far_off(cast, dossier, day):
    with pytest.raises(Refused) as refusal:
        reply(cast, dossier, answer_by=day)
    assert refusal.value.field == "answer_by"


def test_only_the_applicant_and_who_works_on_it_write(cast, dossier):
    for actor, as_applicant in (
        (cast.stranger, True),
        (cast.officer, True),
        (cast.supervisor, False),
        (cast.citizen, False),
        (cast.stranger, False),
    ):
        with pytest.raises(NotAllowed):
            write_message(dossier, actor, "x", as_applicant=as_applicant, at=ASKED)
    for actor in (cast.officer, cast.officer2, cast.head, cast.leader, cast.clerk, cast.counter):
        reply(cast, dossier, by=actor)


def test_sending_twice_makes_one_message(cast, dossier):
    assert ask(cast, dossier, key="k").pk == ask(cast, dossier, key="k").pk
    assert ask(cast, dossier, key="other").pk != ask(cast, dossier, key="k").pk
    assert DossierMessage.objects.count() == 2


def test_the_legal_time_is_not_touched(cast, dossier):
    before = (dossier.due_at, dossier.state, dossier.revision)
    reply(cast, dossier, answer_by=date(2026, 11, 27))
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.state, dossier.revision) == before


def test_the_officer_and_then_the_applicant_are_told_once(cast, dossier):
    outbox.dispatch_messages(at=timezone.now())
    Notice.objects.all().delete()
    ask(cast, dossier)
    outbox.dispatch_messages(at=timezone.now())
    assert subjects(cast.officer.account) == [f"{dossier.code}: người nộp nhắn tin"]
    assert subjects(cast.officer2.account) == subjects(cast.citizen.account) == []
    reply(cast, dossier, answer_by=date(2026, 11, 27))
    outbox.dispatch_messages(at=timezone.now())
    (notice,) = Notice.objects.filter(account=cast.citizen.account, channel="portal")
    assert "Chiều mai." in notice.body
    assert "23:59, 27/11/2026" in notice.body
    outbox.record_message("dossiers.message", {"message": DossierMessage.objects.last().pk})
    outbox.dispatch_messages(at=timezone.now())
    assert len(subjects(cast.citizen.account)) == 1


def test_before_receipt_the_counter_is_asked(cast, edition):
    from dossiers.models import Dossier
    from tests.factories.dossiers import taken_in

    found = taken_in(cast, edition, MONDAY)
    Dossier.objects.filter(pk=found.pk).update(state=1, code="H05.01-261123-0001", filed_at=MONDAY)
    found.refresh_from_db()
    ask(cast, found)
    outbox.dispatch_messages(at=timezone.now())
    assert subjects(cast.counter.account) == [f"{found.code}: người nộp nhắn tin"]


@pytest.fixture
def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(content, "PNG")
    return content.getvalue()


def test_pages_from_question_to_answer(cast, dossier, client, picture):
    client.force_login(cast.citizen.account)
    page = f"/my/dossiers/{dossier.uid}/messages/"
    assert client.get(page).status_code == 200
    sent = client.post(
        page,
        {"text": "Xem giúp tôi tệp này", "key": "k", "attachments": SimpleUploadedFile("ảnh.png", picture)},
    )
    assert sent.status_code == 302
    message = DossierMessage.objects.get()
    file = message.files.get()
    client.force_login(cast.officer.account)
    assert dossier.code in client.get("/work/messages/").content.decode()
    answering = f"/dossiers/{dossier.code}/messages/"
    seen = client.get(answering).content.decode()
    assert "Xem giúp tôi tệp này" in seen
    assert str(file.pk) in seen
    message.refresh_from_db()
    assert message.read_at is not None
    until = (timezone.localdate() + timedelta(days=3)).strftime("%d/%m/%Y")
    assert client.post(answering, {"text": "Đã xem", "answer_by": until, "key": "a"}).status_code == 302
    assert dossier.code not in client.get("/work/messages/").content.decode()
    client.force_login(cast.citizen.account)
    seen = client.get(page).content.decode()
    assert "Đã xem" in seen
    assert cast.officer.account.full_name not in seen, "the applicant is answered by an office"


def test_mistakes_are_said_and_the_text_is_kept(cast, dossier, client):
    client.force_login(cast.officer.account)
    page = f"/dossiers/{dossier.code}/messages/"
    assert client.post(page, {"text": "", "key": "k"}).status_code == 422
    answer = client.post(page, {"text": "Giữ lại nhé", "answer_by": "01/01/2020", "key": "k"})
    assert answer.status_code == 422
    assert "Giữ lại nhé" in answer.content.decode()
    bad = client.post(page, {"text": "x", "key": "k", "attachments": SimpleUploadedFile("a.exe", b"MZ\x90\x00" * 40)})
    assert bad.status_code == 422
    assert not DossierMessage.objects.exists()


def test_strangers_find_no_page(cast, dossier, client):
    client.force_login(cast.stranger.account)
    assert client.get(f"/my/dossiers/{dossier.uid}/messages/").status_code == 404
    assert client.post(f"/my/dossiers/{dossier.uid}/messages/", {"text": "x"}).status_code == 404
    assert client.get(f"/dossiers/{dossier.code}/messages/").status_code == 403


def test_a_supervisor_reads_and_cannot_write(cast, dossier, client):
    ask(cast, dossier)
    client.force_login(cast.supervisor.account)
    page = f"/dossiers/{dossier.code}/messages/"
    assert client.get(page).status_code in (403, 404), "not before the case is opened"
    opened_for(cast.supervisor, dossier)
    assert "<textarea" not in client.get(page).content.decode()
    client.post(page, {"text": "x", "key": "k"})
    assert DossierMessage.objects.count() == 1
    assert DossierMessage.objects.get().read_at is None


def test_the_thread_costs_the_same_whatever_its_length(cast, dossier, client, django_assert_max_num_queries):
    for n in range(20):
        ask(cast, dossier, f"câu {n}")
    client.force_login(cast.officer.account)
    with django_assert_max_num_queries(22):
        client.get(f"/dossiers/{dossier.code}/messages/")
    with django_assert_max_num_queries(16):
        client.get("/work/messages/?view=unit")


def test_a_question_past_its_day_is_noticed_once_and_told_to_who_owes_the_answer(cast, dossier):
    asked = ask(cast, dossier)  # on a day off: to be answered by Thursday the 26th
    for moment, found in (
        ("2026-11-24 16:59", {"message_overdue": 0, "message_due_soon": 0}),
        ("2026-11-25 17:00", {"message_overdue": 0, "message_due_soon": 1}),
        ("2026-11-26 17:01", {"message_overdue": 1, "message_due_soon": 0}),
        ("2026-11-30 09:00", {"message_overdue": 0, "message_due_soon": 0}),
    ):
        assert deadlines.watch_message_deadlines(at=at(moment)) == found, moment
        outbox.dispatch_messages(at=at("2036-01-01 08:00"))
    soon = f"Sắp đến hạn trả lời tin nhắn: {dossier.code}, chậm nhất 17:00, 26/11/2026"
    late = f"Quá hạn trả lời tin nhắn: {dossier.code}, hạn 17:00, 26/11/2026"
    assert asked.answer_by == at("2026-11-26 17:00")
    assert [s for s in subjects(cast.officer.account) if s in (soon, late)] == [soon, late]
    assert [s for s in subjects(cast.head.account) if s in (soon, late)] == [late]


def test_the_applicant_who_owes_an_answer_is_told_and_then_the_officer_too(cast, dossier):
    reply(cast, dossier, "Có bản vẽ không?", answer_by=date(2026, 11, 27))
    moments = ("2026-11-26 23:00", "2026-11-27 09:00", "2026-11-28 00:30", "2026-11-29 09:00")
    for moment in moments:
        deadlines.watch_message_deadlines(at=at(moment))
        outbox.dispatch_messages(at=at("2036-01-01 08:00"))
    wanted = f"Hồ sơ {dossier.code}: cơ quan chờ bạn trả lời trước 23:59, 27/11/2026"
    missed = f"Hồ sơ {dossier.code}: cơ quan vẫn chờ bạn trả lời"
    silent = f"Người nộp chưa trả lời: {dossier.code}, ngày cần trả lời 23:59, 27/11/2026"
    assert [s for s in subjects(cast.citizen.account) if s in (wanted, missed)] == [wanted, missed]
    assert [s for s in subjects(cast.officer.account) if s == silent] == [silent]


def test_what_was_answered_or_has_ended_is_noticed_no_more(cast, dossier):
    ask(cast, dossier)
    reply(cast, dossier, answer_by=date(2026, 11, 27))
    execute_transition(dossier, "withdraw", cast.citizen, at=ASKED, reason="Không cần nữa")
    assert deadlines.watch_message_deadlines(at=at("2026-12-30 09:00")) == {"message_overdue": 0, "message_due_soon": 0}
