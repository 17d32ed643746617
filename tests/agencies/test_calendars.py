"""Stored calendars count as the law has it; a change is seen at once and never outlives its transaction."""

from datetime import date, datetime, time

import pytest
from django.db import transaction

from agencies import calendars, province
from agencies.calendars import calendar_of, change_day, extend_calendars, own_and_inherited_days
from agencies.models import Agency, CalendarDay, Desk, OfficeHours, WorkCalendar
from agencies.signals import calendar_changed
from vietnam.working_time import VIETNAM, Period, Unit, due, is_reception_open, is_working_day

pytestmark = pytest.mark.django_db
CULTURE_DAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _province():
    province.load_province("bacninh", today=date(2026, 11, 23))


@pytest.fixture
def justice():
    return Agency.objects.select_related("calendar").get(key="justice")


def at(*parts):
    return datetime(*parts, tzinfo=VIETNAM)


def one_day_from(agency, start):
    return due(calendar_of(agency), start, Period(1, Unit.WORKING_DAY)).at


def test_counts_over_the_culture_day(justice):
    assert one_day_from(justice, at(2026, 11, 23, 9, 10)) == at(2026, 11, 25, 17, 0)


def test_five_days_over_tet(justice):
    five = due(calendar_of(justice), at(2026, 2, 13, 9, 0), Period(5, Unit.WORKING_DAY))
    assert five.at == at(2026, 2, 27, 17, 0)


def test_swapped_saturday_is_worked(justice):
    assert is_working_day(calendar_of(justice), date(2026, 8, 22))
    assert not is_working_day(calendar_of(justice), date(2026, 8, 31))


def test_is_compiled_once(justice, django_assert_num_queries):
    first = calendar_of(justice)
    with django_assert_num_queries(0):
        assert calendar_of(justice) is first


def test_a_change_that_is_taken_back_leaves_nothing_in_this_process(justice):
    state, day = WorkCalendar.objects.get(key="state"), date(2026, 11, 25)
    calendars._compiled.cache_clear()
    with transaction.atomic():
        change_day(state, day, kind="off", name="Bão", document="Công điện 1")
        assert not is_working_day(calendar_of(justice), day)  # by a row that was loaded before
        transaction.set_rollback(True)
    assert is_working_day(calendar_of(justice), day)


def test_a_changed_day_grows_the_version_of_all_built_on_it(justice):
    state = WorkCalendar.objects.get(key="state")
    before = calendar_of(justice)
    told = []
    receiver = lambda sender, **facts: told.append(facts)  # noqa: E731
    calendar_changed.connect(receiver)
    try:
        change = change_day(state, date(2026, 11, 25), kind="off", name="Bão số 12", document="Công điện 1")
    finally:
        calendar_changed.disconnect(receiver)
    justice.calendar.refresh_from_db()
    assert justice.calendar_id in change.calendar_ids
    assert told[0]["first_day"] == date(2026, 11, 25)
    assert set(told[0]["calendars"]) == set(change.calendar_ids)
    after = calendar_of(justice)
    assert after.version != before.version
    assert one_day_from(justice, at(2026, 11, 23, 9, 10)) == at(2026, 11, 26, 17, 0)


def test_own_record_beats_the_base(justice):
    change_day(justice.calendar, CULTURE_DAY, kind="work", name="Trực", document="Quyết định 1")
    assert one_day_from(justice, at(2026, 11, 23, 9, 10)) == at(2026, 11, 24, 17, 0)
    change_day(justice.calendar, CULTURE_DAY, kind=None)
    assert one_day_from(justice, at(2026, 11, 23, 9, 10)) == at(2026, 11, 25, 17, 0)


def test_a_rolled_back_change_is_forgotten(justice):
    for day in (25, 26):
        with transaction.atomic():
            change_day(justice.calendar, date(2026, 11, day), kind="off", name="Thử")
            assert not is_working_day(calendar_of(justice), date(2026, 11, day))
            transaction.set_rollback(True)
        justice.calendar.refresh_from_db()
    assert is_working_day(calendar_of(justice), date(2026, 11, 25))


