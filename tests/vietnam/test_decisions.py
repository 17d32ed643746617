"""Founding decisions: their number, and one key for an authority however it is spelt."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vietnam.decisions import LONGEST_KEY, FoundingDecision, decision_number, issuer_key
from vietnam.identity import InvalidNumber

PROVINCE = [
    "UBND tỉnh Bắc Ninh",
    "Ủy ban nhân dân tỉnh Bắc Ninh",
    "Uỷ ban Nhân dân Tỉnh Bắc Ninh",
    "ủy ban nhân dân tỉnh Bắc Ninh",  # decomposed
    "U.B.N.D. tỉnh Bắc Ninh",
    "Chủ tịch UBND tỉnh Bắc Ninh",
    "  UBND  T. BẮC NINH ",
]
SAME = [
    PROVINCE,
    ["UBND P. Kinh Bắc", "Ủy ban nhân dân phường Kinh Bắc", "Chủ tịch Ủy ban nhân dân phường Kinh Bắc"],
    ["Bộ Nội vụ", "Bộ trưởng Bộ Nội vụ", "BỘ NỘI VỤ"],
    ["UBND TP.HCM", "Ủy ban nhân dân Thành phố Hồ Chí Minh", "UBND TP Hồ Chí Minh"],
    ["Giám đốc Sở Nội vụ", "Sở Nội vụ"],
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda each: each[0])
def test_one_authority_has_one_key(spellings):
    assert len({issuer_key(each) for each in spellings}) == 1


def test_authorities_have_keys_of_their_own():
    others = ["UBND tỉnh Bắc Giang", "UBND thành phố Bắc Ninh", "UBND Bắc Ninh", "HĐND tỉnh Bắc Ninh", "Thủ tướng"]
    firsts = [each[0] for each in SAME] + others
    assert all(issuer_key(one) != issuer_key(other) for one, other in combinations(firsts, 2))


@given(st.text(max_size=200))
def test_any_text_has_a_key_that_fits(text):
    assert len(issuer_key(text)) <= LONGEST_KEY
    decision = FoundingDecision.parse("1/QĐ", issuer=text)
    assert bool(decision.issuer) == bool(decision.issuer_key)


@pytest.mark.parametrize("text", ["", "x", "//", "<1>", "-1", "1" * 61])
def test_what_is_no_decision(text):
    with pytest.raises(InvalidNumber):
        decision_number(text)


def test_a_decision_is_printed_with_what_is_known_of_it():
    whole = FoundingDecision.parse(" 12 / qđ-ubnd ", day=date(2019, 3, 5), issuer=" UBND  tỉnh Bắc Ninh ")
    assert str(whole) == "12/QĐ-UBND ngày 05/03/2019 của UBND tỉnh Bắc Ninh"
    assert (whole.is_whole, FoundingDecision("12/QĐ-UBND").is_whole) == (True, False)
    assert str(FoundingDecision("12/QĐ-UBND")) == "12/QĐ-UBND"
