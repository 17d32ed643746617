"""A holiday announced late, a Saturday swapped in: open dossiers are counted anew, once, and keep their old date."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.calendars import calendar_of, change_day
from agencies.consequences import foresee
from agencies.models import CalendarDay, OfficeHours, WorkCalendar
from dossiers import recalendar, tasks
from dossiers.lifecycle import Stale, perform
from dossiers.models import Dossier, DossierEvent, DueDateChange, Recalendar
from dossiers.views import sheet
from journal import outbox
from journal.models import OutboxMessage
from tests.dossiers.conftest import at, received
from vietnam import working_time

HOLIDAY, MONDAY, LATER = date(2026, 11, 24), at("2026-11-23 09:10"), at("2026-11-23 15:00")


@pytest.fixture
def calendar(cast) -> WorkCalendar:
    """The province's calendar before the 24th of November was declared a holiday."""
    calendar = cast.agency.calendar
    change_day(WorkCalendar.objects.get(key="state"), HOLIDAY, kind=None)
    Recalendar.objects.all().delete()
    OutboxMessage.objects.all().delete()
    for owner in (cast.agency, cast.centre):
        owner.refresh_from_db()
    return calendar


def declared(calendar: WorkCalendar, day: date = HOLIDAY, kind: str = "off") -> Recalendar:
    change_day(
        calendar, day, kind=kind, name="Ngày Văn hóa Việt Nam", document="Nghị quyết 28/2026/QH16", by="Lê Văn Trị"
    )
    return Recalendar.objects.latest("id")


