"""Fee lines: bands, quantities, reliefs and days, one computation with one explanation."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures import display
from procedures.editions import bundled
from procedures.fees import calculation, headline, inputs
from procedures.models import Edition
from tests.factories.fees import banded, line

DAY = date(2026, 11, 23)
calm = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def test_a_band_is_chosen_by_the_value():
    lines = banded([1_000_000, 5_000_000], [10_000, 20_000, 30_000])
    totals = [
        calculation.compute_fee(lines, "counter", value=v).total for v in (0, 999_999, 1_000_000, 4_999_999, 5_000_000)
    ]
    assert totals == [10_000, 10_000, 20_000, 20_000, 30_000]


def test_without_the_value_the_total_is_open_and_says_so():
    result = calculation.compute_fee(banded([1_000_000], [10_000, 20_000]), "counter")
    assert result.total is None
    assert result.needs_value
    assert "tùy giá trị" in result.explanation[0]


def test_a_value_outside_every_band_is_told_and_not_free():
    result = calculation.compute_fee([line(value_from=1_000, value_below=2_000)], "counter", value=5_000)
    assert result.total is None
    assert "không có mức" in result.explanation[0]
    with pytest.raises(ValueError):
        calculation.compute_fee([], "counter", value=-1)


def test_the_most_favourable_relief_counts_and_is_named():
    reliefs = [{"key": "poor", "name": "Hộ nghèo", "percent": 0}, {"key": "near", "name": "Cận nghèo", "percent": 50}]
    lines = [line(exemptions=reliefs)]
    assert calculation.compute_fee(lines, "counter").total == 50_000
    assert calculation.compute_fee(lines, "counter", exemptions=["unknown"]).total == 50_000
    half = calculation.compute_fee(lines, "counter", exemptions=["near"])
    assert half.total == 25_000
    assert half.explanation == ("Lệ phí: 50.000\u00a0đ × 50 % (Cận nghèo) = 25.000\u00a0đ.",)
    none = calculation.compute_fee(lines, "counter", exemptions=["near", "poor"])
    assert none.total == 0
    assert "Hộ nghèo" in none.explanation[0]


def test_a_line_holds_on_its_days():
    lines = [line(1, 10_000, valid_to=DAY), line(2, 20_000, valid_from=DAY + timedelta(days=1))]
    assert calculation.compute_fee(lines, "counter", on=DAY).total == 10_000
    assert calculation.compute_fee(lines, "counter", on=DAY + timedelta(days=1)).total == 20_000
    assert calculation.compute_fee(lines, "counter").total == 20_000


@calm
@given(
    st.lists(st.integers(1, 10**12), unique=True, max_size=6).map(sorted),
    st.lists(st.integers(0, 10**9), min_size=7, max_size=7),
    st.integers(0, 2 * 10**12),
)
def test_bands_without_gaps_give_exactly_one_line(bounds, amounts, value):
    result = calculation.compute_fee(banded(bounds, amounts), "counter", value=value)
    assert len(result.lines) == 1
    assert result.total == amounts[sum(bound <= value for bound in bounds)]


@calm
@given(st.integers(0, 10**9), st.integers(0, 1000), st.lists(st.integers(0, 100), max_size=4))
def test_a_relief_never_adds_and_never_goes_below_zero(amount, pages, percents):
    reliefs = [{"key": f"r{i}", "name": "Giảm", "percent": percent} for i, percent in enumerate(percents)]
    lines = [line(amount=amount, per="page", exemptions=reliefs)]
    whole = calculation.compute_fee(lines, "counter", quantities={"page": pages}).total
    reduced = calculation.compute_fee(
        lines, "counter", quantities={"page": pages}, exemptions=[r["key"] for r in reliefs]
    ).total
    assert 0 <= reduced <= whole
    assert reduced == whole * min(percents, default=100) // 100


@calm
@given(st.permutations(range(5)), st.lists(st.integers(0, 10**6), min_size=5, max_size=5))
def test_the_order_of_rows_does_not_matter(order, amounts):
    lines = [line(i, amount) for i, amount in enumerate(amounts)]
    shuffled = [lines[i] for i in order]
    assert calculation.compute_fee(shuffled, "counter") == calculation.compute_fee(lines, "counter")


def steps(amounts, bounds, cap=None):
    """Lines of one fee a page of each copy, whose amounts change after the pages `bounds`."""
    ends = zip([1, *(bound + 1 for bound in bounds)], [*bounds, None], amounts, strict=True)
    facts = {"name": "Phí", "name_en": "Charge", "kind": "charge", "per": "page", "each": "copy", "at_most": cap}
    return [line(i, amount, counts_from=low, counts_to=high, **facts) for i, (low, high, amount) in enumerate(ends)]


@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize(
    ("pages", "a_copy"),
    [(1, 2_000), (2, 4_000), (3, 5_000), (10, 12_000), (150, 152_000), (198, 200_000), (199, 200_000), (500, 200_000)],
)
def test_certified_copies_cost_what_circular_226_2016_says(pages, a_copy, copies):
    """2.000 đ for each of two pages, 1.000 đ from the third, at most 200.000 đ a copy: as the catalogue carries it."""
    entry = next(facts for facts in bundled.read_bundled() if facts["code"] == "2.000815")
    keys = ("name", "amount", "per", "counts_from", "counts_to", "each", "at_most")
    lines = [line(i, **{key: fee[key] for key in keys if key in fee}) for i, fee in enumerate(entry["fees"])]
    result = calculation.compute_fee(lines, "counter", quantities={"page": pages, "copy": copies})
    assert result.total == a_copy * copies
    assert len(result.explanation) == 1


@pytest.mark.parametrize(
    ("pages", "copies", "said", "said_en"),
    [
        (
            6,
            3,
            "Phí: trang 1–2: 2 × 2.000\u00a0đ; từ trang 3: 4 × 1.000\u00a0đ; "
            "mỗi bản 8.000\u00a0đ × 3 bản = 24.000\u00a0đ.",
            "Charge: pages 1–2: 2 × 2.000\u00a0đ; from page 3: 4 × 1.000\u00a0đ; "
            "each copy 8.000\u00a0đ × 3 copies = 24.000\u00a0đ.",
        ),
        (
            500,
            1,
            "Phí: trang 1–2: 2 × 2.000\u00a0đ; từ trang 3: 498 × 1.000\u00a0đ; "
            "mỗi bản 502.000\u00a0đ, chỉ thu tối đa 200.000\u00a0đ × 1 bản = 200.000\u00a0đ.",
            "Charge: pages 1–2: 2 × 2.000\u00a0đ; from page 3: 498 × 1.000\u00a0đ; "
            "each copy 502.000\u00a0đ, at most 200.000\u00a0đ × 1 copy = 200.000\u00a0đ.",
        ),
        (
            1,
            2,
            "Phí: trang 1–2: 1 × 2.000\u00a0đ; mỗi bản 2.000\u00a0đ × 2 bản = 4.000\u00a0đ.",
            "Charge: pages 1–2: 1 × 2.000\u00a0đ; each copy 2.000\u00a0đ × 2 copies = 4.000\u00a0đ.",
        ),
    ],
)
def test_the_steps_of_a_quantity_are_said(pages, copies, said, said_en):
    found = calculation.compute_fee(
        steps([2_000, 1_000], [2], 200_000), "counter", quantities={"page": pages, "copy": copies}
    )
    assert (found.explanation, found.explanation_en) == ((said,), (said_en,))
    assert sum(row.amount for row in found.lines) == found.total


def test_steps_of_a_dossier_and_a_relief_after_the_cap():
    lines = steps([2_000, 1_000], [2], 6_000)
    for row in lines:
        row.each, row.exemptions = "", [{"key": "half", "name": "Cận nghèo", "percent": 50}]
    asked = {"page": 6, "copy": 9}
    assert calculation.compute_fee(lines, "counter", quantities=asked).explanation == (
        "Phí: trang 1–2: 2 × 2.000\u00a0đ; từ trang 3: 4 × 1.000\u00a0đ; "
        "cộng 8.000\u00a0đ, chỉ thu tối đa 6.000\u00a0đ.",
    )
    half = calculation.compute_fee(lines, "counter", quantities=asked, exemptions=["half"])
    assert half.total == 3_000
    assert half.explanation[0].endswith("chỉ thu tối đa 6.000\u00a0đ × 50 % (Cận nghèo) = 3.000\u00a0đ.")


def test_a_step_unverified_leaves_the_total_open_only_when_it_is_reached():
    lines = steps([2_000, None], [2], 200_000)
    assert calculation.compute_fee(lines, "counter", quantities={"page": 2}).total == 4_000
    assert calculation.compute_fee(lines, "counter", quantities={"page": 3}).total is None


@calm
@given(st.data(), st.lists(st.integers(1, 40), unique=True, max_size=4).map(sorted), st.integers(0, 60))
def test_steps_cost_what_counting_unit_by_unit_gives(data, bounds, pages):
    amounts = data.draw(st.lists(st.integers(0, 5_000), min_size=len(bounds) + 1, max_size=len(bounds) + 1))
    cap, copies = data.draw(st.none() | st.integers(0, 100_000)), data.draw(st.integers(0, 20))
    lines = steps(amounts, bounds, cap)

    def total(page, copy):
        return calculation.compute_fee(lines, "counter", quantities={"page": page, "copy": copy}).total

    a_copy = sum(amounts[sum(bound < page for bound in bounds)] for page in range(1, pages + 1))
    found = total(pages, copies)
    assert found == (a_copy if cap is None else min(a_copy, cap)) * copies
    assert cap is None or found <= cap * copies
    assert found <= total(pages + 1, copies)
    assert found <= total(pages, copies + 1)


# --- what the head of a page says before anybody has said how many -------------------------------------------------


def said(lines, *, cases=("",), channels=("counter",), on=DAY):
    return display.range_words(headline.fee_range(lines, channels, cases, on))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([line()], "50.000\u00a0đ"),
        ([line(per="copy", amount=2_000)], "Từ 2.000\u00a0đ"),
        ([line(per="page", amount=1_000, counts_from=3)], "Miễn phí hoặc tùy số lượng"),
        (
            [line(per="page", amount=2_000, counts_to=2), line(2, per="page", amount=1_000, counts_from=3)],
            "Từ 2.000\u00a0đ",
        ),
        ([line(per="copy", amount=8_000, on_request=True)], "Miễn phí; thêm khoản thu theo yêu cầu"),
        ([line(), line(2, None)], "Từ 50.000\u00a0đ; có mức chờ xác nhận"),
        ([line(1, None)], "Chờ xác nhận"),
        ([line(1, None, set_by="province")], "Do Hội đồng nhân dân tỉnh quy định"),
        ([line(), line(2, None, set_by="province")], "Từ 50.000\u00a0đ; có mức do Hội đồng nhân dân tỉnh quy định"),
        ([line(1, 0, kind="free", name="Miễn phí")], "Miễn phí"),
        ([line(1, 0, kind="free", name="Miễn phí", state="to_be_confirmed")], "Miễn phí (chờ xác nhận)"),
        ([line(valid_to=DAY - timedelta(days=1)), line(2, 70_000, valid_from=DAY)], "70.000\u00a0đ"),
    ],
)
def test_the_headline_says_from_or_a_range(lines, words):
    assert said(lines) == words


def test_the_headline_spans_bands_of_value():
    assert said(banded([1_000_000, 5_000_000], [10_000, 20_000, 30_000])) == "10.000\u00a0đ đến 30.000\u00a0đ"


def test_the_headline_knows_what_is_known_online():
    online = line(1, 10_000, channel="online")
    assert said([online, line(2, None)], channels=("online", "counter")) == "Từ 10.000\u00a0đ; có mức chờ xác nhận"
    free = line(1, 0, kind="free", channel="online", name="Miễn phí")
    words = "Miễn phí ở một số trường hợp; còn lại chờ xác nhận"
    assert said([free, line(2, None)], channels=("online", "counter")) == words


def test_what_is_asked_for_besides_is_paid_when_it_is_asked_for():
    lines = [line(1, 8_000, per="copy", on_request=True, name="Phí cấp bản sao")]
    assert calculation.compute_fee(lines, "counter").total == 0
    assert calculation.compute_fee(lines, "counter", quantities={"copy": 2}).total == 16_000
    needed = inputs.needed_inputs(lines, "counter")
    assert inputs.validate_inputs(needed, {}).facts["quantities"] == {"copy": 0}
    assert inputs.validate_inputs(needed, {"quantities": {"copy": 2}}).facts["quantities"] == {"copy": 2}
    assert inputs.validate_inputs(needed, {"quantities": {"copy": -1}}).mistakes


def test_free_that_nobody_has_confirmed_says_so():
    result = calculation.compute_fee([line(1, 0, kind="free", state="to_be_confirmed", name="Miễn phí")], "counter")
    assert (result.total, result.free_to_be_confirmed, result.lines) == (0, True, ())
    assert result.explanation == ("Miễn phí (chờ xác nhận).",)
    assert display.fee_words(result) == "Miễn phí (chờ xác nhận)"


def test_who_is_exempt_in_words_only_can_claim_it():
    lines = [line(exempt="Trẻ em dưới 6 tuổi", exempt_en="Children under 6")]
    (relief,) = inputs.needed_inputs(lines, "counter").reliefs
    assert (relief.name, relief.percent) == ("Trẻ em dưới 6 tuổi", 0)
    assert calculation.compute_fee(lines, "counter", exemptions=[relief.key]).total == 0


def test_whoever_is_exempt_from_an_amount_that_the_council_sets_pays_the_rest_only():
    """A poor household's late registration of a death with a copy: the levy is nothing to it, the copy is 8.000 đ."""
    levy = line(1, None, set_by="province", exemptions=[{"key": "poor", "name": "Hộ nghèo", "percent": 0}])
    copy = line(2, 8_000, per="copy")
    exempt = calculation.compute_fee([levy, copy], "counter", quantities={"copy": 1}, exemptions=["poor"])
    assert (exempt.total, exempt.left_to_council) == (8_000, False)
    assert exempt.explanation[0] == "Lệ phí: không thu (Hộ nghèo: còn 0 %)."
    assert calculation.compute_fee([levy, copy], "counter", quantities={"copy": 1}).total is None
    half = line(1, None, set_by="province", exemptions=[{"key": "poor", "name": "Hộ nghèo", "percent": 50}])
    assert calculation.compute_fee([half], "counter", exemptions=["poor"]).total is None


def test_a_council_amount_is_named_as_such():
    result = calculation.compute_fee([line(1, None, set_by="province")], "counter")
    assert result.left_to_council
    assert result.explanation[0] == "Lệ phí: do Hội đồng nhân dân tỉnh quy định."
    assert display.fee_words(result) == "Do Hội đồng nhân dân tỉnh quy định"


def test_a_case_without_a_line_belongs_to_the_head_of_the_page(catalogue):
    edition = Edition.objects.get(procedure__code="1.013978", status="published")
    assert "Miễn phí ở một số trường hợp" in display.fee_span(edition, date(2026, 12, 1))
