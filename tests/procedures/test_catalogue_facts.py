"""Facts of the bundled catalogue that were once wrong, by what their sources say."""

from datetime import date

import pytest

from procedures.editions import bundled, document

# Their source names the fee and leaves its amount to the provincial Council.
LEFT_TO_COUNCIL = [
    "2.000720", "2.000575", "1.001570", "1.001266", "1.004982", "1.012790", "1.012812", "1.012817", "1.013988",
    "1.014159",
]  # fmt: skip
SUPERSEDED = [
    ("2.000986", "15/2015/TT-BTP"),
    ("2.000821", "58/2014/QH13"),
    ("1.001939", "146/2018/NĐ-CP"),
    ("1.002759", "146/2018/NĐ-CP"),
    ("1.010038", "62/2021/NĐ-CP"),
    ("1.010041", "62/2021/NĐ-CP"),
]


@pytest.fixture(scope="module")
def carried():
    return {facts["code"]: facts for facts in bundled.read_bundled()}


@pytest.mark.parametrize("code", LEFT_TO_COUNCIL)
def test_a_fee_that_the_council_sets_is_not_free(carried, code):
    facts = carried[code]
    paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
    assert set(document.free_channels(facts)).isdisjoint(paid)
    assert any(fee.get("set_by") == "province" and fee["amount"] is None for fee in facts["fees"])
    assert any(doubt["kind"] == "fee_set_by_council" for doubt in document.doubts_of(facts))


def test_of_every_way_of_filing_it_is_said_what_it_costs(carried):
    for code, facts in carried.items():
        offered = {channel for term in facts["terms"] for channel in term["channels"]}
        paid = {channel for fee in facts["fees"] for channel in fee["channels"]}
        assert offered <= paid | set(document.free_channels(facts)), code
        assert facts.get("free", {"state": "none"})["state"] in ("none", "confirmed", "to_be_confirmed"), code


@pytest.mark.parametrize("code", ["2.002029", "2.002018", "1.001570", "2.000575", "1.013988"])
def test_no_rule_of_fifteen_hours_without_a_source(carried, code):
    assert not any(term.get("after_15h_next_day") for term in carried[code]["terms"])


@pytest.mark.parametrize(
    ("code", "case", "limit"),
    [
        ("1.004359", "reissue", (3, "working_day")),
        ("1.009646", "ninth", (5, "working_day")),
        ("1.013080", "plate", (2, "working_day")),
    ],
)
def test_limits_of_cases(carried, code, case, limit):
    found = {(term["amount"], term["unit"]) for term in carried[code]["terms"] if term.get("case") == case}
    assert found == {limit}


@pytest.mark.parametrize("code", ["1.013080", "1.013082", "1.013065", "1.013123"])
def test_the_verification_of_a_loss_is_a_period_that_does_not_count(carried, code):
    for period in carried[code]["excluded"]:
        assert (period["amount"], period["unit"]) == (30, "calendar_day")
        assert period["legal_ground"]


def test_suspension_and_resumption_have_their_own_result_codes(carried):
    names = {result["code"]: result["name"].casefold() for result in carried["2.002029"]["results"]}
    assert "tạm ngừng" in names["KQ.G12.001045"]
    assert "tiếp tục" in names["KQ.G12.001335"]


def test_reduced_fees_of_the_circular_end_and_the_whole_fee_follows(carried):
    ended = [
        (code, fee)
        for code, facts in carried.items()
        for fee in facts["fees"]
        if fee.get("legal_basis") == "64/2025/TT-BTC" and fee["amount"]
    ]
    assert ended
    for code, fee in ended:
        assert fee["valid_to"] == date(2026, 12, 31).isoformat(), code
        follow = [other for other in carried[code]["fees"] if other.get("valid_from") == "2027-01-01"]
        assert any(set(other["channels"]) & set(fee["channels"]) for other in follow), code


@pytest.mark.parametrize(("code", "act"), SUPERSEDED)
def test_no_superseded_act_is_a_ground(carried, code, act):
    grounds = {*carried[code]["legal_basis"], *(fee.get("legal_basis") for fee in carried[code]["fees"])}
    assert act not in grounds


def test_a_carried_procedure_says_of_every_channel_whether_it_costs_something(carried):
    entry = {**carried["1.001193"], "free": {"channels": ["online"], "state": "confirmed"}, "fees": []}
    found = document.problems_of(document.canonical_text(entry), bundled=True)
    assert found == ["fees: nothing is said of counter", "fees: nothing is said of post"]
    entry["fees"] = [{"name": "Lệ phí", "kind": "levy", "channels": ["online", "counter", "post"], "amount": 8_000}]
    assert document.problems_of(document.canonical_text(entry), bundled=True) == ["free: online has a fee"]
