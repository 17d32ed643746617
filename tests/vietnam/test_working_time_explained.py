"""What a due date says of itself, in both languages and as JSON."""

import json
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

import pytest

from vietnam.working_time import (
    VIETNAM,
    Pause,
    Period,
    Reason,
    Unit,
    describe,
    due,
    seeded_calendar,
    to_json,
)

CALENDAR = seeded_calendar(2025, 2034)
D = Unit.WORKING_DAY


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def explained(start, amount, unit, rule=None, pauses=()):
    pauses = [Pause(at(a), at(b) if b else None) for a, b in pauses]
    return due(CALENDAR, at(start), Period(amount, unit), after_hour_rule=rule, pauses=pauses)


def reasons(result):
    return [(day.date.day, day.reason.value, day.counted) for day in result.explanation]


def test_the_day_of_culture_in_english():
    assert describe(explained("2026-11-23T09:10", 1, D), "en") == [
        "Mon 23/11/2026: received 09:10, the first day is not counted",
        "Tue 24/11/2026: holiday (Resolution No. 28/2026/QH16): Vietnam Cultural Day",
        "Wed 25/11/2026: last day, day 1 of 1",
        "due Wed 25/11/2026 17:00",
    ]


def test_the_day_of_culture_in_vietnamese():
    assert describe(explained("2026-11-23T09:10", 1, D), "vi") == [
        "Thứ Hai 23/11/2026: tiếp nhận lúc 09:10, ngày đầu không tính",
        "Thứ Ba 24/11/2026: nghỉ lễ (Nghị quyết số 28/2026/QH16): Ngày Văn hóa Việt Nam",
        "Thứ Tư 25/11/2026: ngày cuối, ngày 1/1",
        "Hạn trả kết quả: 17:00 Thứ Tư 25/11/2026",
    ]


def test_json():
    answer = json.loads(json.dumps(to_json(explained("2026-11-23T09:10", 1, D))))
    assert answer["due_at"] == "2026-11-25T17:00+07:00"
    assert (answer["unit"], answer["amount"]) == ("working_day", "1")
    assert answer["calendar_version"] == "seed-2025-2034"
    assert [(d["date"], d["counted"], d["reason"]) for d in answer["days"]] == [
        ("2026-11-23", False, "received"),
        ("2026-11-24", False, "holiday"),
        ("2026-11-25", True, "last_day"),
    ]
    stopped = to_json(explained("2026-11-18T09:10", 3, D, pauses=[("2026-11-20T08:00", None)]))
    assert stopped["due_at"] is None
    assert stopped["remaining"] == {"days": 2, "minutes": 0}


def test_tet_is_named_day_by_day():
    result = explained("2026-02-13T09:10", 5, D)
    assert reasons(result) == [
        (13, "received", False), (14, "weekend", False), (15, "weekend", False),
        *((n, "holiday", False) for n in range(16, 21)), (21, "weekend", False), (22, "weekend", False),
        *((n, "counted", True) for n in range(23, 27)), (27, "last_day", True),
    ]  # fmt: skip


def test_an_exchanged_saturday_counts_and_says_why():
    result = explained("2026-08-20T09:10", 3, D)
    assert reasons(result)[1:] == [
        (21, "counted", True), (22, "swapped_work_day", True), (23, "weekend", False), (24, "last_day", True),
    ]  # fmt: skip
    assert "exchanged working day, counted: Worked in exchange for 31/08/2026, day 2 of 3" in describe(result, "en")[2]


@pytest.mark.parametrize(
    ("start", "rule", "first"),
    [
        ("2026-11-20T15:01", time(15), Reason.AFTER_HOUR_RULE),
        ("2026-11-21T09:10", time(15), Reason.RECEIVED_ON_DAY_OFF),
    ],
)
def test_a_receipt_that_counts_from_the_next_working_day(start, rule, first):
    result = explained(start, 1, D, rule)
    assert result.explanation[0].reason is first
    assert (23, "first_day_not_counted", False) in reasons(result)
    assert describe(result, "en")[-1] == "due Wed 25/11/2026 17:00"


