"""Complaints and suggestions: due by the agency's calendar, watched, answered once, seen by who should."""

import pytest
from django.utils import timezone

from accounts.actors import ANONYMOUS
from agencies.models import Agency
from dossiers.access import tracking
from dossiers.correspondence import feedback
from dossiers.lifecycle import NotAllowed, Refused
from dossiers.models import Feedback, TrackingPin
from journal import outbox
from journal.models import OutboxMessage
from notices.models import Notice
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import StaffPostFactory

MONDAY = at("2026-11-23 09:10")
FILED = at("2026-11-25 10:00")


@pytest.fixture
def dossier(cast, edition):
    found = received(cast, edition, MONDAY)
    OutboxMessage.objects.all().delete()
    return found


def complain(cast, dossier, **options):
    facts = {"by": cast.citizen, "at": FILED, "dossier": dossier, **options}
    return feedback.file_feedback("complaint", "Tôi chờ ba ngày mà chưa ai trả lời.", **facts)


def told(account):
    outbox.dispatch_messages(at=timezone.now())
    return list(Notice.objects.filter(account=account, channel="portal").order_by("id").values_list("kind", flat=True))


def test_due_after_ten_working_days_of_the_agency_and_given_to_its_head(cast, dossier):
    made = complain(cast, dossier)
    # Wednesday the 25th is not counted; ten working days from the 26th, without the weekends.
    assert made.due_at == at("2026-12-09 17:00")
    assert made.assigned == cast.head.post
    assert made.agency == cast.agency


def test_a_desk_is_answered_for_by_its_own_agency(cast):
    desk = cast.centre.desks.first()
    leader = StaffPostFactory(account=cast.officer2.account, agency=cast.centre, role="leader")
    made = feedback.file_feedback("suggestion", "Nên thêm ghế.", by=cast.citizen, at=timezone.now(), desk=desk)
    assert (made.agency, made.assigned) == (cast.centre, leader)


def test_where_the_desks_agency_has_no_head_the_one_above_answers(cast):
    assert cast.centre.parent == cast.agency
    made = feedback.file_feedback(
        "suggestion", "Nên thêm ghế.", by=cast.citizen, at=FILED, desk=cast.centre.desks.first()
    )
    assert (made.agency, made.assigned) == (cast.agency, cast.head.post)


def test_both_sides_are_told_and_then_the_answer(cast, dossier):
    made = complain(cast, dossier)
    assert told(cast.head.account) == ["feedback_filed"]
    assert told(cast.citizen.account) == ["feedback_received"]
    feedback.answer_feedback(made, cast.head, "Chúng tôi xin lỗi.", at=at("2026-11-26 09:00"))
    assert told(cast.citizen.account) == ["feedback_received", "feedback_answered"]
    assert "xin lỗi" in Notice.objects.get(kind="feedback_answered", channel="portal").body


def test_only_heads_of_the_agency_answer_and_only_once(cast, dossier):
    made = complain(cast, dossier)
    for actor in (cast.officer, cast.counter, cast.supervisor, cast.citizen, ANONYMOUS):
        with pytest.raises(NotAllowed):
            feedback.answer_feedback(made, actor, "x", at=FILED)
    feedback.answer_feedback(made, cast.leader, "Đã xử lý.", at=FILED)
    with pytest.raises(Refused) as refusal:
        feedback.answer_feedback(made, cast.head, "Khác", at=FILED)
    assert refusal.value.code == "answered"
    made.refresh_from_db()
    assert (made.answer, made.answered_by) == ("Đã xử lý.", cast.leader.post)


def test_due_soon_and_overdue_are_told_once_each(cast, dossier):
    made = complain(cast, dossier)
    told(cast.head.account)
    assert feedback.watch_feedback(at=at("2026-12-03 09:00")) == {"overdue": 0, "due_soon": 0}
    assert feedback.watch_feedback(at=at("2026-12-08 09:00")) == {"overdue": 0, "due_soon": 1}
    assert feedback.watch_feedback(at=at("2026-12-08 10:00")) == {"overdue": 0, "due_soon": 0}
    assert feedback.watch_feedback(at=at("2026-12-09 17:01")) == {"overdue": 1, "due_soon": 0}
    assert feedback.watch_feedback(at=at("2026-12-10 09:00")) == {"overdue": 0, "due_soon": 0}
    assert told(cast.head.account) == ["feedback_filed", "feedback_due_soon", "feedback_overdue"]
    assert told(cast.leader.account) == ["feedback_overdue"]
    made.refresh_from_db()
    assert made.noticed_overdue_at == at("2026-12-09 17:01")


def test_what_was_answered_is_watched_no_more(cast, dossier):
    feedback.answer_feedback(complain(cast, dossier), cast.head, "Xong.", at=FILED)
    assert feedback.watch_feedback(at=at("2027-01-08 09:00")) == {"overdue": 0, "due_soon": 0}


