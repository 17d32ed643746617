"""Opinions asked side by side: each body its own time, the dossier waits for all of them and its clock for none."""

import pytest

from accounts.permissions import may, visible
from agencies.models import Agency
from dossiers.lifecycle import NotAllowed, Refused, available_transitions, execute_transition
from dossiers.models import Dossier, State
from tests.factories.dossiers import keep_changed_route, received
from tests.factories.moments import at


@pytest.fixture
def asked(cast, edition):
    """Two bodies asked for two working days each."""
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="10")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    finance = Agency.objects.get(key="finance", valid_to=None)
    execute_transition(
        dossier,
        "ask_opinion",
        cast.officer,
        at=at("2026-11-03 09:00"),
        agencies=[cast.consulted.post.agency, finance],
        question="Có phù hợp quy hoạch không?",
        limit_days="2",
    )
    return dossier


def test_each_body_has_its_own_limit_and_the_clock_runs_on(cast, asked):
    opinions = asked.opinions.all()
    assert [opinion.due_at for opinion in opinions] == [at("2026-11-05 09:00")] * 2
    assert asked.state == State.PROCESSING
    assert asked.due_at == at("2026-11-16 17:00")
    assert not asked.pauses.exists()


def test_the_dossier_goes_on_only_when_all_are_in(cast, asked):
    with pytest.raises(Refused) as refusal:
        execute_transition(asked, "verify", cast.officer, at=at("2026-11-04 09:00"))
    assert refusal.value.code == "opinions_open"
    assert "Sở Tài chính" in str(refusal.value.sentence)
    execute_transition(
        asked, "give_opinion", cast.consulted, at=at("2026-11-04 09:00"), view="agrees", answer="Phù hợp"
    )
    first = asked.opinions.get(agency=cast.consulted.post.agency)
    assert (first.used_minutes, first.answered_by) == (480, cast.consulted.post)
    other = asked.opinions.get(ended_at=None)
    execute_transition(
        asked, "close_opinion", cast.officer, at=at("2026-11-05 10:00"), opinion=other, reason="Quá thời hạn"
    )
    execute_transition(asked, "verify", cast.officer, at=at("2026-11-05 10:05"))
    assert asked.step.key == "submit"


def test_only_a_consulted_body_answers_and_only_once(cast, asked):
    for stranger in (cast.officer, cast.leader, cast.counter, cast.citizen):
        with pytest.raises(NotAllowed):
            execute_transition(
                asked, "give_opinion", stranger, at=at("2026-11-04 09:00"), view="agrees", answer="Phù hợp"
            )
    assert [rule.action for rule in available_transitions(asked, cast.consulted)] == ["give_opinion"]
    execute_transition(
        asked, "give_opinion", cast.consulted, at=at("2026-11-04 09:00"), view="disagrees", answer="Trái quy hoạch"
    )
    with pytest.raises(NotAllowed):
        execute_transition(
            asked, "give_opinion", cast.consulted, at=at("2026-11-04 09:01"), view="agrees", answer="Đổi ý"
        )


def test_a_consulted_body_sees_the_dossier_and_no_other(cast, edition, asked):
    other = received(cast, edition, at("2026-11-02 09:30"), key="other", limit_days="10")
    assert list(visible(cast.consulted, Dossier.objects.all())) == [asked]
    assert may(cast.consulted, "view", asked)
    assert not may(cast.consulted, "view", other)


def test_nobody_is_asked_twice_at_once_nor_themselves(cast, asked):
    facts = {"question": "Một lần nữa?", "limit_days": "1"}
    for agency, code in ((cast.consulted.post.agency, "asked_before"), (cast.agency, "own_agency")):
        with pytest.raises(Refused) as refusal:
            execute_transition(
                asked, "ask_opinion", cast.officer, at=at("2026-11-04 09:00"), agencies=[agency], **facts
            )
        assert refusal.value.code == code
    for days in ("0", "0,1", "61", "ba"):
        with pytest.raises(Refused):
            execute_transition(
                asked,
                "ask_opinion",
                cast.officer,
                at=at("2026-11-04 09:00"),
                agencies=[Agency.objects.get(key="justice", valid_to=None)],
                question="?",
                limit_days=days,
            )


def test_a_route_asks_by_itself_when_its_step_begins(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="10")
    verify = next(step for step in dossier.route if step["key"] == "verify")
    verify["opinions"] = [
        {"agency_key": "construction", "role": "officer", "minutes": 480, "question": "Quy hoạch?"},
        {"agency_key": "no_such_body", "role": "officer", "minutes": 480, "question": "?"},
    ]
    keep_changed_route(dossier)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    assert [(o.agency.key, o.asked_by) for o in dossier.opinions.all()] == [("construction", cast.officer.post)]
