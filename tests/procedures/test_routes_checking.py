"""Routes are checked in words: what may stand where, and sums compared as amounts."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.routes import amounts
from procedures.routes.checking import Published, RouteContext, route_problems, total
from procedures.routes.planning import with_limits
from procedures.routes.steps import Limit, Opening, Step, fresh_key, read_steps, write_steps
from tests.procedures.routes_made import around, asked, plain, step, valid_routes
from vietnam.working_time import Period, Unit


def sentences(steps, context):
    return [problem.sentence for problem in route_problems(steps, context)]


@given(valid_routes())
def test_a_valid_route_has_no_problem_and_survives_storing(steps):
    assert route_problems(steps, around(steps)) == []
    assert read_steps(write_steps(steps)) == tuple(steps)


@given(valid_routes(), st.integers(-40, 40).filter(bool))
def test_the_sum_is_compared_as_an_amount(steps, quarters):
    """One sentence with the exact difference, whichever way it misses."""
    published = total(steps) + Fraction(quarters * 120)
    if published <= 0:
        return
    limit = Published(Period(published / 480, Unit.WORKING_DAY))
    (found,) = route_problems(steps, replace(around(steps), limits=(limit,)))
    assert found.step == ""
    assert f"{'thiếu' if quarters > 0 else 'thừa'} {amounts.words(abs(quarters) * 120)}." in found.sentence


@given(valid_routes(), st.data())
def test_taking_a_needed_step_away_is_always_noticed(steps, data):
    act = data.draw(st.sampled_from(["receive", "issue", "return"]))
    less = [s for s in steps if s.carries != act]
    found = sentences(less, around(less))
    assert any("thiếu bước" in sentence for sentence in found)


@given(valid_routes(), st.data())
def test_another_order_of_the_ends_is_always_noticed(steps, data):
    """Nothing stands before the first step, after the last, or between issue and return."""
    moved = list(steps)
    taken = moved.pop(data.draw(st.integers(1, len(moved) - 3)))
    moved.insert(data.draw(st.sampled_from([0, len(moved) - 1, len(moved)])), replace(taken, back_to=(), opinions=()))
    assert any("không bao giờ đến lượt" in s for s in sentences(moved, around(moved)))


@given(valid_routes())
def test_opinions_count_by_the_longest_of_their_branch(steps):
    with_branch = [replace(s, opinions=(asked(days="1"), asked("finance", days="3"))) for s in steps]
    own = sum((s.limit.exact for s in steps), start=Fraction(0))
    assert total(with_branch) == own + 3 * 480 * len(steps)


def test_the_difference_names_days_and_the_case():
    steps = plain()
    assert sentences(steps, around(steps, days="4")) == [
        "Các bước cộng lại 3,5 ngày, thời hạn công bố là 4 ngày làm việc: thiếu 0,5 ngày. Hãy sửa thời hạn các bước."
    ]
    assert (
        "“Chuyển nhượng” là 3 ngày làm việc: thừa 0,5 ngày"
        in sentences(steps, around(steps, days="3", case="Chuyển nhượng"))[0]
    )


def test_calendar_time_is_only_a_ceiling():
    steps = plain()  # 3.5 working days
    for amount, right in ((4, False), (5, True), (30, True)):
        limit = Published(Period(amount, Unit.CALENDAR_DAY))
        assert (route_problems(steps, replace(around(steps), limits=(limit,))) == []) is right, amount
    at_once = Published(Period(0, Unit.AT_ONCE))
    assert "trong ngày: thừa 2,5 ngày" in sentences(steps, replace(around(steps), limits=(at_once,)))[0]


@pytest.mark.parametrize(
    ("place", "changed", "sentence"),
    [
        (2, {"role": ""}, "Bước 3 “Bước verify”: chưa rõ ai làm"),
        (2, {"role": "supervisor"}, "chưa rõ ai làm"),
        (0, {"role": "officer"}, "do cán bộ một cửa làm"),
        (2, {"name": ""}, "Bước 3: chưa có tên."),
        (2, {"agency_key": "moon"}, "không có cơ quan “moon”"),
        (2, {"limit": None}, "chưa có thời hạn"),
        (2, {"limit": Limit(Decimal(0))}, "thời hạn phải lớn hơn 0"),
        (2, {"limit": Limit(Decimal("-1"))}, "thời hạn phải lớn hơn 0"),
        (2, {"limit": Limit(Decimal("0.3"))}, "không chia được theo 0,25 giờ"),
        (2, {"act": "fly", "key": "x"}, "hành động nào của vòng đời"),
        (2, {"key": "assign"}, "hai bước cùng khóa “assign”"),
        (2, {"opinions": (asked("moon"),)}, "ý kiến thứ 1: không có cơ quan “moon”"),
        (2, {"opinions": (asked(), asked())}, "ý kiến thứ 2: cơ quan này đã được hỏi"),
        (2, {"opinions": (asked(question=""),)}, "chưa có câu hỏi"),
        (2, {"opinions": (asked(role=""),)}, "chưa rõ ai trả lời"),
        (4, {"opinions": (asked(),)}, "trước khi phê duyệt"),
        (3, {"back_to": ("approve",)}, "“approve” không đứng trước"),
        (3, {"back_to": ("receive",)}, "không trả lại bước tiếp nhận"),
        (6, {"back_to": ("verify",)}, "không trả lại bước trước được"),
        (4, {"role": "officer"}, "người thẩm tra không tự phê duyệt"),
        (2, {"opens": Opening("1.001193")}, "không thể là chính thủ tục này"),
        (2, {"opens": Opening("9.999999")}, "không có thủ tục mã 9.999999"),
        (2, {"opens": Opening("1.004222", "moon")}, "không có cơ quan “moon”"),
        (5, {"opens": Opening("1.004222", "", True)}, "trước khi phát hành"),
    ],
)
def test_each_mistake_is_a_sentence_that_names_the_step(place, changed, sentence):
    steps = plain()
    steps[place] = replace(steps[place], **changed)
    context = around(steps)
    found = sentences(steps, context)
    assert any(sentence in text for text in found), found
    assert any("bước" in text.lower() for text in found)


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (["receive", "approve", "verify", "issue", "return"], "đứng sau lần phê duyệt cuối"),
        (["receive", "approve", "verify", "approve-2", "issue", "return"], "chưa có bước thẩm tra nào đứng trước"),
        (["receive", "verify", "issue", "approve", "return"], "phát hành khi chưa phê duyệt xong"),
        (["receive", "verify", "assign", "approve", "issue", "return"], "không còn bước thẩm tra nào"),
        (["receive", "receive-2", "verify", "approve", "issue", "return"], "“Tiếp nhận và chuyển hồ sơ” có 2 lần"),
        (["receive", "approve", "issue", "return"], "thiếu bước “Thẩm tra, xử lý hồ sơ”"),
        (["receive", "verify", "issue", "return"], "thiếu bước “Phê duyệt kết quả”"),
    ],
)
def test_the_order_is_checked(order, sentence):
    steps = [step(key, act=key.split("-")[0] if "-" in key else "") for key in order]
    assert any(sentence in text for text in sentences(steps, around(steps)))


def test_an_empty_route_and_shares():
    assert "chưa có bước nào" in sentences([], RouteContext())[0]
    shared = [replace(s, limit=None, share=Fraction(1, 7)) for s in plain()]
    assert sentences(shared, around(days=5)) == []
    less = [*shared[:-1], replace(shared[-1], share=Fraction(1, 8))]
    assert "phải là 1" in sentences(less, around(days=5))[0]
    mixed = [*shared[:-1], plain()[-1]]
    assert "hoặc cùng có thời hạn riêng" in sentences(mixed, around(days=5))[0]


def test_the_return_may_take_no_time_and_a_branch_may_be_the_whole_step():
    steps = plain(**{"return": "0"})
    steps[2] = replace(steps[2], limit=Limit(Decimal(0)), opinions=(asked(days="7"),))
    assert sentences(steps, around(steps)) == []


@pytest.mark.parametrize(
    ("text", "unit", "limit"),
    [
        ("0,5 ngày", "", Limit(Decimal("0.5"), "day")),
        ("0.25 ngày làm việc", "", Limit(Decimal("0.25"), "day")),
        ("1/2 ngày", "", Limit(Decimal("0.5"), "day")),
        ("1/4 ngày", "", Limit(Decimal("0.25"), "day")),
        ("nửa ngày", "", Limit(Decimal("0.5"), "day")),
        ("Một buổi", "", Limit(Decimal("0.5"), "day")),
        ("07 ngày", "", Limit(Decimal(7), "day")),
        ("04 giờ làm việc", "", Limit(Decimal(4), "hour")),
        ("4h", "", Limit(Decimal(4), "hour")),
        ("1,5", "ngày", Limit(Decimal("1.5"), "day")),
        ("2", "giờ", Limit(Decimal(2), "hour")),
        ("½ ngày", "", Limit(Decimal("0.5"), "day")),
    ],
)
def test_amounts_as_tables_write_them(text, unit, limit):
    assert amounts.read_amount(text, unit) == limit


@pytest.mark.parametrize(
    "text",
    ["", "5", "3-5 ngày", "không quá 2 ngày", "2 ngày lịch", "1/0 ngày", "1/3 ngày", "1½ ngày", "9999 ngày", "ngay"],
)
def test_what_is_no_clear_amount_is_not_read(text):
    with pytest.raises(amounts.UnreadableAmount):
        amounts.read_amount(text)


@given(st.integers(1, 4000))
def test_amounts_in_words_are_read_back(quarters_of_an_hour):
    minutes = quarters_of_an_hour * 15
    said = amounts.words(minutes)
    if "phút" not in said:
        assert amounts.read_amount(said).minutes == minutes


def test_fresh_keys():
    assert fresh_key("verify", ["verify", "verify-2"]) == "verify-3"
    assert Step("verify-2", "x", act="verify").carries == "verify"


def test_shares_of_odd_minutes_become_limits_that_can_be_read():
    """Six calendar days come to 2,057 working minutes, which no quarter hours sum to: the steps stay below."""
    shared = [replace(one, limit=None, share=Fraction(1, 8)) for one in plain()[:1] * 8]
    steps = with_limits(shared, 2057)
    assert all(one.limit.exact % 15 == 0 for one in steps)
    assert total(steps) == 2055
