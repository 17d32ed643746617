"""The apology and request for more time: prepared by itself, lawful until a day before, else an apology alone."""

from datetime import UTC, date

import pytest

from dossiers.deadlines import extension, watch
from dossiers.lifecycle import Refused, execute_transition
from tests.factories.dossiers import received
from tests.factories.moments import at

# Due Monday 9 November 17:00, so the last lawful day is Friday the 6th.
DUE = at("2026-11-09 17:00")


@pytest.fixture
def dossier(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    return dossier


def _extend(cast, dossier, moment, **facts):
    execute_transition(dossier, "extend", cast.leader, at=moment, **({"amount": "3", "reason": "Chờ xác minh"} | facts))


def test_it_must_leave_one_working_day_before(cast, dossier):
    assert extension.last_moment(dossier) == at("2026-11-06 17:00")
    with pytest.raises(Refused) as refusal:
        _extend(cast, dossier, at("2026-11-06 17:01"))
    assert refusal.value.code == "too_late"
    assert "17:00, 06/11/2026" in str(refusal.value.sentence)
    _extend(cast, dossier, at("2026-11-06 17:00"))
    assert dossier.due_at == at("2026-11-12 17:00")


def test_more_time_is_asked_for_once(cast, dossier, settings):
    _extend(cast, dossier, at("2026-11-05 09:00"))
    with pytest.raises(Refused) as refusal:
        _extend(cast, dossier, at("2026-11-10 09:00"))
    assert refusal.value.code == "extended_before"
    settings.EXTENSIONS_AT_MOST = 2
    _extend(cast, dossier, at("2026-11-10 09:00"))


def test_it_is_prepared_when_one_working_day_remains_before_the_last_lawful_one(cast, dossier):
    assert watch.prepare_apologies(at=at("2026-11-05 16:59")) == 0
    assert watch.prepare_apologies(at=at("2026-11-05 17:00")) == 1
    assert watch.prepare_apologies(at=at("2026-11-06 09:00")) == 0, "once per due date"
    proposal = extension.propose_extension(dossier, at=at("2026-11-05 17:00"))
    assert proposal.last_moment == at("2026-11-06 17:00")
    assert proposal.amount >= 1
    assert proposal.until > DUE
    assert dossier.due_at == DUE, "a proposal moves nothing"


def test_over_new_year_the_days_off_do_not_count(cast, edition):
    """Tết 16–20 February 2026: due Friday 27, the last lawful day is Thursday 26."""
    dossier = received(cast, edition, at("2026-02-13 09:00"), limit_days="5")
    assert dossier.due_at == at("2026-02-27 17:00")
    assert extension.last_moment(dossier) == at("2026-02-26 17:00")


def test_too_late_there_is_an_apology_that_moves_no_due_date(cast, dossier):
    facts = {"expected_on": at("2026-11-16 00:00").date(), "reason": "Chờ xác minh"}
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "apologise", cast.leader, at=at("2026-11-05 09:00"), **facts)
    assert refusal.value.code == "still_in_time"
    prepared = extension.propose_apology(dossier, at=at("2026-11-10 09:00"))
    assert prepared is not None
    assert prepared[0] > at("2026-11-10 09:00").date()
    assert dossier.step.name.lower() in prepared[1], "nobody writes a letter from nothing"
    early = at("2026-11-10 05:30").astimezone(UTC)  # still the day before, by the clock of the server
    assert extension.propose_apology(dossier, at=early)[0] > at("2026-11-10 09:00").date()
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "apologise", cast.leader, at=early, **(facts | {"expected_on": date(2026, 11, 10)}))
    assert refusal.value.code == "past_day"
    execute_transition(dossier, "apologise", cast.leader, at=at("2026-11-10 09:00"), **facts)
    assert dossier.due_at == DUE
    event = dossier.events.last()
    assert event.facts["expected_on"] == "2026-11-16"
    assert len(event.facts["papers"]) == 1


def test_a_limit_too_short_for_a_day_before_may_be_extended_until_it_ends(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="1")
    assert extension.last_moment(dossier) in (at("2026-11-02 17:00"), dossier.due_at)
    _extend(cast, dossier, at("2026-11-02 10:00"), amount="1")
