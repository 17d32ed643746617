"""A holiday announced late, a Saturday swapped in: open dossiers are counted anew, once, and keep their old date."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from agencies.calendars import Hours, calendar_of, change_day, change_hours, found_calendar
from agencies.impact_preview import preview_following, preview_hours, preview_impact
from agencies.models import Agency, CalendarDay, OfficeHours, WorkCalendar
from dossiers.correspondence import feedback, messages
from dossiers.lifecycle import Stale, execute_transition
from dossiers.lifecycle import due_waits as waiting
from dossiers.models import DeadlineRecalculation, Dossier, DossierEvent, DueDateChange, MovedDate
from dossiers.recalculation import job
from dossiers.signals import dossier_acted
from dossiers.views import sheet
from journal import outbox
from journal.models import OutboxMessage
from journal.roles import OWNER
from notices.models import Notice
from tests.databases import acting_as
from tests.factories.dossiers import filed_online, received, taken_in, to_result
from tests.factories.moments import at
from tests.factories.people import staff_actor
from vietnam import working_time

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

HOLIDAY, MONDAY, LATER = date(2026, 11, 24), at("2026-11-23 09:10"), at("2026-11-23 15:00")


@pytest.fixture
def calendar(cast) -> WorkCalendar:
    """The province's calendar before the 24th of November was declared a holiday."""
    calendar = cast.agency.calendar
    change_day(WorkCalendar.objects.get(key="state"), HOLIDAY, kind=None)
    with acting_as(OWNER):
        DeadlineRecalculation.objects.all().delete()
    OutboxMessage.objects.all().delete()
    for owner in (cast.agency, cast.centre):
        owner.refresh_from_db()
    return calendar


def declared(calendar: WorkCalendar, day: date = HOLIDAY, kind: str = "off") -> DeadlineRecalculation:
    change_day(
        calendar, day, kind=kind, name="Ngày Văn hóa Việt Nam", document="Nghị quyết 28/2026/QH16", by="Lê Văn Trị"
    )
    return DeadlineRecalculation.objects.latest("id")


def streamed(run: DeadlineRecalculation, moment=LATER) -> DeadlineRecalculation:
    while job.run_batch(run.pk, at=moment):
        pass
    run.refresh_from_db()
    return run


def test_a_holiday_announced_late_moves_the_date_and_keeps_the_old_one(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="1")
    assert dossier.due_at == at("2026-11-24 17:00")
    step_due, revision = dossier.step.due_at, dossier.revision

    run = streamed(declared(calendar))
    assert (run.seen, run.moved, run.finished_at, run.by) == (1, 1, LATER, "Lê Văn Trị")
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-11-25 17:00")
    assert dossier.original_due_at == at("2026-11-24 17:00")
    assert dossier.calendar_version == f"{calendar.key}/{WorkCalendar.objects.get(pk=calendar.pk).version}"
    assert dossier.step.due_at == step_due, "assigning ends the same afternoon"

    change = dossier.due_date_changes.latest("id")
    assert (change.ground, change.old_due_at, change.new_due_at) == ("calendar", at("2026-11-24 17:00"), dossier.due_at)
    assert (change.by, change.at) == ("Lê Văn Trị", LATER)
    assert change.reason == "24/11/2026: Nghỉ, Ngày Văn hóa Việt Nam (Nghị quyết 28/2026/QH16)"
    event = dossier.events.latest("revision")
    assert (event.action, event.automatic, event.revision) == ("recalendar", True, revision + 1)
    assert event.revision == dossier.revision


def test_the_running_step_gets_its_working_time_back(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="3")
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
    step = dossier.step
    assert step.due_at > at("2026-11-24 00:00")
    counted = calendar_of(cast.agency)
    before = working_time.minutes_between(counted, step.started_at, step.due_at)
    streamed(declared(calendar))
    cast.agency.refresh_from_db()
    moved = Dossier.objects.get(pk=dossier.pk).step
    assert moved.due_at > step.due_at
    assert working_time.minutes_between(calendar_of(cast.agency), moved.started_at, moved.due_at) == before