def test_a_caller_with_an_old_row_gets_the_present_calendar(justice):
    extend_calendars(justice.calendar)  # to a version that nothing in this process has compiled
    old = WorkCalendar.objects.get(pk=justice.calendar_id)
    extend_calendars(old)
    CalendarDay.objects.create(calendar=old, date=date(2026, 11, 25), kind="off", name="Bão", status="verified")
    assert not is_working_day(calendar_of(old), date(2026, 11, 25))


def test_a_desk_may_have_hours_of_its_own(justice):
    saturday = WorkCalendar.objects.create(key="saturday", name="Sáng thứ Bảy", base=justice.calendar)
    rows = [OfficeHours(calendar=saturday, weekday=d, opens=time(8), closes=time(16)) for d in range(5)]
    rows.append(OfficeHours(calendar=saturday, weekday=5, opens=time(8), closes=time(11), counts=False))
    rows.append(
        OfficeHours(
            calendar=saturday,
            weekday=0,
            opens=time(7),
            closes=time(15),
            season_from="05-01",
            season_to="09-30",
        )
    )
    OfficeHours.objects.bulk_create(rows)
    desk = Desk.objects.select_related("agency__calendar").filter(agency__key="provincial_centre").first()
    assert calendar_of(desk).version.startswith("bacninh/")
    desk.calendar = saturday
    own = calendar_of(desk)
    assert is_reception_open(own, at(2026, 11, 28, 9, 0))
    assert not is_working_day(own, date(2026, 11, 28))
    assert is_reception_open(own, at(2026, 7, 6, 7, 15))
    assert not is_reception_open(own, at(2026, 11, 30, 7, 15))
    assert not is_working_day(own, CULTURE_DAY)


def test_the_days_of_a_year_show_where_they_stand(justice):
    change_day(justice.calendar, date(2026, 12, 1), kind="off", name="Ngày của tỉnh")
    days = own_and_inherited_days(justice.calendar, 2026)
    assert [day.date for day in days] == sorted(day.date for day in days)
    assert {day.calendar_id for day in days if day.date == date(2026, 12, 1)} == {justice.calendar_id}
    assert {day.status for day in own_and_inherited_days(justice.calendar, 2027)} == {"computed"}


def test_changed_hours_hold_from_their_day_on_and_days_before_keep_theirs(justice):
    """Days already worked were counted by the new hours: steps that ran were moved for no reason."""
    own = calendars.found_calendar("own", "Riêng", justice.calendar)
    justice.calendar = own
    justice.save(update_fields=["calendar"])

    def in_hours(start, hours):
        justice.refresh_from_db()
        return due(calendar_of(justice), start, Period(hours, Unit.WORKING_HOUR)).at

    shorter = [calendars.Hours(day, time(7, 30), time(11, 30)) for day in range(5)]
    calendars.change_hours(own, shorter, today=date(2026, 12, 1))
    assert in_hours(at(2026, 11, 27, 7, 30), 16) == at(2026, 11, 30, 17, 0)  # Friday and Monday, eight hours each
    assert in_hours(at(2026, 11, 30, 7, 30), 16) == at(2026, 12, 2, 11, 30)  # eight, four and four
    saturdays = [*shorter, calendars.Hours(5, time(7, 30), time(11, 30))]
    calendars.change_hours(own, saturdays, today=date(2026, 12, 1))  # once more on the same day
    assert not is_working_day(calendar_of(justice), date(2026, 11, 28))
    justice.refresh_from_db()
    assert is_working_day(calendar_of(justice), date(2026, 12, 5))
    calendars.change_hours(own, [], today=date(2026, 12, 7))  # as the province again
    assert in_hours(at(2026, 12, 4, 7, 30), 16) == at(2026, 12, 7, 17, 0)  # four, four on Saturday, eight
    assert in_hours(at(2026, 11, 30, 7, 30), 8) == at(2026, 11, 30, 17, 0)
