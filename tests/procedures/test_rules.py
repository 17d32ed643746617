"""Limits, fees, competence and routes: the rules that other apps ask."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agencies.models import Territory
from procedures import routes
from procedures.competence import lookup
from procedures.editions import time_limits
from procedures.fees import calculation
from procedures.models import Edition, FeeLine, Procedure, Term
from procedures.routes.steps import Step
from vietnam.working_time import Period, Unit

ON = date(2026, 11, 23)


def line(position=1, amount=50_000, state="confirmed", channel="counter", **facts):
    given_facts = {"kind": "levy", "name": "Lệ phí", "per": "dossier", **facts}
    return FeeLine(position=position, amount=amount, state=state, channel=channel, **given_facts)


def test_fee_of_a_channel_and_case():
    lines = [
        line(1, 50_000),
        line(2, 20_000, case="late", name="Phí", name_en="Charge"),
        line(3, 10_000, channel="online"),
    ]
    assert calculation.compute_fee(lines, "counter").total == 50_000
    result = calculation.compute_fee(lines, "counter", "late")
    assert result.total == 70_000
    assert result.explanation == ("Lệ phí: 50.000\u00a0đ.", "Phí: 20.000\u00a0đ.", "Tổng cộng 70.000\u00a0đ.")
    assert result.explanation_en[1:] == ("Charge: 20.000\u00a0đ.", "Total 70.000\u00a0đ.")
    assert calculation.compute_fee(lines, "post").free
    assert calculation.compute_fee(lines, "post").explanation == ("Miễn phí.",)


def test_fee_by_quantity_explains_itself():
    result = calculation.compute_fee([line(1, 2_000, per="page")], "counter", quantities={"page": 3})
    assert result.total == 6_000
    assert result.explanation == ("Lệ phí: 3 × 2.000\u00a0đ/trang = 6.000\u00a0đ.",)
    assert calculation.compute_fee([line(1, 2_000, per="page")], "counter", quantities={"page": 0}).total == 0
    with pytest.raises(ValueError):
        calculation.compute_fee([line(1, 2_000, per="page")], "counter", quantities={"page": -1})


def test_one_unverified_line_leaves_the_total_open():
    result = calculation.compute_fee([line(1, 50_000), line(2, 20_000, state="to_be_confirmed")], "counter")
    assert result.total is None
    assert result.lines[0].amount == 50_000
    assert result.lines[1].is_unverified
    assert "chờ xác nhận" in result.explanation[1]
    assert calculation.compute_fee([line(1, None)], "counter").total is None


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(["dossier", "page"]), st.booleans())), st.integers(0, 99)
)
def test_the_total_is_the_sum_of_certain_lines(rows, pages):
    lines = [
        line(i, amount, "confirmed" if sure else "to_be_confirmed", per=per)
        for i, (amount, per, sure) in enumerate(rows)
    ]
    result = calculation.compute_fee(lines, "counter", quantities={"page": pages})
    expected = sum(amount * (pages if per == "page" else 1) for amount, per, _ in rows)
    assert result.total == (expected if all(sure for *_, sure in rows) else None)


@pytest.mark.parametrize(
    ("amount", "unit", "period"),
    [
        (Decimal(3), "working_day", Period(3, Unit.WORKING_DAY)),
        (Decimal("1.5"), "working_day", Period(Decimal("1.5"), Unit.WORKING_DAY)),
        (Decimal(1), "at_once", Period(0, Unit.AT_ONCE)),
        (None, "at_once", Period(0, Unit.AT_ONCE)),
        (None, "working_day", None),
        (Decimal(1), "", None),
        (Decimal("0.5"), "month", None),
    ],
)
def test_periods(amount, unit, period):
    assert time_limits.period_of(Term(amount=amount, unit=unit, state="confirmed")) == period


def test_a_limit_unverified_says_so():
    assert time_limits.is_unverified(None)
    assert time_limits.is_unverified(Term(amount=1, unit="working_day", state="to_be_confirmed"))
    assert not time_limits.is_unverified(Term(amount=1, unit="working_day", state="confirmed"))


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=12),
    st.integers(1, 100_000),
)
def test_the_steps_of_a_route_sum_to_the_limit(weights, minutes):
    shares = [Fraction(w, sum(weights)) for w in weights]
    steps = [Step(key=f"verify-{i}", name="x", role="officer", share=s) for i, s in enumerate(shares)]
    planned = routes.plan_steps(steps, minutes)
    assert sum(step.minutes for step in planned) == minutes
    assert all(step.minutes >= 0 for step in planned)


def test_standard_routes_take_the_limit_of_the_edition(catalogue):
    edition = Edition.objects.filter(terms__unit="working_day", terms__amount=15, levels=["province"]).first()
    steps = routes.route_for(edition, "", "province")
    term = time_limits.term_for(edition, "counter") or edition.terms.first()
    assert sum(step.minutes for step in steps) == term.amount * 480
    assert [step.key for step in steps] == ["receive", "assign", "verify", "submit", "approve", "issue", "return"]
    birth = Procedure.objects.get(code="1.001193").current
    short = routes.route_for(birth, "", "commune")
    assert sum(step.minutes for step in short) == 480
    assert [step.key for step in short] == ["receive", "verify", "approve", "issue", "return"]


def test_a_route_without_a_known_limit_has_steps_without_time(catalogue):
    edition = Procedure.objects.get(code="1.001193").current
    Term.objects.filter(edition=edition).update(amount=None, unit="")
    assert {step.minutes for step in routes.route_for(edition, "", "commune")} == {None}


def test_who_settles_follows_the_place_and_the_level(catalogue):
    province = Territory.objects.valid(on=ON).get(kind="province")
    ward = Territory.objects.valid(on=ON).filter(kind="ward").first()
    birth = Procedure.objects.get(code="1.001193").current
    assert lookup.settling_agency(birth, ward, ON).key == "commune_pc"
    assert lookup.settling_agency(birth, ward, ON).territory == ward
    assert lookup.settling_agency(birth, province, ON) is None
    residence = Procedure.objects.get(code="1.004222").current
    assert lookup.settling_agency(residence, ward, ON).key == "commune_police"
    company = Procedure.objects.get(code="2.001583").current
    assert lookup.settling_agency(company, ward, ON).key == "finance"
    assert lookup.settling_agency(company, ward, date(1990, 1, 1)) is None


def test_every_carried_procedure_is_settled_by_somebody_in_every_place(catalogue):
    ward = Territory.objects.valid(on=ON).filter(kind="ward").first()
    missing = [
        edition.procedure.code
        for edition in Edition.objects.select_related("procedure")
        if lookup.settling_agency(edition, ward, ON) is None
    ]
    assert missing == []