def test_an_opinion_still_owed_gets_its_working_time_back(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="9")
    execute_transition(dossier, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    asked = {"agencies": [cast.centre], "question": "Có đồng ý không?", "limit_days": "2"}
    execute_transition(dossier, "ask_opinion", cast.officer, at=MONDAY, **asked)
    opinion = dossier.opinions.get()
    run = streamed(declared(calendar))
    assert run.finished_at
    moved = dossier.opinions.get()
    assert moved.due_at == opinion.due_at + timedelta(days=1)


def test_the_timeline_says_it_in_words(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="1")
    streamed(declared(calendar))
    line = sheet.timeline(dossier, public=True)[0]
    assert "Lịch làm việc thay đổi" in line["title"]
    assert "Nghị quyết 28/2026/QH16" in line["text"]
    assert "24/11/2026" in line["text"]
    assert "25/11/2026" in line["text"]


def test_a_page_drawn_before_is_told_what_happened(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="1")
    drawn = dossier.revision
    streamed(declared(calendar))
    with pytest.raises(Stale) as refusal:
        execute_transition(dossier, "assign", cast.head, at=LATER, revision=drawn, officer=cast.officer.post)
    assert "Lịch làm việc thay đổi" in str(refusal.value.sentence)
    dossier.refresh_from_db()
    execute_transition(dossier, "assign", cast.head, at=LATER, revision=dossier.revision, officer=cast.officer.post)


def test_a_swapped_saturday_brings_the_date_forward(cast, edition, calendar):
    dossier = received(cast, edition, at("2026-11-27 09:00"), limit_days="2")
    assert dossier.due_at == at("2026-12-01 17:00")
    streamed(declared(calendar, date(2026, 11, 28), "work"))
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-11-30 17:00")


def test_what_does_not_run_over_the_day_is_left_alone(cast, edition, calendar):
    over = received(cast, edition, at("2026-11-16 09:00"), key="a", limit_days="1")
    paused = received(cast, edition, MONDAY, key="b", limit_days="3")
    execute_transition(paused, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    execute_transition(paused, "ask_supplement", cast.officer, at=MONDAY, items=["Ảnh"], reason="Thiếu ảnh")
    later = received(cast, edition, at("2026-11-25 09:00"), key="c", limit_days="3")
    before = {d.pk: (d.due_at, d.revision) for d in (over, paused, later)}
    run = streamed(declared(calendar))
    assert run.moved == 0
    assert {d.pk: (d.due_at, d.revision) for d in Dossier.objects.filter(pk__in=before)} == before
    assert Dossier.objects.get(pk=paused.pk).due_at is None


def test_a_paused_dossier_counts_by_the_new_calendar_when_it_runs_again(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="2")
    execute_transition(dossier, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    execute_transition(dossier, "ask_supplement", cast.officer, at=MONDAY, items=["Ảnh"], reason="Thiếu ảnh")
    streamed(declared(calendar))
    dossier = Dossier.objects.get(pk=dossier.pk)
    execute_transition(dossier, "answer_supplement", cast.citizen, answer="Tôi gửi kèm.", at=at("2026-11-23 16:00"))
    assert dossier.due_at == at("2026-11-26 17:00")


def test_killed_in_the_middle_and_taken_up(cast, edition, calendar, monkeypatch):
    dossiers = [received(cast, edition, MONDAY, key=f"k{n}", limit_days="1") for n in range(5)]
    monkeypatch.setattr(job, "BATCH", 2)
    run = declared(calendar)
    assert job.run_batch(run.pk, at=LATER)

    def killed(*_a, **_k):
        raise SystemExit

    monkeypatch.setattr(type(DueDateChange.objects), "bulk_create", killed)
    with pytest.raises(SystemExit):
        job.run_batch(run.pk, at=LATER)
    monkeypatch.undo()
    run.refresh_from_db()
    assert (run.seen, run.finished_at) == (2, None), "the batch that was under way left nothing behind"
    assert DossierEvent.objects.filter(action="recalendar").count() == 2

    assert streamed(run).moved == 5
    for _again in range(2):
        streamed(run)
    assert DueDateChange.objects.filter(ground="calendar").count() == 5
    events = DossierEvent.objects.filter(action="recalendar")
    assert sorted(events.values_list("dossier", flat=True)) == sorted(d.pk for d in dossiers)


def test_counted_twice_moves_once(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="1")
    first = streamed(declared(calendar))
    second = job.request_recalculation(first.calendars, HOLIDAY, HOLIDAY, reason="lần nữa", by="ai đó", at=LATER)
    assert (streamed(second).seen, second.moved) == (1, 0)
    assert dossier.due_date_changes.filter(ground="calendar").count() == 1


def test_what_is_foreseen_is_what_comes(cast, edition, calendar):
    moving = [received(cast, edition, MONDAY, key=f"m{n}", limit_days=str(n)) for n in (1, 2, 3)]
    received(cast, edition, at("2026-11-25 09:00"), key="stays", limit_days="3")
    versions = dict(WorkCalendar.objects.values_list("pk", "version"))
    [foreseen] = preview_impact(calendar, HOLIDAY, kind="off")
    assert dict(WorkCalendar.objects.values_list("pk", "version")) == versions
    assert not DeadlineRecalculation.objects.exists()
    assert not OutboxMessage.objects.filter(topic=job.TOPIC).exists()
    assert not CalendarDay.objects.filter(calendar=calendar, date=HOLIDAY).exists()
    assert (foreseen.moved, foreseen.complete) == (3, True)
    due = [move for move in foreseen.first if move.kind == "Hạn trả kết quả"]

    streamed(declared(calendar))
    came = {d.code: d.due_at for d in Dossier.objects.filter(pk__in=[d.pk for d in moving])}
    assert {m.name: m.new for m in due} == came
    assert {m.name: m.old for m in due} == {d.code: d.due_at for d in moving}


def test_shorter_hours_and_another_calendar_are_foreseen_as_they_come(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="3")
    mornings = [Hours(weekday, time(8), time(12)) for weekday in range(5) if weekday != 2]
    other = found_calendar("mornings", "Chỉ buổi sáng", calendar)
    change_hours(other, mornings, today=MONDAY.date())
    runs, hours = DeadlineRecalculation.objects.count(), list(calendar.hours.all())
    [by_hours] = preview_hours(calendar, mornings, today=MONDAY.date())
    [by_following] = preview_following(cast.agency, other, today=MONDAY.date())
    assert (DeadlineRecalculation.objects.count(), list(calendar.hours.all())) == (runs, hours), "nothing is changed"
    cast.agency.refresh_from_db()
    assert cast.agency.calendar_id == calendar.pk
    assert by_hours.moved == by_following.moved == 1
    change_hours(calendar, mornings, today=MONDAY.date())
    streamed(DeadlineRecalculation.objects.latest("pk"))
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-11-27 12:00")
    for foreseen in (by_hours, by_following):
        assert {move.new for move in foreseen.first if move.kind == "Hạn trả kết quả"} == {dossier.due_at}


def test_what_is_foreseen_is_bounded(cast, edition, calendar, monkeypatch):
    for n in range(4):
        received(cast, edition, MONDAY, key=f"m{n}", limit_days="1")
    monkeypatch.setattr(job, "FORESEEN_AT_MOST", 3)
    monkeypatch.setattr(job, "SHOWN", 2)
    [foreseen] = preview_impact(calendar, HOLIDAY, kind="off")
    assert (foreseen.seen, foreseen.moved, len(foreseen.first), foreseen.complete) == (3, 3, 2, False)


def test_a_batch_costs_the_same_number_of_statements(cast, edition, calendar):
    def statements(dossiers: int, day: date) -> int:
        for n in range(dossiers):
            received(cast, edition, MONDAY, key=f"{day}-{n}", limit_days="9")
        run = declared(calendar, day)
        with CaptureQueriesContext(connection) as counted:
            assert job.run_batch(run.pk, at=LATER)
        run.refresh_from_db()
        assert run.moved >= dossiers
        return len(counted)

    assert statements(1, date(2026, 11, 26)) == statements(5, date(2026, 11, 27))


def test_a_saturday_that_is_no_working_day_is_itself_the_first_day_and_monday_counts(cast, edition, calendar):
    days = [OfficeHours(calendar=calendar, weekday=d, opens=time(8), closes=time(17)) for d in range(5)]
    saturday = OfficeHours(calendar=calendar, weekday=5, opens=time(8), closes=time(11), counts=False)
    OfficeHours.objects.bulk_create([*days, saturday])
    change_day(calendar, date(2026, 12, 31), kind="off", name="Đổi lịch", document="Quyết định 1")
    cast.agency.calendar.refresh_from_db()
    on_saturday = received(cast, edition, at("2026-11-28 09:00"), key="a", limit_days="2")
    on_monday = received(cast, edition, at("2026-11-30 09:00"), key="b", limit_days="2")
    assert on_saturday.due_at == at("2026-12-01 17:00")
    assert on_monday.due_at == at("2026-12-02 17:00")


def test_the_change_itself_asks_for_the_stream_and_a_worker_is_called(cast, edition, calendar, monkeypatch):
    received(cast, edition, MONDAY, limit_days="1")
    OutboxMessage.objects.all().delete()
    run = declared(calendar)
    calls: list[dict] = []
    monkeypatch.setattr(job.recalculate_deadlines, "apply_async", lambda kwargs, **_k: calls.append(kwargs))
    outbox.dispatch_messages(at=at("2036-01-01 08:00"), limit=1)
    assert calls == [{"run": run.pk}]
    waiting = OutboxMessage.objects.get(topic=job.TOPIC, done_at=None)
    assert waiting.payload == {"run": run.pk}, "somebody looks again while it is unfinished"
    job.recalculate_deadlines(**calls[0])
    job.enqueue_recalculation(waiting.payload)
    assert len(calls) == 1, "what is finished calls nobody"


def test_every_date_counted_on_the_calendar_moves_and_keeps_its_old_one(cast, edition, calendar):
    """One dossier for each kind of date, all of which lie on the new day off or run over it."""
    filed = filed_online(cast, edition, at("2026-11-23 14:00"))
    asked = filed_online(cast, edition, at("2026-09-25 09:00"))
    execute_transition(
        asked, "ask_completion", cast.counter, at=at("2026-09-25 10:00"), items=["Ảnh"], reason="Thiếu ảnh"
    )
    waiting.end_waits(at=at("2026-10-13 09:00"))  # reminded; from now on it waits for the last day
    done = received(cast, edition, at("2026-11-09 07:45"), key="done", limit_days="5")
    # Its applicant is reminded after fifteen days.
    to_result(cast, done, at("2026-11-09 08:00"), pause=timedelta(minutes=10))
    dossier = received(cast, edition, MONDAY, limit_days="3")
    question = messages.write_message(dossier, cast.citizen, "Bao giờ xong?", as_applicant=True, at=MONDAY)
    chosen = messages.write_message(
        filed, cast.counter, "Có bản vẽ không?", as_applicant=False, at=MONDAY, answer_by=date(2026, 11, 24)
    )
    complaint = feedback.file_feedback("complaint", "Chờ lâu", by=cast.citizen, at=MONDAY, dossier=dossier)
    wanted = dossier.folders.get()
    before = {
        "answer": (filed.answer_due_at, at("2026-11-25 14:00")),
        "supplement": (asked.supplement_requests.get().answer_by, at("2026-11-25 17:00")),
        "wait": (done.wait_ends_at, at("2026-11-25 17:00")),
        "message": (question.answer_by, at("2026-11-26 17:00")),
        "feedback": (complaint.due_at, complaint.due_at + timedelta(days=1)),
        "folder": (wanted.wanted_by, at("2026-11-25 17:00")),
        "due": (dossier.due_at, at("2026-11-27 17:00")),
    }
    shown = {move.kind: (move.old, move.new) for move in preview_impact(calendar, HOLIDAY, kind="off")[0].first}

    run = streamed(declared(calendar))
    kept = {move.kind: (move.old_at, move.new_at) for move in run.moves.all()}
    assert kept == before
    assert {str(MovedDate.Kind(kind).label): dates for kind, dates in kept.items()} == shown
    assert (run.moved, run.moved_others) == (1, 6)

    for each in (filed, asked, done, question, chosen, complaint, wanted):
        each.refresh_from_db()
    assert (filed.answer_due_at, filed.wait_ends_at) == (before["answer"][1],) * 2
    assert asked.supplement_requests.get().answer_by == asked.wait_ends_at == before["supplement"][1]
    assert done.wait_ends_at == before["wait"][1]
    assert question.answer_by == before["message"][1]
    assert chosen.answer_by == at("2026-11-24 23:59:59"), "a day that staff chose stays"
    assert (complaint.due_at, wanted.wanted_by) == (before["feedback"][1], before["folder"][1])
    said = {line["text"].split("\n")[-1] for d in (filed, asked) for line in sheet.timeline(d, public=False)[:1]}
    assert said == {
        "Hạn trả lời hồ sơ trực tuyến: 14:00, 24/11/2026 → 14:00, 25/11/2026",
        "Hạn bổ sung giấy tờ: 17:00, 24/11/2026 → 17:00, 25/11/2026",
    }
    assert waiting.end_waits(at=at("2026-11-24 17:00")) == {}, "nobody is stopped on the old day"
    assert sheet.timeline(filed, public=True)[0]["title"] != "Lịch làm việc thay đổi, các hạn được tính lại"


def test_whose_date_moved_is_told_once(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="3")
    gone = received(cast, edition, MONDAY, key="gone", limit_days="3")
    complaint = feedback.file_feedback("complaint", "Chờ lâu", by=cast.citizen, at=MONDAY, dossier=dossier)
    OutboxMessage.objects.all().delete()
    run = streamed(declared(calendar))
    execute_transition(gone, "withdraw", cast.citizen, at=LATER, reason="Không cần nữa")
    message = OutboxMessage.objects.filter(topic="dossiers.dates_moved").first()
    for _again in range(2):
        outbox.dispatch_messages(at=at("2036-01-01 08:00"))
        OutboxMessage.objects.filter(pk=message.pk).update(done_at=None)
    [text] = Notice.objects.filter(key=f"moved:{run.pk}:{dossier.pk}", channel="portal")
    assert text.account == cast.citizen.account
    assert dossier.code in text.subject
    assert "Hạn trả kết quả: 17:00, 27/11/2026 (trước đây: 17:00, 26/11/2026)" in text.body
    assert "Nghị quyết 28/2026/QH16" in text.body
    assert not Notice.objects.filter(key=f"moved:{run.pk}:{gone.pk}").exists(), "its date is owed no more"
    complaint.refresh_from_db()
    [told] = Notice.objects.filter(key=f"feedback:{complaint.pk}:moved:{run.pk}", channel="portal")
    assert f"{timezone.localtime(complaint.due_at):%d/%m/%Y}" in told.body


def test_many_dossiers_are_told_of_by_one_message(cast, edition, calendar):
    for n in range(3):
        received(cast, edition, MONDAY, key=str(n), limit_days="3")
    OutboxMessage.objects.all().delete()
    streamed(declared(calendar))
    [message] = OutboxMessage.objects.filter(topic="dossiers.dates_moved")
    assert len(message.payload["dossiers"]) == 3


def test_what_was_read_before_the_change_counts_by_the_calendar_of_now(cast, edition, calendar):
    """A page's copy of the agency and its calendar, read before the day was declared."""
    dossier = taken_in(cast, edition, MONDAY)
    calendar_of(dossier.settling_agency), calendar_of(dossier.receiving_agency)
    streamed(declared(calendar))
    execute_transition(dossier, "receive", cast.counter, at=MONDAY, limit_days="1")
    assert dossier.due_at == at("2026-11-25 17:00")


@pytest.mark.django_db(transaction=True)
def test_an_act_under_way_while_the_calendar_changes_does_not_keep_the_old_date(cast, edition, calendar):
    """The act has counted and is not committed; the change and its whole stream come before or after, never between."""
    dossier = taken_in(cast, edition, MONDAY)
    counted, go_on, changed = threading.Event(), threading.Event(), threading.Event()

    def hold_back(sender, event, **_kw):
        if event.action == "receive":
            counted.set()
            assert go_on.wait(60)

    def act():
        try:
            execute_transition(dossier, "receive", cast.counter, at=MONDAY, limit_days="1")
        finally:
            connections.close_all()

    def change():
        try:
            streamed(declared(WorkCalendar.objects.get(pk=calendar.pk)))
        finally:
            changed.set()
            connections.close_all()

    def waits_for_the_act():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            return cursor.fetchone()[0]

    dossier_acted.connect(hold_back)
    try:
        with ThreadPoolExecutor(2) as people:
            acting = people.submit(act)
            assert counted.wait(60)
            changing = people.submit(change)
            while not (changed.is_set() or waits_for_the_act()):
                pass
            go_on.set()
            acting.result()
            changing.result()
    finally:
        dossier_acted.disconnect(hold_back)
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-11-25 17:00")
    assert dossier.due_date_changes.filter(ground="calendar").count() == 1


def test_a_head_sees_what_moved_in_the_own_agency(client, cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="3")
    run = streamed(declared(calendar))
    client.force_login(cast.head.account)
    listed = client.get(reverse("recalculations")).content.decode()
    assert reverse("recalculation", args=[run.pk]) in listed
    page = client.get(reverse("recalculation", args=[run.pk]), {"kind": "due"}).content.decode()
    assert reverse("dossier", args=[dossier.code]) in page
    assert "27/11/2026" in page
    elsewhere = staff_actor("truongkhac", Agency.objects.get(key="justice", valid_to=None), StaffPost.Role.UNIT_HEAD)
    client.force_login(elsewhere.account)
    assert dossier.code not in client.get(reverse("recalculation", args=[run.pk])).content.decode()
    assert reverse("recalculation", args=[run.pk]) not in client.get(reverse("recalculations")).content.decode()
    client.force_login(cast.officer.account)
    assert client.get(reverse("recalculations")).status_code == 403
