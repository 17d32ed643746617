"""What an edition's sector law says of the clock: start anew after a supplement, ask again, leave time out."""

import pytest
from django.urls import reverse

from dossiers.deadlines import clock
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier, State
from procedures.editions import supplement_rules
from tests.factories.dossiers import received
from tests.factories.moments import at
from tests.factories.people import signed_in

GROUND = "Luật X điều 5"


def _says(monkeypatch, fact):
    """As if every edition's facts said so."""
    monkeypatch.setattr(
        supplement_rules, "rule_for", lambda edition: supplement_rules.rule_in(edition.facts | {"supplement": fact})
    )


@pytest.fixture
def dossier(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    return dossier


def _ask(cast, dossier, moment):
    execute_transition(dossier, "ask_supplement", cast.officer, at=moment, items=["Ảnh"], reason="Thiếu ảnh")


def test_the_whole_limit_runs_anew(cast, dossier, monkeypatch):
    _says(monkeypatch, {"clock": "restart"})
    _ask(cast, dossier, at("2026-11-05 10:00"))
    execute_transition(dossier, "answer_supplement", cast.citizen, answer="Tôi gửi kèm.", at=at("2026-11-11 10:00"))
    assert dossier.due_at == at("2026-11-18 17:00")
    assert dossier.received_at == at("2026-11-02 09:00")
    assert dossier.original_due_at == at("2026-11-09 17:00")
    assert dossier.due_date_changes.last().ground == "restarted"
    explained = clock.count_due(dossier).explanation
    assert explained[0].date == at("2026-11-11 00:00").date()


def test_a_second_time_only_on_the_ground_the_edition_names(cast, dossier, monkeypatch):
    _says(monkeypatch, {"again": [{"stage": "appraisal", "legal_ground": GROUND}]})
    for n, moment in enumerate((at("2026-11-03 10:00"), at("2026-11-05 10:00"))):
        _ask(cast, dossier, moment)
        execute_transition(dossier, "answer_supplement", cast.citizen, answer="Tôi gửi kèm.", at=moment)
        assert dossier.supplement_requests.count() == n + 1
    assert [request.legal_ground for request in dossier.supplement_requests.all()] == ["", GROUND]
    with pytest.raises(Refused) as refusal:
        _ask(cast, dossier, at("2026-11-06 10:00"))
    assert refusal.value.code == "asked_before"


def test_time_that_a_law_leaves_out_is_left_out(cast, dossier):
    execute_transition(
        dossier, "suspend", cast.leader, at=at("2026-11-04 09:00"), legal_ground=GROUND, reason="Niêm yết công khai"
    )
    assert (dossier.state, dossier.due_at) == (State.PROCESSING, None)
    assert dossier in Dossier.objects.paused()
    assert dossier not in Dossier.objects.running()
    assert clock.standing_of(dossier, at=at("2027-01-01 09:00")).standing == "paused"
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "verify", cast.officer, at=at("2026-11-05 09:00"))
    assert refusal.value.code == "clock_suspended"
    execute_transition(dossier, "continue_clock", cast.leader, at=at("2026-11-11 09:00"))
    assert dossier.due_at == at("2026-11-16 17:00")
    with pytest.raises(Refused):
        execute_transition(dossier, "continue_clock", cast.leader, at=at("2026-11-11 09:01"))


@pytest.mark.parametrize(("due", "standing"), [("2019-03-05 17:00", "early"), ("2019-03-01 17:00", "overdue")])
def test_what_ended_before_the_calendar_begins_is_judged_by_its_days(cast, dossier, due, standing):
    """As another system's dossiers of years ago are moved in; their pages and lists were broken."""
    ended = {"state": State.DONE, "step": None, "holder": None, "finished_at": at("2019-03-04 10:00")}
    Dossier.objects.filter(pk=dossier.pk).update(**ended, due_at=at(due))
    dossier.refresh_from_db()
    assert clock.standing_of(dossier, at=at("2026-11-23 09:00")) == (standing, None)
    page = signed_in(cast.officer).get(reverse("dossier", args=[dossier.code]))
    assert page.status_code == 200