def test_sending_twice_makes_one(cast, dossier):
    assert complain(cast, dossier, key="k").pk == complain(cast, dossier, key="k").pk
    assert Feedback.objects.count() == 1


def test_pages_of_the_signed_in_applicant_and_the_head(cast, dossier, client):
    client.force_login(cast.citizen.account)
    page = f"/feedback/dossiers/{dossier.code}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"kind": "complaint", "text": "", "key": "k"}).status_code == 422
    sent = client.post(page, {"kind": "complaint", "text": "Chậm quá", "key": "k"})
    made = Feedback.objects.get()
    assert sent["Location"] == f"/feedback/{made.uid}/"
    assert "Chậm quá" in client.get(sent["Location"]).content.decode()
    assert "Chậm quá" in client.get("/my/feedback/").content.decode()
    client.force_login(cast.head.account)
    assert dossier.code in client.get("/work/feedback/").content.decode()
    one = f"/work/feedback/{made.uid}/"
    assert client.post(one, {"answer": ""}).status_code == 422
    assert client.post(one, {"answer": "Chúng tôi xin lỗi."}).status_code == 302
    assert client.post(one, {"answer": "Lần nữa"}).status_code == 422
    assert dossier.code not in client.get("/work/feedback/").content.decode()
    assert dossier.code in client.get("/work/feedback/?view=answered").content.decode()
    client.force_login(cast.citizen.account)
    assert "Chúng tôi xin lỗi." in client.get(f"/feedback/{made.uid}/").content.decode()


def test_whoever_gave_the_pin_writes_and_reads_the_answer(cast, dossier, client, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    page = f"/feedback/dossiers/{dossier.code}/"
    assert client.get(page)["Location"] == f"/track/{dossier.code}/"
    client.post(f"/track/{dossier.code}/pin/", {"send": "1"})
    pin = tracking.make_pin(TrackingPin.objects.get(), at=timezone.now())
    client.post(f"/track/{dossier.code}/pin/", {"pin": pin})
    assert client.get(page).status_code == 200
    missing = client.post(page, {"kind": "complaint", "text": "Chậm quá", "key": "k"})
    assert missing.status_code == 422
    assert client.post(page, {"kind": "complaint", "text": "Chậm quá", "author": "Ánh", "key": "k"}).status_code == 302
    made = Feedback.objects.get()
    assert (made.author, made.account, made.contact_email) == ("Ánh", None, dossier.contact_email)
    feedback.answer_feedback(made, cast.head, "Đã xem.", at=FILED)
    assert "Đã xem." in client.get(f"/feedback/{made.uid}/").content.decode()
    client.logout()
    assert client.get(f"/feedback/{made.uid}/").status_code == 302


def test_others_see_nothing(cast, dossier, client):
    made = complain(cast, dossier)
    client.force_login(cast.stranger.account)
    assert client.get(f"/feedback/{made.uid}/").status_code == 404
    assert client.get(f"/feedback/dossiers/{dossier.code}/").status_code == 302
    assert client.get("/work/feedback/").status_code == 403
    for officer in (cast.officer, cast.counter, cast.clerk):
        client.force_login(officer.account)
        assert client.get(f"/work/feedback/{made.uid}/").status_code == 403


def test_a_supervisor_sees_the_province_and_does_not_answer(cast, dossier, client):
    made = complain(cast, dossier)
    client.force_login(cast.supervisor.account)
    assert dossier.code in client.get("/work/feedback/").content.decode()
    page = f"/work/feedback/{made.uid}/"
    assert "<textarea" not in client.get(page).content.decode()
    assert client.post(page, {"answer": "x"}).status_code == 422
    made.refresh_from_db()
    assert made.answered_at is None


def test_desks_are_found_by_name(cast, client):
    client.force_login(cast.citizen.account)
    answer = client.get("/feedback/desks/?q=kinh bac")
    names = [desk.agency for desk in answer.context["desks"]]
    assert cast.centre in names
    assert len(client.get("/feedback/desks/").context["desks"]) <= 20
    desk = cast.centre.desks.first()
    sent = client.post(f"/feedback/desks/{desk.pk}/", {"kind": "suggestion", "text": "Thêm ghế", "key": "k"})
    assert sent.status_code == 302
    assert Feedback.objects.get().desk == desk
    assert client.get("/feedback/desks/999999/").status_code == 404


def test_a_list_costs_the_same_whatever_its_length(cast, dossier, client, django_assert_max_num_queries):
    for n in range(12):
        complain(cast, dossier, key=f"k{n}")
    client.force_login(cast.supervisor.account)
    with django_assert_max_num_queries(16):
        client.get("/work/feedback/")
    client.force_login(cast.citizen.account)
    with django_assert_max_num_queries(16):
        client.get("/my/feedback/")


def test_where_nobody_is_head_it_stays_with_its_agency(cast):
    lonely = Agency.objects.exclude(pk__in=[cast.agency.pk, cast.centre.pk]).filter(parent=None).first()
    assert feedback.agency_answering(lonely, at=FILED) == (lonely, None)
