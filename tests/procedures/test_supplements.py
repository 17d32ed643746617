"""The supplement rule of an edition, and what its fact may say."""

from copy import deepcopy

import pytest

from procedures.editions import bundled, supplement_rules
from procedures.editions.document import problems_of
from procedures.editions.supplement_rules import Again, SupplementRule
from procedures.models import Edition

GROUND = "Luật Đầu tư, Điều 33"


@pytest.fixture(scope="module")
def facts():
    return bundled.read_bundled()[0]


def saying(facts, supplement):
    return {**deepcopy(facts), "supplement": supplement}


def test_without_the_fact_the_clock_resumes_and_nobody_asks_twice(facts):
    rule = supplement_rules.rule_for(Edition(facts=facts))
    assert rule == SupplementRule(restart=False, again=())
    assert rule.ground_at("appraisal") == ""


def test_an_edition_may_restart_the_clock_and_allow_one_more_request(facts):
    said = saying(facts, {"clock": "restart", "again": [{"stage": "appraisal", "legal_ground": GROUND}]})
    assert problems_of(said) == []
    rule = supplement_rules.rule_for(Edition(facts=said))
    assert rule == SupplementRule(restart=True, again=(Again("appraisal", GROUND),))
    assert rule.ground_at("appraisal") == GROUND
    assert rule.ground_at("counter") == ""


@pytest.mark.parametrize(
    "supplement",
    [
        {},
        {"clock": "stop"},
        {"again": [{"stage": "appraisal"}]},
        {"again": [{"stage": "appraisal", "legal_ground": ""}]},
        {"again": [{"stage": "issue", "legal_ground": GROUND}]},
        {"again": [{"stage": "appraisal", "legal_ground": GROUND}, {"stage": "appraisal", "legal_ground": "x"}]},
    ],
)
def test_another_request_needs_a_known_stage_and_its_ground(facts, supplement):
    assert problems_of(saying(facts, supplement))
