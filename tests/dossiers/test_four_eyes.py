"""Whoever appraised a dossier never decides on it, in whichever post: by the rules and by the database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.posts import delegate_post
from dossiers.lifecycle import NotAllowed, execute_transition
from dossiers.models import Correction, Dossier, Participation
from tests.factories.dossiers import DRAFT, keep_changed_route, received, signed
from tests.factories.moments import at

DAY = at("2026-11-23 10:00")


@pytest.fixture
def dossier(cast, edition) -> Dossier:
    return received(cast, edition, at("2026-11-23 09:10"), limit_days="5")


@pytest.fixture
def officer_as_leader(cast) -> Actor:
    """The officer, acting in the leader's post while the leader is away."""
    today = timezone.localdate()
    leader = delegate_post(
        cast.leader.post,
        to=cast.officer.account,
        valid_from=today,
        valid_to=today + timedelta(days=5),
        by=cast.leader,
    )
    return Actor(account=cast.officer.account, post=leader, posts=(cast.officer.post, leader))


def to_approval(cast, dossier, officer=None) -> None:
    officer = officer or cast.officer
    execute_transition(dossier, "assign", cast.head, at=DAY, officer=officer.post)
    execute_transition(dossier, "attach_result", officer, at=DAY, **DRAFT)
    execute_transition(dossier, "verify", officer, at=DAY)
    if dossier.step.carries == "submit":
        execute_transition(dossier, "submit", cast.head, at=DAY)


@pytest.mark.parametrize(("action", "inputs"), [("approve", {}), ("reject", {"reason": "Không đủ điều kiện"})])
def test_who_appraised_does_not_decide_in_a_post_that_was_delegated(cast, dossier, officer_as_leader, action, inputs):
    to_approval(cast, dossier)
    with pytest.raises(NotAllowed) as refusal:
        execute_transition(dossier, action, officer_as_leader, at=DAY, **inputs)
    assert refusal.value.code == "four_eyes"
    execute_transition(dossier, action, cast.leader, at=DAY, **inputs)
    assert dossier.step.carries == "issue"


def test_a_route_with_keys_of_its_own_is_held_too(cast, dossier, officer_as_leader):
    for step in dossier.route:
        if step["key"] == "verify":
            step |= {"key": "tham-dinh", "act": "verify"}
    keep_changed_route(dossier)
    to_approval(cast, dossier)
    assert not dossier.steps.filter(key="verify").exists()
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "approve", officer_as_leader, at=DAY)


def test_an_officer_who_submits_has_prepared_the_decision(cast, dossier, officer_as_leader):
    submit = next(step for step in dossier.route if step["key"] == "submit")
    submit["role"] = "officer"
    keep_changed_route(dossier)
    execute_transition(dossier, "assign", cast.head, at=DAY, officer=cast.officer2.post)
    execute_transition(dossier, "verify", cast.officer2, at=DAY)
    execute_transition(dossier, "submit", cast.officer, at=DAY)
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "approve", officer_as_leader, at=DAY)


def test_a_connected_system_acts_for_the_person_of_its_post(cast, dossier, officer_as_leader):
    to_approval(cast, dossier)
    system = Actor(post=officer_as_leader.post, posts=officer_as_leader.posts, system="phần mềm", channel="api")
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "approve", system, at=DAY)


def test_an_appraisal_that_was_sent_back_counts_too(cast, dossier, officer_as_leader):
    to_approval(cast, dossier)
    execute_transition(dossier, "send_back", cast.leader, at=DAY, to_step="submit", reason="Xem lại")
    execute_transition(dossier, "send_back", cast.head, at=DAY, to_step="verify", reason="Xem lại")
    execute_transition(dossier, "assign", cast.head, at=DAY, officer=cast.officer2.post)
    execute_transition(dossier, "verify", cast.officer2, at=DAY)
    execute_transition(dossier, "submit", cast.head, at=DAY)
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "approve", officer_as_leader, at=DAY)


def test_who_decided_does_not_appraise_what_was_opened_again(cast, dossier, officer_as_leader):
    to_approval(cast, dossier, cast.officer2)
    execute_transition(dossier, "approve", officer_as_leader, at=DAY)
    execute_transition(dossier, "issue", cast.clerk, at=DAY, **signed(cast, dossier, DAY))
    execute_transition(dossier, "ask_correction", cast.counter, at=DAY, kind="reopen", value="", reason="Nhầm")
    execute_transition(dossier, "confirm_correction", cast.leader, at=DAY)
    execute_transition(dossier, "assign", cast.head, at=DAY, officer=cast.officer.post)
    for action, inputs in (("verify", {}), ("attach_result", DRAFT)):
        with pytest.raises(NotAllowed):
            execute_transition(dossier, action, cast.officer, at=DAY, **inputs)


def test_the_database_holds_it(cast, dossier):
    to_approval(cast, dossier)
    with pytest.raises(IntegrityError, match="appraises_or_decides"), transaction.atomic():
        Participation.objects.create(dossier=dossier, account=cast.officer.account, part="decided", at=DAY)


def test_the_second_person_of_a_correction_is_another_person_not_another_post(cast, dossier, officer_as_leader):
    execute_transition(dossier, "take", cast.officer, at=DAY)
    execute_transition(dossier, "ask_correction", cast.officer, at=DAY, kind="content", value="Đúng", reason="Nhầm")
    system = replace(officer_as_leader, account=None, system="phần mềm", channel="api")
    for by in (officer_as_leader, system):
        with pytest.raises(NotAllowed):
            execute_transition(dossier, "confirm_correction", by, at=DAY)
    with pytest.raises(IntegrityError, match="correction_by_a_second_person"), transaction.atomic():
        Correction.objects.update(
            decided_by=officer_as_leader.post, decided_by_account=cast.officer.account, decided_at=DAY
        )
