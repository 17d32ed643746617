"""The life cycle through its one writer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from dossiers.lifecycle import NotAllowed, Refused, Stale, available_transitions, execute_transition
from dossiers.models import Dossier, DossierEvent, State
from tests.factories.dossiers import DRAFT, received, signed, taken_in
from tests.factories.moments import at

pytestmark = pytest.mark.usefixtures("papers_drawn_once")


def settle(dossier, cast, day="2026-11-24"):
    execute_transition(dossier, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
    execute_transition(dossier, "attach_result", cast.officer, at=at("2026-11-23 14:00"), **DRAFT)
    execute_transition(dossier, "verify", cast.officer, at=at("2026-11-23 15:00"))
    execute_transition(dossier, "submit", cast.head, at=at("2026-11-23 16:00"))
    execute_transition(dossier, "approve", cast.leader, at=at("2026-11-25 08:00"))
    moment = at("2026-11-25 09:00")
    execute_transition(dossier, "issue", cast.clerk, at=moment, **signed(cast, dossier, moment))


def test_from_counter_to_result(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    assert dossier.code == f"{cast.agency.code}-261123-0001"
    assert dossier.state == State.PROCESSING
    assert dossier.due_at == at("2026-12-01 17:00")  # 24 November is a holiday
    assert dossier.step.key == "assign"
    settle(dossier, cast)
    assert dossier.state == State.DONE
    assert dossier.finished_at == at("2026-11-25 09:00")
    assert dossier.outcome == "granted"
    execute_transition(dossier, "return_result", cast.counter, at=at("2026-11-26 08:00"))
    assert dossier.state == State.RETURNED
    actions = list(dossier.events.order_by("revision").values_list("action", flat=True))
    assert actions[:2] == ["receive", "hand_over"]
    assert actions[-1] == "return_result"
    assert list(dossier.events.order_by("revision").values_list("revision", flat=True)) == list(
        range(1, len(actions) + 1)
    )


def test_tet_does_not_count(cast, edition):
    dossier = received(cast, edition, at("2026-02-13 09:00"), limit_days="5")
    assert dossier.due_at == at("2026-02-27 17:00")


def test_a_supplement_pauses_the_clock_and_gives_the_time_back(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    assert dossier.due_at == at("2026-11-09 17:00")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-04 10:00"), items=["Ảnh"], reason="Thiếu ảnh 4x6"
    )
    assert dossier.state == State.SUPPLEMENT
    assert dossier.due_at is None
    assert dossier not in Dossier.objects.overdue(at("2027-01-01 00:00"))
    execute_transition(dossier, "answer_supplement", cast.citizen, answer="Tôi gửi kèm.", at=at("2026-11-11 10:00"))
    assert dossier.state == State.PROCESSING
    assert dossier.due_at == at("2026-11-16 17:00")
    assert dossier.original_due_at == at("2026-11-09 17:00")
    assert not dossier.pauses.filter(ended_at=None).exists()
    assert dossier.supplement_requests.get().new_due_at == dossier.due_at
    with pytest.raises(Refused) as refusal:
        execute_transition(
            dossier, "ask_supplement", cast.officer, at=at("2026-11-12 10:00"), items=["Ảnh"], reason="Lại thiếu"
        )
    assert refusal.value.code == "asked_before"


def test_the_second_of_two_is_told_what_the_first_did(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    page = dossier.revision
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-23 10:00"), revision=page)
    other = Dossier.objects.get(pk=dossier.pk)
    with pytest.raises(Stale) as refusal:
        execute_transition(other, "take", cast.officer2, at=at("2026-11-23 10:01"), revision=page)
    assert "chuyenvien" in str(refusal.value.sentence)
    assert "10:00" in str(refusal.value.sentence)


def test_strangers_and_other_roles_are_refused_and_nothing_changes(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    before = DossierEvent.objects.count()
    for actor in (cast.stranger, cast.citizen, cast.counter, cast.supervisor):
        with pytest.raises(NotAllowed):
            execute_transition(dossier, "assign", actor, at=at("2026-11-23 10:00"), officer=cast.officer.post)
    assert dossier.state == State.PROCESSING, "handing over is automatic, and done"
    assert DossierEvent.objects.count() == before
    assert [rule.action for rule in available_transitions(dossier, cast.stranger)] == []


def test_missing_facts_are_named(cast, edition):
    dossier = taken_in(cast, edition, at("2026-11-23 09:10"))
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "refuse", cast.counter, at=at("2026-11-23 09:11"))
    assert refusal.value.field == "reason"


def test_a_double_click_takes_in_once(cast, edition):
    first = taken_in(cast, edition, at("2026-11-23 09:10"), key="same")
    second = taken_in(cast, edition, at("2026-11-23 09:10"), key="same")
    assert first.pk == second.pk


def test_stopping_needs_that_no_decision_exists(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    execute_transition(dossier, "withdraw", cast.citizen, at=at("2026-11-23 11:00"), reason="Không cần nữa")
    execute_transition(dossier, "stop", cast.counter, at=at("2026-11-23 14:00"))
    assert dossier.state == State.STOPPED
    other = received(cast, edition, at("2026-11-23 09:10"), key="other", limit_days="5")
    execute_transition(other, "take", cast.officer, at=at("2026-11-23 10:00"))
    execute_transition(other, "attach_result", cast.officer, at=at("2026-11-23 14:00"), **DRAFT)
    with pytest.raises(Refused) as refusal:
        execute_transition(other, "withdraw", cast.citizen, at=at("2026-11-23 15:00"), reason="Thôi")
    assert refusal.value.code == "decided"


@pytest.mark.django_db(transaction=True)
def test_thirty_two_writers_get_thirty_two_codes(cast, edition):
    drafts = [taken_in(cast, edition, at("2026-11-23 09:10"), key=f"w{n}") for n in range(32)]

    def receive(draft):
        try:
            execute_transition(draft, "receive", cast.counter, at=at("2026-11-23 09:10"), limit_days="5")
            return draft.code
        finally:
            connection.close()

    with ThreadPoolExecutor(32) as pool:
        codes = sorted(pool.map(receive, drafts))
    assert codes == [f"{cast.agency.code}-261123-{n:04d}" for n in range(1, 33)]


@pytest.mark.django_db(transaction=True)
def test_many_officers_at_once_end_with_one_winner(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")
    revision = dossier.revision

    def take(_n):
        try:
            mine = Dossier.objects.get(pk=dossier.pk)
            execute_transition(mine, "take", cast.officer, at=at("2026-11-23 10:00"), revision=revision)
            return "won"
        except Stale as refusal:
            return str(refusal.sentence)
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:  # as many as the server lets in; the others queue behind them
        outcomes = list(pool.map(take, range(200)))
    assert outcomes.count("won") == 1
    assert sum(cast.officer.label in told for told in outcomes) == 199


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_the_lock_finds_the_step_of_now(cast, edition):
    dossier = received(cast, edition, at("2026-11-23 09:10"), limit_days="5")

    def verify():
        try:
            mine = Dossier.objects.get(pk=dossier.pk)
            return execute_transition(mine, "verify", cast.officer, at=at("2026-11-23 15:00")).facts["step"]
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            execute_transition(dossier, "assign", cast.head, at=at("2026-11-23 10:00"), officer=cast.officer.post)
            outcome, waits = pool.submit(verify), False
            while not (waits or outcome.done()):
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM pg_locks"
                    " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
                )
                waits = cursor.fetchone()[0]
        assert outcome.result() == "submit"


def test_what_is_due_at_once_can_be_extended_by_working_days(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    Dossier.objects.filter(pk=dossier.pk).update(limit_unit="at_once", limit_amount=0, due_at=at("2026-11-02 17:00"))
    execute_transition(dossier, "extend", cast.leader, at=at("2026-11-02 10:00"), amount="2", reason="Phải xác minh")
    assert dossier.due_at == at("2026-11-04 17:00")
    assert dossier.due_date_changes.get(ground="extended").reason == "Phải xác minh"


def test_half_a_month_more_is_refused_in_words(cast, edition):
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    Dossier.objects.filter(pk=dossier.pk).update(limit_unit="month", limit_amount=1)
    with pytest.raises(Refused) as refusal:
        execute_transition(
            dossier, "extend", cast.leader, at=at("2026-11-02 10:00"), amount="0,5", reason="Phải xác minh"
        )
    assert refusal.value.field == "amount"