def streamed(run: Recalendar, moment=LATER) -> Recalendar:
    while recalendar.carry_on(run.pk, at=moment):
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
    perform(dossier, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
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
    perform(dossier, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    asked = {"agencies": [cast.centre], "question": "Có đồng ý không?", "limit_days": "2"}
    perform(dossier, "ask_opinion", cast.officer, at=MONDAY, **asked)
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
        perform(dossier, "assign", cast.head, at=LATER, revision=drawn, officer=cast.officer.post)
    assert "Lịch làm việc thay đổi" in str(refusal.value.sentence)
    dossier.refresh_from_db()
    perform(dossier, "assign", cast.head, at=LATER, revision=dossier.revision, officer=cast.officer.post)


def test_a_swapped_saturday_brings_the_date_forward(cast, edition, calendar):
    dossier = received(cast, edition, at("2026-11-27 09:00"), limit_days="2")
    assert dossier.due_at == at("2026-12-01 17:00")
    streamed(declared(calendar, date(2026, 11, 28), "work"))
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-11-30 17:00")


def test_what_does_not_run_over_the_day_is_left_alone(cast, edition, calendar):
    over = received(cast, edition, at("2026-11-16 09:00"), key="a", limit_days="1")
    paused = received(cast, edition, MONDAY, key="b", limit_days="3")
    perform(paused, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    perform(paused, "ask_supplement", cast.officer, at=MONDAY, items=["Ảnh"], reason="Thiếu ảnh")
    later = received(cast, edition, at("2026-11-25 09:00"), key="c", limit_days="3")
    before = {d.pk: (d.due_at, d.revision) for d in (over, paused, later)}
    run = streamed(declared(calendar))
    assert (run.seen, run.moved) == (0, 0)
    assert {d.pk: (d.due_at, d.revision) for d in Dossier.objects.filter(pk__in=before)} == before
    assert Dossier.objects.get(pk=paused.pk).due_at is None


def test_a_paused_dossier_counts_by_the_new_calendar_when_it_runs_again(cast, edition, calendar):
    dossier = received(cast, edition, MONDAY, limit_days="2")
    perform(dossier, "assign", cast.head, at=MONDAY, officer=cast.officer.post)
    perform(dossier, "ask_supplement", cast.officer, at=MONDAY, items=["Ảnh"], reason="Thiếu ảnh")
    streamed(declared(calendar))
    dossier = Dossier.objects.get(pk=dossier.pk)
    perform(dossier, "answer_supplement", cast.citizen, at=at("2026-11-23 16:00"))
    assert dossier.due_at == at("2026-11-26 17:00")


def test_killed_in_the_middle_and_taken_up(cast, edition, calendar, monkeypatch):
    dossiers = [received(cast, edition, MONDAY, key=f"k{n}", limit_days="1") for n in range(5)]
    monkeypatch.setattr(recalendar, "BATCH", 2)
    run = declared(calendar)
    assert recalendar.carry_on(run.pk, at=LATER)

    def killed(*_a, **_k):
        raise SystemExit

    monkeypatch.setattr(type(DueDateChange.objects), "bulk_create", killed)
    with pytest.raises(SystemExit):
        recalendar.carry_on(run.pk, at=LATER)
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
    second = recalendar.ask(first.calendars, HOLIDAY, HOLIDAY, reason="lần nữa", by="ai đó", at=LATER)
    assert (streamed(second).seen, second.moved) == (1, 0)
    assert dossier.due_date_changes.filter(ground="calendar").count() == 1


def test_what_is_foreseen_is_what_comes(cast, edition, calendar):
    moving = [received(cast, edition, MONDAY, key=f"m{n}", limit_days=str(n)) for n in (1, 2, 3)]
    received(cast, edition, at("2026-11-25 09:00"), key="stays", limit_days="3")
    versions = dict(WorkCalendar.objects.values_list("pk", "version"))
    [foreseen] = foresee(calendar, HOLIDAY, kind="off")
    assert dict(WorkCalendar.objects.values_list("pk", "version")) == versions
    assert not Recalendar.objects.exists()
    assert not OutboxMessage.objects.filter(topic=recalendar.TOPIC).exists()
    assert not CalendarDay.objects.filter(calendar=calendar, date=HOLIDAY).exists()
    assert (foreseen.moved, foreseen.complete, foreseen.by_agency) == (3, True, [(cast.agency.name, 3)])

    streamed(declared(calendar))
    came = {d.code: d.due_at for d in Dossier.objects.filter(pk__in=[d.pk for d in moving])}
    assert {m.name: m.new for m in foreseen.first} == came
    assert {m.name: m.old for m in foreseen.first} == {d.code: d.due_at for d in moving}


def test_what_is_foreseen_is_bounded(cast, edition, calendar, monkeypatch):
    for n in range(4):
        received(cast, edition, MONDAY, key=f"m{n}", limit_days="1")
    monkeypatch.setattr(recalendar, "FORESEEN_AT_MOST", 3)
    monkeypatch.setattr(recalendar, "SHOWN", 2)
    [foreseen] = foresee(calendar, HOLIDAY, kind="off")
    assert (foreseen.seen, foreseen.moved, len(foreseen.first), foreseen.complete) == (3, 3, 2, False)


def test_a_batch_costs_the_same_number_of_statements(cast, edition, calendar):
    def statements(dossiers: int, day: date) -> int:
        for n in range(dossiers):
            received(cast, edition, MONDAY, key=f"{day}-{n}", limit_days="9")
        run = declared(calendar, day)
        with CaptureQueriesContext(connection) as counted:
            assert recalendar.carry_on(run.pk, at=LATER)
        run.refresh_from_db()
        assert run.moved >= dossiers
        return len(counted)

    assert statements(1, HOLIDAY) == statements(5, date(2026, 11, 26))


def test_reception_on_a_saturday_that_is_no_working_day_counts_from_monday(cast, edition, calendar):
    days = [OfficeHours(calendar=calendar, weekday=d, opens=time(8), closes=time(17)) for d in range(5)]
    saturday = OfficeHours(calendar=calendar, weekday=5, opens=time(8), closes=time(11), counts=False)
    OfficeHours.objects.bulk_create([*days, saturday])
    change_day(calendar, date(2026, 12, 31), kind="off", name="Đổi lịch", document="Quyết định 1")
    cast.agency.calendar.refresh_from_db()
    on_saturday = received(cast, edition, at("2026-11-28 09:00"), key="a", limit_days="2")
    on_monday = received(cast, edition, at("2026-11-30 09:00"), key="b", limit_days="2")
    assert on_saturday.due_at == on_monday.due_at == at("2026-12-02 17:00")


def test_the_change_itself_asks_for_the_stream_and_a_worker_is_called(cast, edition, calendar, monkeypatch):
    received(cast, edition, MONDAY, limit_days="1")
    OutboxMessage.objects.all().delete()
    run = declared(calendar)
    calls: list[dict] = []
    monkeypatch.setattr(tasks.recalendar, "apply_async", lambda kwargs, **_k: calls.append(kwargs))
    outbox.dispatch(at=at("2036-01-01 08:00"), limit=1)
    assert calls == [{"run": run.pk}]
    waiting = OutboxMessage.objects.get(topic=recalendar.TOPIC, done_at=None)
    assert waiting.payload == {"run": run.pk}, "somebody looks again while it is unfinished"
    tasks.recalendar(**calls[0])
    recalendar.call_worker(waiting.payload)
    assert len(calls) == 1, "what is finished calls nobody"