@pytest.mark.parametrize(
    ("start", "vietnamese", "english"),
    [
        ("2026-11-21T09:10", "Thứ Bảy 21/11/2026: tiếp nhận lúc 09:10, ngày nghỉ, ngày đầu không tính",
         "Sat 21/11/2026: received 09:10, day off, the first day is not counted"),
        ("2026-11-20T17:30", "Thứ Sáu 20/11/2026: tiếp nhận lúc 17:30, ngoài giờ làm việc, ngày đầu không tính",
         "Fri 20/11/2026: received 17:30, outside office hours, the first day is not counted"),
    ],
)  # fmt: skip
def test_a_receipt_while_closed_leaves_out_its_own_day_and_gives_the_ground(start, vietnamese, english):
    ground = "Bộ luật Dân sự 2015, khoản 2 Điều 147"
    calendar = replace(CALENDAR, day_left_out_ground=ground)
    result = due(calendar, at(start), Period(2, D))
    assert describe(result, "vi")[0] == f"{vietnamese} ({ground})"
    assert describe(result, "en")[0] == f"{english} (Civil Code 2015, clause 2 article 147)"
    assert (23, "counted", True) in reasons(result)
    assert describe(result, "en")[-1] == "due Wed 25/11/2026 17:00"


def test_pauses_are_named_where_the_clock_stood_still_at_the_close():
    result = explained("2026-11-16T09:10", 3, D, pauses=[("2026-11-18T10:00", "2026-11-19T17:00")])
    assert reasons(result) == [
        (16, "received", False), (17, "counted", True), (18, "paused", False), (19, "paused", False),
        (20, "counted", True), (21, "weekend", False), (22, "weekend", False), (23, "last_day", True),
    ]  # fmt: skip
    calendar_days = explained(
        "2026-11-16T09:10", 3, Unit.CALENDAR_DAY, pauses=[("2026-11-18T10:00", "2026-11-19T10:00")]
    )
    assert (18, "paused", False) in reasons(calendar_days)
    assert describe(calendar_days, "vi")[2] == "Thứ Tư 18/11/2026: tạm dừng tính thời hạn"


def test_a_stopped_clock_says_what_is_left():
    result = explained("2026-11-18T09:10", Decimal("3.5"), D, pauses=[("2026-11-20T08:00", None)])
    assert describe(result, "en")[-1] == "the clock stands still, 2 working day(s) 4 h left"
    assert describe(result, "vi")[-1] == "Đang tạm dừng tính thời hạn, còn lại 2 ngày làm việc 4 giờ"


def test_working_hours_say_how_much_of_each_day():
    lines = describe(explained("2026-11-20T10:00", 10, Unit.WORKING_HOUR), "en")
    assert lines[0] == "Fri 20/11/2026: received 10:00, 5 h 30 min"
    assert lines[3] == "Mon 23/11/2026: last day, 4 h 30 min"


def test_an_end_on_a_day_off_moves_and_says_so():
    result = explained("2026-04-20T09:10", 10, Unit.CALENDAR_DAY)
    assert reasons(result)[-5:] == [
        (30, "moved_to_next_working_day", True), (1, "holiday", False), (2, "weekend", False),
        (3, "weekend", False), (4, "last_day", False),
    ]  # fmt: skip


def test_a_part_of_a_day_after_calendar_days():
    result = explained("2026-11-16T09:10", Decimal("2.5"), Unit.CALENDAR_DAY)
    assert reasons(result) == [
        (16, "received", False), (17, "counted", True), (18, "counted", True), (19, "last_day", True),
    ]  # fmt: skip
    assert describe(result, "en")[-2:] == ["Thu 19/11/2026: last day, 4 h", "due Thu 19/11/2026 11:30"]
    over_a_weekend = explained("2026-11-18T09:10", Decimal("3.5"), Unit.CALENDAR_DAY)
    assert (21, "moved_to_next_working_day", True) in reasons(over_a_weekend)
    assert describe(over_a_weekend, "en")[-1] == "due Mon 23/11/2026 17:00"  # no later than four days


def test_months_leave_plain_days_unsaid_and_name_a_new_year():
    lines = describe(explained("2026-11-16T09:10", 3, Unit.MONTH), "en")
    assert lines == [
        "Mon 16/11/2026: received 09:10, the first day is not counted",
        "Tue 16/02/2027: last day",
        "due Tue 16/02/2027 17:00",
    ]


def test_a_computed_holiday_says_that_no_notice_exists():
    lines = describe(explained("2027-02-04T09:10", 1, D), "vi")
    assert lines[1].startswith("Thứ Sáu 05/02/2027: nghỉ lễ (")
    assert "tạm tính, chưa có thông báo" in lines[1]


@pytest.mark.parametrize("unit", list(Unit))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_unit_speaks_both_languages(unit, language):
    result = explained("2026-02-13T16:10", 0 if unit is Unit.AT_ONCE else 2, unit, time(15))
    lines = describe(result, language)
    assert len(lines) >= 2
    assert all("{" not in line and "None" not in line for line in lines)


def test_without_explanation_only_the_end_is_said():
    result = due(CALENDAR, at("2026-11-23T09:10"), Period(1, D), explain=False)
    assert result.explanation == ()
    assert describe(result, "en") == ["due Wed 25/11/2026 17:00"]
