"""Waiting for people ends by itself: the answer, the supplement, the collection; and never passes for a person."""

from datetime import timedelta

import pytest

from accounts.actors import automatic_actor
from dossiers.lifecycle import NotAllowed, due_waits, execute_transition
from dossiers.models import DossierEvent, State
from journal.models import OutboxMessage
from tests.factories.dossiers import filed_online, received, to_result
from tests.factories.moments import at

pytestmark = pytest.mark.usefixtures("papers_drawn_once")


def _told(action: str) -> int:
    events = DossierEvent.objects.filter(action=action).values_list("pk", flat=True)
    return OutboxMessage.objects.filter(key__in=[f"dossiers.tell:{pk}" for pk in events]).count()


def test_an_unanswered_filing_is_reported_once_and_stays_to_be_answered(cast, edition):
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    assert (dossier.waits_for, dossier.wait_ends_at) == ("answer_late", at("2026-11-03 09:00"))
    assert due_waits.end_waits(at=at("2026-11-03 08:59")) == {}
    assert due_waits.end_waits(at=at("2026-11-03 09:01")) == {"answer_late": 1}
    assert due_waits.end_waits(at=at("2026-11-09 09:01")) == {}
    dossier.refresh_from_db()
    assert (dossier.state, dossier.waits_for) == (State.FILED, "")
    assert _told("answer_late") == 1
    execute_transition(
        dossier, "accept", cast.counter, lacking_ground="at_return", at=at("2026-11-09 10:00"), limit_days="5"
    )
    assert dossier.state == State.PROCESSING


def test_an_answer_in_time_ends_the_waiting(cast, edition):
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    execute_transition(
        dossier, "accept", cast.counter, lacking_ground="at_return", at=at("2026-11-02 10:00"), limit_days="5"
    )
    assert (dossier.waits_for, dossier.wait_ends_at) == ("", None)
    assert due_waits.end_waits(at=at("2026-12-09 09:01")) == {}


def test_a_supplement_that_never_comes_is_reminded_of_and_then_ends_the_dossier(cast, edition, settings):
    settings.SUPPLEMENT_REMIND_DAYS, settings.SUPPLEMENT_WAIT_DAYS = 15, 30
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-03 10:00"), items=["Ảnh"], reason="Thiếu ảnh"
    )
    assert dossier.supplement_requests.get().answer_by == at("2026-12-03 17:00")
    assert due_waits.end_waits(at=at("2026-11-18 17:00")) == {"remind_supplement": 1}
    assert due_waits.end_waits(at=at("2026-12-03 16:59")) == {}
    assert due_waits.end_waits(at=at("2026-12-03 17:00")) == {"lapse": 1}
    dossier.refresh_from_db()
    assert (dossier.state, dossier.substate, dossier.step) == (State.STOPPED, "lapsed", None)
    assert not dossier.pauses.filter(ended_at=None).exists()
    last = dossier.events.last()
    assert last.automatic
    assert last.post is None


def test_before_receipt_the_dossier_ends_as_not_received(cast, edition):
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    execute_transition(
        dossier, "ask_completion", cast.counter, at=at("2026-11-02 10:00"), items=["Ảnh"], reason="Thiếu ảnh"
    )
    due_waits.end_waits(at=at("2026-11-30 10:00"))
    due_waits.end_waits(at=at("2027-02-28 10:00"))
    dossier.refresh_from_db()
    assert dossier.state == State.NOT_RECEIVED


def test_a_wait_of_zero_days_never_ends_a_dossier(cast, edition, settings):
    settings.SUPPLEMENT_WAIT_DAYS = 0
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    execute_transition(
        dossier, "ask_completion", cast.counter, at=at("2026-11-02 10:00"), items=["Ảnh"], reason="Thiếu ảnh"
    )
    assert due_waits.end_waits(at=at("2026-11-30 10:00")) == {"remind_supplement": 1}
    assert due_waits.end_waits(at=at("2028-02-28 10:00")) == {}


def test_a_result_nobody_fetches_is_reminded_of_and_stored_and_can_still_be_fetched(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    to_result(cast, dossier, at("2026-11-03 08:00"), pause=timedelta(minutes=10))
    assert due_waits.end_waits(at=at("2026-11-30 09:00")) == {"remind_collect": 1}
    assert due_waits.end_waits(at=at("2027-04-30 09:00")) == {"store": 1}
    dossier.refresh_from_db()
    assert (dossier.state, dossier.substate) == (State.DONE, "stored")
    execute_transition(dossier, "return_result", cast.counter, at=at("2027-05-04 09:00"))
    assert dossier.state == State.RETURNED


def test_no_person_can_do_what_only_time_does(cast, edition):
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "answer_late", cast.supervisor, at=at("2026-11-04 09:00"))
    execute_transition(dossier, "answer_late", automatic_actor("waiting"), at=at("2026-11-04 09:00"))
