"""Corrections: asked by one, confirmed by another, forwards only."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actors import automatic_actor
from agencies.models import Agency
from demo.simulation.checks import inconsistencies
from dossiers.access import involvements
from dossiers.letters import control_slip
from dossiers.lifecycle import NotAllowed, Refused, execute_transition
from dossiers.models import Dossier, State
from dossiers.views import sheet
from journal import outbox
from notices.models import Notice
from payments import charges
from tests.factories.dossiers import filed_online, received, to_result
from tests.factories.moments import at

WHEN = at("2026-11-04 09:00")


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, at("2026-11-02 09:00"), limit_days="5")


def _ask(cast, dossier, by, kind, value=""):
    execute_transition(dossier, "ask_correction", by, at=WHEN, kind=kind, value=value, reason="Nhập nhầm")


def test_a_wrong_limit_is_counted_anew_and_the_old_date_kept(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    _ask(cast, dossier, cast.officer, "limit", "7")
    assert dossier.due_at == at("2026-11-09 17:00"), "nothing moves before the second person"
    execute_transition(dossier, "confirm_correction", cast.head, at=WHEN)
    assert dossier.due_at == at("2026-11-11 17:00")
    change = dossier.due_date_changes.last()
    assert (change.ground, change.old_due_at, change.reason) == ("corrected", at("2026-11-09 17:00"), "Nhập nhầm")
    correction = dossier.corrections.get()
    assert (correction.asked_by, correction.decided_by, correction.confirmed) == (
        cast.officer.post,
        cast.head.post,
        True,
    )


def test_nobody_confirms_their_own(cast, dossier):
    _ask(cast, dossier, cast.head, "content", "Nội dung đúng")
    with pytest.raises(NotAllowed):
        execute_transition(dossier, "confirm_correction", cast.head, at=WHEN)
    execute_transition(dossier, "confirm_correction", cast.leader, at=WHEN)
    assert dossier.content == "Nội dung đúng"


def test_one_at_a_time_and_declining_changes_nothing(cast, dossier):
    _ask(cast, dossier, cast.counter, "owner", "Nguyễn Thị Ánh Nguyệt")
    with pytest.raises(Refused) as refusal:
        _ask(cast, dossier, cast.counter, "content", "Khác")
    assert refusal.value.code == "correction_open"
    execute_transition(dossier, "decline_correction", cast.leader, at=WHEN, reason="Giấy tờ ghi đúng")
    assert dossier.owner_name == "Nguyễn Thị Ánh"
    with pytest.raises(Refused):
        execute_transition(dossier, "confirm_correction", cast.leader, at=WHEN)


def test_a_result_issued_by_mistake_reopens_on_the_same_clock(cast, dossier):
    to_result(cast, dossier, at("2026-11-03 08:00"), pause=timedelta(minutes=10))
    due = dossier.due_at
    _ask(cast, dossier, cast.counter, "reopen")
    execute_transition(dossier, "confirm_correction", cast.leader, at=WHEN)
    assert (dossier.state, dossier.step.key, dossier.holder) == (State.PROCESSING, "verify", cast.officer.post)
    assert (dossier.due_at, dossier.finished_at, dossier.waits_for) == (due, None, "")
    assert dossier.documents.get(kind="result").withdrawn_at == WHEN
    states = [step["state"] for step in sheet.steps_bar(dossier)]
    here = states.index("current")
    assert set(states[:here]) == {"done"}
    assert set(states[here + 1 :]) == {""}, "what is done again is not done"
    said = [row["result"] for row in control_slip.gather(dossier, by=cast.officer, at=WHEN, facts={})["steps"]]
    assert any(result.startswith("Giải quyết lại, chưa trả") for result in said)
    assert not any(result.startswith("Đã trả") for result in said), "nobody fetched it"
    assert [event.revision for event in dossier.events.all()] == list(range(1, dossier.revision + 1))
    for action, by in (("verify", cast.officer), ("submit", cast.head)):
        execute_transition(dossier, action, by, at=WHEN)
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "approve", cast.leader, at=WHEN)
    assert refusal.value.code == "no_draft", "the withdrawn one is no result"


def test_a_filing_refused_by_mistake_comes_back_to_the_inbox(cast, edition):
    fee = 8_000
    edition.fee_lines.all().delete()
    edition.fee_lines.create(position=1, channel="online", name="Phí", kind="charge", amount=fee, state="confirmed")
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    assert dossier.fee_amount == fee
    execute_transition(dossier, "refuse", cast.counter, at=at("2026-11-02 10:00"), reason="Không thuộc thẩm quyền")
    assert (dossier.fee_amount, charges.open_charges(dossier.reference).count()) == (None, 0)
    _ask(cast, dossier, cast.counter, "reopen")
    execute_transition(dossier, "confirm_correction", cast.supervisor, at=WHEN)
    assert (dossier.state, dossier.closed_at, dossier.waits_for) == (State.FILED, None, "answer_late")
    assert (dossier.fee_amount, charges.open_charges(dossier.reference).get().amount) == (fee, fee)
    execute_transition(dossier, "accept", cast.counter, lacking_ground="at_return", at=WHEN, limit_days="5")


def _stopped(cast, dossier, day="2026-11-03"):
    """Withdrawn at the counter in the name of whoever came, and stopped: the wrong dossier."""
    execute_transition(
        dossier, "withdraw", cast.counter, at=at(f"{day} 09:00"), reason="Xin rút", requested_by="Nguyễn Thị Ánh"
    )
    execute_transition(dossier, "stop", cast.counter, at=at(f"{day} 09:30"))


def _reopened(cast, dossier, when=WHEN):
    asked = {"kind": "reopen", "value": "", "reason": "Đơn xin rút là của hồ sơ khác"}
    execute_transition(dossier, "ask_correction", cast.counter, at=when, **asked)
    execute_transition(dossier, "confirm_correction", cast.leader, at=when)
    assert [event.revision for event in dossier.events.all()] == list(range(1, dossier.revision + 1))
    assert (involvements.differences(), inconsistencies()) == ([], {})


def test_a_dossier_stopped_by_mistake_goes_on_at_its_step_on_the_same_clock(cast, edition):
    edition.fee_lines.all().delete()
    edition.fee_lines.create(position=1, channel="counter", name="Phí", kind="charge", amount=9_000, state="confirmed")
    dossier = received(cast, edition, at("2026-11-02 09:00"), limit_days="5")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    due = dossier.due_at
    _stopped(cast, dossier)
    assert (dossier.state, dossier.step, dossier.fee_amount) == (State.STOPPED, None, None)
    _reopened(cast, dossier)
    assert (dossier.state, dossier.step.key, dossier.holder) == (State.PROCESSING, "verify", cast.officer.post)
    assert (dossier.due_at, dossier.finished_at, dossier.closed_at) == (due, None, None)
    assert (dossier.fee_amount, charges.open_charges(dossier.reference).get().amount) == (9_000, 9_000)
    execute_transition(dossier, "attach_result", cast.officer, at=WHEN, name="Giấy phép", text="Chấp thuận.")


def test_a_withdrawal_of_the_wrong_dossier_is_taken_back_before_it_is_stopped(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    step = dossier.step
    execute_transition(
        dossier, "withdraw", cast.counter, at=at("2026-11-03 09:00"), reason="Xin rút", requested_by="Nguyễn Thị Ánh"
    )
    _reopened(cast, dossier)
    assert (dossier.state, dossier.step, dossier.due_at) == (State.PROCESSING, step, at("2026-11-09 17:00"))


def test_what_waited_for_papers_waits_again_and_the_mistake_costs_the_agency_its_own_time(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2026-11-02 17:00"), items=["Bản vẽ"], reason="Thiếu"
    )
    execute_transition(dossier, "lapse", automatic_actor("waits"), at=at("2026-11-03 17:00"))
    assert (dossier.state, dossier.substate) == (State.STOPPED, "lapsed")
    _reopened(cast, dossier, at("2026-11-05 17:00"))  # two working days stopped
    assert (dossier.state, dossier.due_at, dossier.waits_for) == (State.SUPPLEMENT, None, "remind_supplement")
    request = dossier.supplement_requests.get()
    assert (request.answered_at, dossier.substate) == (None, "appraisal")
    execute_transition(dossier, "answer_supplement", cast.counter, at=at("2026-11-06 17:00"), answer="Đã mang đến")
    # Five working days from 2 November; paused on the 3rd and on the 6th.
    assert (dossier.state, dossier.due_at) == (State.PROCESSING, at("2026-11-11 17:00"))
    assert (involvements.differences(), inconsistencies()) == ([], {})


def test_money_that_was_waited_for_is_asked_for_again_by_the_officer(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    execute_transition(
        dossier, "require_payment", cast.officer, at=at("2026-11-02 17:00"), amount=50_000, reason="Thuế"
    )
    _stopped(cast, dossier)
    _reopened(cast, dossier)
    assert (dossier.state, dossier.step.key) == (State.PROCESSING, "verify")
    assert not dossier.pauses.filter(ended_at=None).exists()
    execute_transition(dossier, "require_payment", cast.officer, at=WHEN, amount=50_000, reason="Thuế")


def test_a_filing_withdrawn_by_mistake_comes_back_to_the_inbox(cast, edition):
    dossier = filed_online(cast, edition, at("2026-11-02 09:00"))
    _stopped(cast, dossier)
    _reopened(cast, dossier)
    assert (dossier.state, dossier.closed_at, dossier.waits_for) == (State.FILED, None, "answer_late")


def test_what_was_stopped_at_an_agency_that_merged_goes_on_at_its_successor(cast, dossier):
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    _stopped(cast, dossier)
    heir = cast.consulted.post.agency
    Agency.objects.filter(pk=cast.agency.pk).update(valid_to=at("2026-11-03 09:00").date(), successor=heir)
    dossier = Dossier.objects.get(pk=dossier.pk)
    execute_transition(dossier, "ask_correction", cast.counter, at=WHEN, kind="reopen", value="", reason="Nhầm")
    execute_transition(dossier, "confirm_correction", cast.supervisor, at=WHEN)
    assert (dossier.settling_agency, dossier.step.agency, dossier.holder) == (heir, heir, None)
    Agency.objects.filter(pk=cast.agency.pk).update(successor=None)


def test_sent_to_the_wrong_agency(cast, dossier):
    right = cast.consulted.post.agency
    _ask(cast, dossier, cast.head, "agency", right.code)
    execute_transition(dossier, "confirm_correction", cast.leader, at=WHEN)
    assert (dossier.settling_agency, dossier.step.agency, dossier.step.key) == (right, right, "assign")
    assert dossier.code.startswith(cast.agency.code), "the code is for ever"
    execute_transition(dossier, "take", cast.consulted, at=WHEN)


def test_who_gives_a_dossier_into_other_hands_lands_on_their_own_work(cast, dossier, client):
    """They landed on "page not found" under the word that it was done."""
    _ask(cast, dossier, cast.head, "agency", cast.consulted.post.agency.code)
    client.force_login(cast.leader.account)
    address = reverse("dossier-act", args=[dossier.code, "confirm_correction"])
    done = client.post(address, {"revision": dossier.revision}, follow=True)
    assert done.redirect_chain == [(reverse("work"), 302)]
    assert f"{dossier.code} không còn ở cơ quan của bạn" in done.content.decode()


def test_what_a_kind_of_mistake_asks_for_is_not_called_optional(cast, dossier, client):
    client.force_login(cast.head.account)
    page = client.get(reverse("dossier-act", args=[dossier.code, "ask_correction"])).content.decode()
    assert "Cơ quan giải quyết đúng" in page
    assert "không bắt buộc" not in page


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        ("reopen", "", "not_ended"),
        ("limit", "năm", "bad_amount"),
        ("limit", "0", "bad_amount"),
        ("agency", "H99.999", "unknown_agency"),
        ("owner", "", "missing"),
        ("weather", "x", "unknown_kind"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(cast, dossier, kind, value, code):
    with pytest.raises(Refused) as refusal:
        _ask(cast, dossier, cast.head, kind, value)
    assert refusal.value.code == code
    assert not dossier.corrections.exists()


@pytest.mark.parametrize("kind", ["limit", "owner", "content", "phone"])
def test_what_stands_so_already_is_no_mistake(cast, dossier, kind):
    dossier.contact_phone = "0912345678"
    dossier.save()
    stands = {
        "limit": "5,0",
        "owner": f" {dossier.owner_name} ",
        "content": dossier.content,
        "phone": "+84 912 345 678",
    }
    with pytest.raises(Refused) as refusal:
        _ask(cast, dossier, cast.counter, kind, stands[kind])
    assert (refusal.value.code, refusal.value.field) == ("same" if stands[kind] else "missing", "value")


def test_who_confirms_a_telephone_sees_it_as_it_will_stand(cast, dossier, client):
    _ask(cast, dossier, cast.counter, "phone", "84\u00a0977\u2011111\u2011222")
    client.force_login(cast.leader.account)
    page = client.get(reverse("dossier-act", args=[dossier.code, "confirm_correction"])).content.decode()
    assert "→ 0977111222" in page


@pytest.mark.parametrize("decision", ["confirm_correction", "decline_correction"])
def test_the_history_says_what_became_what_after_the_decision(cast, dossier, decision):
    _ask(cast, dossier, cast.counter, "phone", "84 987 654 321")
    execute_transition(dossier, decision, cast.leader, at=WHEN, reason="Đã đối chiếu")
    lines = sheet.timeline(dossier, public=False)[:2]
    assert all("Điện thoại liên hệ ghi sai: 0912345678 → 0987654321" in line["text"] for line in lines)
    told = [line["text"] for line in sheet.timeline(dossier, public=True)]
    assert any("0987654321" in text for text in told) == (decision == "confirm_correction")


def test_whoever_confirms_sees_on_the_page_what_is_to_become_what(cast, dossier, client):
    execute_transition(dossier, "take", cast.officer, at=WHEN)
    _ask(cast, dossier, cast.officer, "limit", "7,5")
    client.force_login(cast.leader.account)
    page = client.get(reverse("dossier-act", args=[dossier.code, "confirm_correction"])).content.decode()
    assert "ngày làm việc → 7,5 ngày làm việc" in page
    assert "Nhập nhầm" in page
    assert "ngày làm việc → 7,5 ngày làm việc" in client.get(reverse("dossier", args=[dossier.code])).content.decode()


def _told(account) -> int:
    return Notice.objects.filter(account=account, channel="portal", kind="dossier_staff").count()


@pytest.mark.parametrize("decision", ["confirm_correction", "decline_correction"])
def test_whoever_asked_for_a_reopening_is_told_how_the_second_person_decided(cast, dossier, decision):
    """Nobody holds a dossier that was withdrawn: only the counter learned of it."""
    withdrawal = {"reason": "Đổi ý", "requested_by": "Nguyễn Thị Ánh"}
    execute_transition(dossier, "withdraw", cast.counter, at=WHEN, **withdrawal)
    _ask(cast, dossier, cast.head, "reopen")
    outbox.dispatch_messages(at=timezone.now())
    before = _told(cast.head.account), _told(cast.leader.account)
    execute_transition(dossier, decision, cast.leader, at=WHEN, reason="Đã xem lại")
    outbox.dispatch_messages(at=timezone.now())
    assert (_told(cast.head.account), _told(cast.leader.account)) == (before[0] + 1, before[1]), "each once"
    if decision == "decline_correction":  # asked for again it may be confirmed, and what goes on may be withdrawn anew
        _ask(cast, dossier, cast.head, "reopen")
        execute_transition(dossier, "confirm_correction", cast.leader, at=WHEN)
    execute_transition(dossier, "withdraw", cast.counter, at=WHEN, **withdrawal)
    assert (dossier.state, inconsistencies()) == (State.WITHDRAWN, {})
