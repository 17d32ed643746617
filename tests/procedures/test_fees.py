"""Fee lines: bands, quantities, reliefs and days, one computation with one explanation."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures import fees
from procedures.models import FeeLine

DAY = date(2026, 11, 23)
calm = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def line(position=1, amount=50_000, **facts):
    given_facts = {"kind": "levy", "name": "Lệ phí", "per": "dossier", "channel": "counter", "state": "confirmed"}
    return FeeLine(position=position, amount=amount, **{**given_facts, **facts})


def banded(bounds, amounts):
    """Lines that share the values from 0 upwards at `bounds`."""
    edges = [0, *bounds, None]
    return [
        line(i, amount, value_from=low, value_below=high)
        for i, (low, high, amount) in enumerate(zip(edges, edges[1:], amounts, strict=False))
    ]


def test_a_band_is_chosen_by_the_value():
    lines = banded([1_000_000, 5_000_000], [10_000, 20_000, 30_000])
    totals = [fees.compute(lines, "counter", value=v).total for v in (0, 999_999, 1_000_000, 4_999_999, 5_000_000)]
    assert totals == [10_000, 10_000, 20_000, 20_000, 30_000]


def test_without_the_value_the_total_is_open_and_says_so():
    result = fees.compute(banded([1_000_000], [10_000, 20_000]), "counter")
    assert result.total is None
    assert result.needs_value
    assert "tùy giá trị" in result.explanation[0]


def test_a_value_outside_every_band_is_told_and_not_free():
    result = fees.compute([line(value_from=1_000, value_below=2_000)], "counter", value=5_000)
    assert result.total is None
    assert "không có mức" in result.explanation[0]
    with pytest.raises(ValueError):
        fees.compute([], "counter", value=-1)


def test_the_most_favourable_relief_counts_and_is_named():
    reliefs = [{"key": "poor", "name": "Hộ nghèo", "percent": 0}, {"key": "near", "name": "Cận nghèo", "percent": 50}]
    lines = [line(exemptions=reliefs)]
    assert fees.compute(lines, "counter").total == 50_000
    assert fees.compute(lines, "counter", exemptions=["unknown"]).total == 50_000
    half = fees.compute(lines, "counter", exemptions=["near"])
    assert half.total == 25_000
    assert half.explanation == ("Lệ phí: 50.000 đ × 50 % (Cận nghèo) = 25.000 đ.",)
    none = fees.compute(lines, "counter", exemptions=["near", "poor"])
    assert none.total == 0
    assert "Hộ nghèo" in none.explanation[0]


def test_a_line_holds_on_its_days():
    lines = [line(1, 10_000, valid_to=DAY), line(2, 20_000, valid_from=DAY + timedelta(days=1))]
    assert fees.compute(lines, "counter", on=DAY).total == 10_000
    assert fees.compute(lines, "counter", on=DAY + timedelta(days=1)).total == 20_000
    assert fees.compute(lines, "counter").total == 20_000


@calm
@given(
    st.lists(st.integers(1, 10**12), unique=True, max_size=6).map(sorted),
    st.lists(st.integers(0, 10**9), min_size=7, max_size=7),
    st.integers(0, 2 * 10**12),
)
def test_bands_without_gaps_give_exactly_one_line(bounds, amounts, value):
    result = fees.compute(banded(bounds, amounts), "counter", value=value)
    assert len(result.lines) == 1
    assert result.total == amounts[sum(bound <= value for bound in bounds)]


@calm
@given(st.integers(0, 10**9), st.integers(0, 1000), st.lists(st.integers(0, 100), max_size=4))
def test_a_relief_never_adds_and_never_goes_below_zero(amount, pages, percents):
    reliefs = [{"key": f"r{i}", "name": "Giảm", "percent": percent} for i, percent in enumerate(percents)]
    lines = [line(amount=amount, per="page", exemptions=reliefs)]
    whole = fees.compute(lines, "counter", quantities={"page": pages}).total
    reduced = fees.compute(lines, "counter", quantities={"page": pages}, exemptions=[r["key"] for r in reliefs]).total
    assert 0 <= reduced <= whole
    assert reduced == whole * min(percents, default=100) // 100


@calm
@given(st.permutations(range(5)), st.lists(st.integers(0, 10**6), min_size=5, max_size=5))
def test_the_order_of_rows_does_not_matter(order, amounts):
    lines = [line(i, amount) for i, amount in enumerate(amounts)]
    shuffled = [lines[i] for i in order]
    assert fees.compute(shuffled, "counter") == fees.compute(lines, "counter")
