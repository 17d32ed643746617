"""What a row of a transition table refuses before any guard runs."""

from datetime import date, datetime
from enum import Enum

import pytest

from core.refusals import Refused
from core.transitions import Action, ActionField, Transition


class Relation(Enum):
    CLERK = "clerk"


ROW: Transition[Action, str, Relation] = Transition(
    "close",
    "Đóng",
    ("open",),
    "closed",
    (Relation.CLERK,),
    fields=(ActionField("reason", "Lý do"), ActionField("on", "Ngày", kind="date", required=False)),
)


@pytest.mark.parametrize(
    ("inputs", "code", "field"),
    [
        ({"reason": "x", "colour": "red", "age": 3}, "unknown_input", None),
        ({}, "missing", "reason"),
        ({"reason": ""}, "missing", "reason"),
        ({"reason": []}, "missing", "reason"),
        ({"reason": "x", "on": "2026-11-23"}, "bad_date", "on"),
    ],
)
def test_inputs_that_do_not_fit_the_row_are_refused_in_words(inputs, code, field):
    with pytest.raises(Refused) as refusal:
        ROW.require_inputs(inputs)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert str(refusal.value.sentence)


@pytest.mark.parametrize("inputs", [{"reason": "x"}, {"reason": "x", "on": date(2026, 11, 23)}, {"reason": 0}])
def test_inputs_that_fit_are_taken(inputs):
    ROW.require_inputs(inputs)


def test_a_target_may_depend_on_the_action():
    action = Action(at=datetime(2026, 11, 23, 9), inputs={"to": "lost"})
    assert ROW.target_of(action) == "closed"
    other: Transition[Action, str, Relation] = Transition(
        "move", "Chuyển", ("open",), lambda executed: executed.inputs["to"], (Relation.CLERK,)
    )
    assert other.target_of(action) == "lost"
