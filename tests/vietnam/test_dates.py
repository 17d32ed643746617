from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.dates import InvalidDate, format_date, format_long, format_moment, parse_date, weekday_name


@pytest.mark.parametrize(
    "text", ["22/11/2026", "22-11-2026", "22.11.2026", "22 11 2026", "22112026", "2026-11-22", " 22/11/2026 "]
)
def test_parse_date(text):
    assert parse_date(text) == date(2026, 11, 22)


def test_the_day_comes_before_the_month():
    assert parse_date("3/2/2026") == date(2026, 2, 3)


@pytest.mark.parametrize(
    "text", ["", "30/02/2026", "11/22/2026", "22/11/26", "22/11-2026", "20261122x", "32012026", "nay"]
)
def test_what_names_no_day_is_refused(text):
    with pytest.raises(InvalidDate):
        parse_date(text)


@given(st.dates(date(1000, 1, 1)))
def test_what_is_written_is_read_back(day):
    assert parse_date(format_date(day)) == day
    assert parse_date(day.isoformat()) == day


def test_names_of_days():
    day = date(2026, 11, 22)
    assert (weekday_name(day), weekday_name(day, "en")) == ("Chủ nhật", "Sunday")
    assert format_long(day) == "Chủ nhật 22/11/2026"
    assert format_long(date(2026, 2, 2), "en") == "Mon 02/02/2026"


def test_a_moment_says_its_time_first():
    assert format_moment(datetime(2026, 2, 5, 9, 10)) == "09:10, 05/02/2026"
