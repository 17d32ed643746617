"""What a fee depends on is derived from its lines and judged once, for pages, counter and API alike."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures.fees import calculation, inputs
from tests.factories.fees import banded, line

DAY = date(2026, 11, 23)
calm = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)

POOR = {"key": "poor", "name": "Hộ nghèo", "name_en": "Poor household", "percent": 0}
NEAR = {"key": "near", "name": "Hộ cận nghèo", "percent": 50}


@pytest.mark.parametrize(
    ("lines", "counted", "value", "reliefs"),
    [
        ([], (), False, []),
        ([line()], (), False, []),
        ([line(per="copy"), line(2, per="person"), line(3, per="copy")], ("copy", "person"), False, []),
        ([line(amount=0, per="copy", exemptions=[POOR])], (), False, []),  # free whatever is said
        ([line(amount=None, per="copy", state="to_be_confirmed")], ("copy",), False, []),
        ([line(per="page", each="copy")], ("copy", "page"), False, []),
        (banded([1_000], [10, 20]), (), True, []),
        (banded([1_000], [0, 0]), (), False, []),
        ([line(exemptions=[NEAR, POOR]), line(2, exemptions=[{**POOR, "percent": 30}])], (), False, ["near", "poor"]),
        ([line(exemptions=[{**POOR, "percent": 100}])], (), False, []),  # no relief at all
        ([line(per="copy", channel="online"), line(2, per="page", case="other")], (), False, []),
        ([line(per="copy", valid_to=DAY.replace(day=1))], (), False, []),
    ],
)
def test_only_what_the_lines_of_channel_case_and_day_depend_on_is_needed(lines, counted, value, reliefs):
    found = inputs.needed_inputs(lines, "counter", "mine", DAY)
    assert (found.counted, bool(found.bands), [relief.key for relief in found.reliefs]) == (counted, value, reliefs)
    assert bool(found) == bool(counted or value or reliefs)


def test_a_relief_says_the_least_that_is_left_and_bands_say_their_amounts():
    found = inputs.needed_inputs([line(exemptions=[NEAR]), line(2, exemptions=[{**NEAR, "percent": 20}])], "counter")
    assert [relief.share() for relief in found.reliefs] == ["còn nộp 20 %"]
    bands = inputs.needed_inputs(banded([1_000, 5_000], [10, 20, 30]), "counter").bands_text()
    assert bands == [
        "dưới 1.000\u00a0đ: 10\u00a0đ",
        "từ 1.000\u00a0đ đến dưới 5.000\u00a0đ: 20\u00a0đ",
        "từ 5.000\u00a0đ: 30\u00a0đ",
    ]


def test_a_number_of_each_copy_is_asked_for_as_such():
    found = inputs.needed_inputs([line(per="page", each="copy")], "counter")
    assert [found.counted_label(per) for per in found.counted] == ["Số bản", "Số trang của mỗi bản"]
    assert not found.same_questions(inputs.needed_inputs([line(per="page"), line(2, per="copy")], "counter"))


ALL = inputs.needed_inputs([*banded([1_000], [10, 20]), line(9, per="copy", exemptions=[POOR])], "counter")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"value": 5}, None),
        ({"value": 0, "quantities": {"copy": 999}, "exemptions": ["poor", "poor"]}, None),
        ({}, "value"),
        ({"value": -1}, "value"),
        ({"value": 10**15 + 1}, "value"),
        ({"value": True}, "value"),
        ({"value": 5, "quantities": {"copy": 0}}, "quantities.copy"),
        ({"value": 5, "quantities": {"copy": 1000}}, "quantities.copy"),
        ({"value": 5, "quantities": {"copy": None}}, "quantities.copy"),
        ({"value": 5, "quantities": {"page": 1}}, "quantities.page"),
        ({"value": 5, "exemptions": ["rich"]}, "exemptions"),
    ],
)
def test_fee_facts_are_judged_with_a_sentence_at_the_field(said, field):
    judged = inputs.validate_inputs(ALL, said)
    assert [name for name, _sentence in judged.mistakes] == ([field] if field else [])
    assert all(sentence for _name, sentence in judged.mistakes)
    assert inputs.validate_inputs(inputs.Needed(), {"value": 5}).mistakes[0][0] == "value"


@calm
@given(
    st.sampled_from(["copy", "page", "dossier"]),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=2),
    st.lists(st.sampled_from([POOR, NEAR]), unique_by=lambda row: row["key"]),
    st.fixed_dictionaries(
        {},
        optional={
            "quantities": st.dictionaries(st.sampled_from(["copy", "page", "item"]), st.integers(-5, 2000)),
            "value": st.integers(-5, 10**16),
            "exemptions": st.lists(st.sampled_from(["poor", "near", "rich"])),
        },
    ),
)
def test_what_is_judged_right_gives_an_amount(per, amounts, exemptions, said):
    """Whoever answers all that is needed rightly is told an amount: nothing else is missing."""
    lines = [*banded([1_000], amounts), line(9, 700, per=per, exemptions=exemptions)]
    judged = inputs.validate_inputs(inputs.needed_inputs(lines, "counter"), said)
    if not judged.mistakes:
        facts = judged.facts
        result = calculation.compute_fee(
            lines, "counter", "", facts["quantities"], value=facts["value"], exemptions=facts["exemptions"]
        )
        # Bands that are free for every value are not asked about, and cost nothing.
        assert result.total is not None or not any(amounts)
