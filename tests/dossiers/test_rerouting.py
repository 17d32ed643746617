"""A dossier under way is moved to another version of its route by a supervisor, and by nothing else."""

import pytest

from dossiers.lifecycle import NotAllowed, Refused, execute_transition, route_change, routing
from tests.factories.dossiers import received
from tests.factories.moments import at

WHEN = at("2026-11-04 09:00")


@pytest.fixture
def dossier(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    return dossier


@pytest.fixture
def another_route(dossier, monkeypatch):
    """As if a version with a second appraisal had come into force since."""
    new = [dict(step) for step in dossier.route]
    here = next(i for i, step in enumerate(new) if step["key"] == "verify")
    new[here]["minutes"] = 60
    new.insert(here + 1, {**new[here], "key": "verify-2", "act": "verify", "name": "Thẩm định lần hai", "minutes": 240})
    monkeypatch.setattr(routing, "plan_route", lambda _dossier: [dict(step) for step in new])
    return new


def test_the_change_is_shown_and_then_made(cast, dossier, another_route):
    sentences = " ".join(change.sentence for change in route_change.preview_route_change(dossier).changes)
    assert "Thẩm định lần hai" in sentences
    due = dossier.due_at
    execute_transition(dossier, "change_route", cast.supervisor, at=WHEN, reason="Quyết định mới")
    assert dossier.due_at == due
    assert (dossier.step.key, dossier.step.minutes, dossier.holder) == ("verify", 60, cast.officer.post)
    execute_transition(dossier, "verify", cast.officer, at=WHEN)
    assert (dossier.step.key, dossier.step.carries) == ("verify-2", "verify")
    execute_transition(dossier, "verify", cast.officer, at=WHEN)
    assert dossier.step.key == "submit"


def test_nobody_else_moves_it_and_nothing_moves_by_itself(cast, dossier, another_route):
    for actor in (cast.officer, cast.head, cast.leader, cast.counter):
        with pytest.raises(NotAllowed):
            execute_transition(dossier, "change_route", actor, at=WHEN, reason="x")
    execute_transition(dossier, "verify", cast.officer, at=WHEN)
    assert dossier.step.key == "submit", "the route frozen at receipt"


def test_the_same_route_is_no_change(cast, dossier):
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "change_route", cast.supervisor, at=WHEN, reason="x")
    assert refusal.value.code == "same_route"


def test_a_route_without_the_step_it_stands_at_is_refused_in_words(cast, dossier, monkeypatch):
    monkeypatch.setattr(routing, "plan_route", lambda d: [step for step in d.route if step["key"] != "verify"])
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "change_route", cast.supervisor, at=WHEN, reason="x")
    assert refusal.value.code == "cannot_move"
