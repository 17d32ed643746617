"""The national portal over real HTTP, with its faults: afterwards both sides say the same of every dossier."""

import os
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import StaffPost
from core.time_budget import TimeBudget
from dossiers.fees import amounts
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier, State
from exchange.attempts import claim_row
from exchange.connectors.national import differences, sending, values
from exchange.models import Difference, Synchronisation
from payments import charges, settlement
from simulators.national.book import Fault
from tests.factories.dossiers import copies_with_history, received, to_result
from tests.factories.moments import at
from tests.factories.people import staff_actor

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MOMENT = at("2026-11-23 09:10")
# How many dossiers both sides agree on after the faults: any number by OSS_AGREEING.
AGREEING = int(os.environ.get("OSS_AGREEING") or (10_000 if os.environ.get("OSS_FULL") else 1_000))


def tell_all(rounds: int = 30) -> None:
    begin = timezone.now()
    for n in range(rounds):
        sending.tell_waiting(at=begin + timedelta(minutes=31 * n))


def test_a_dossier_is_told_with_its_progress_and_its_result(cast, edition, portal):
    dossier = received(cast, edition, MOMENT, limit_days="5")
    tell_all(1)
    told = portal.dossiers[dossier.code]
    assert (told["TrangThaiHoSo"], told["MaTTHC"], told["ChuHoSo"]) == ("4", edition.procedure.code, dossier.owner_name)
    assert told["NgayTiepNhan"] == "20261123091000"
    assert told["NgayHenTra"] == values.moment_text(dossier.due_at) != ""
    assert told["LoaiDoiTuong"] == "1"
    to_result(cast, dossier, MOMENT + timedelta(days=1))
    dossier.refresh_from_db()
    tell_all(1)
    assert portal.dossiers[dossier.code]["TrangThaiHoSo"] == str(int(State.DONE))
    assert portal.dossiers[dossier.code]["NgayKetThucXuLy"] == values.moment_text(dossier.finished_at)
    acts = list(dossier.events.order_by("revision").values_list("to_state", flat=True))
    assert [item["TrangThai"] for item in portal.progress[dossier.code]] == [str(state) for state in acts]


def test_what_is_charged_paid_and_taken_back_is_told(cast, edition, portal):
    dossier = received(cast, edition, MOMENT)
    charges.cancel_open(dossier.reference, by="x")
    amounts.charge_amount(dossier, 70_000, by="x")
    charges.cancel_open(dossier.reference, by="x")
    amounts.charge_amount(dossier, 50_000, by="x")
    tell_all(1)
    (fee,) = portal.dossiers[dossier.code]["DanhSachLePhi"]
    assert (fee["Gia"], fee["LoaiPhiLePhi"], fee["TrangThaiThanhToan"], fee["NgayThanhToan"]) == ("50000", "1", "0", "")
    settlement.take_cash(charges.open_charges(dossier.reference).get(), by="thu quỹ", at=MOMENT + timedelta(hours=1))
    tell_all(1)
    (fee,) = portal.dossiers[dossier.code]["DanhSachLePhi"]
    assert (fee["TrangThaiThanhToan"], fee["NgayThanhToan"]) == ("1", "20261123101000")


def test_nothing_is_noted_where_the_portal_is_not_configured(cast, edition, settings):
    settings.NATIONAL_URL = ""
    received(cast, edition, MOMENT)
    assert not Synchronisation.objects.exists()
    assert sending.tell_waiting(at=timezone.now()) == 0


@pytest.mark.parametrize(
    "fault",
    [f for f in Fault if f not in (Fault.NONE, Fault.REFUSED, Fault.FORGETFUL, Fault.MISSING_FILE, Fault.CUT_FILE)],
)
def test_each_passing_fault_is_overcome(cast, edition, portal, fault):
    dossier = received(cast, edition, MOMENT)
    portal.fault, portal.fault_calls = fault, 2
    tell_all(6)
    assert portal.dossiers[dossier.code]["TrangThaiHoSo"] == str(dossier.state)
    assert len(portal.progress[dossier.code]) == dossier.events.count(), "each act counts once"
    row = Synchronisation.objects.get()
    assert (row.told_revision, row.parked_at, row.last_error) == (dossier.revision, None, "")


@pytest.mark.timeout(3600)
def test_after_minutes_of_faults_both_sides_agree_on_every_dossier(cast, edition, portal):
    """Told in rounds of 10 while the portal stumbles and staff go on acting, then compared and told again."""
    dice, begin = random.Random(29), timezone.now()
    passing = [Fault.BROKEN, Fault.LOST_ANSWER, Fault.SESSION_ENDED, Fault.NO_JSON, Fault.FORGETFUL]
    sending.want_told(copies_with_history(received(cast, edition, MOMENT), AGREEING - 1))
    dossiers = list(Dossier.objects.all())
    for n in range(AGREEING // 10):
        portal.fault, portal.fault_calls = dice.choice(passing), dice.choice([1, 2, 3])
        sending.tell_waiting(at=begin + timedelta(hours=n), limit=10)
        acted = dossiers.pop(dice.randrange(len(dossiers)))
        execute_transition(acted, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    portal.fault, now = Fault.NONE, begin + timedelta(days=AGREEING)
    sending.tell_waiting(at=now, limit=2 * AGREEING, budget=TimeBudget(3600))
    assert differences.compare_dossiers(at=now, limit=2 * AGREEING, budget=TimeBudget(3600)) == AGREEING
    assert differences.open_differences().exists(), "what was told and forgotten"
    for each in differences.open_differences():
        differences.tell_again(each, by=cast.head, at=now)
    sending.tell_waiting(at=now, limit=2 * AGREEING, budget=TimeBudget(3600))
    for each in differences.open_differences():
        differences.compare_dossier(each.synchronisation, at=now)
    assert not differences.open_differences().exists()
    assert {code: item["TrangThaiHoSo"] for code, item in portal.dossiers.items()} == {
        code: str(state) for code, state in Dossier.objects.values_list("code", "state")
    }


def test_comparing_many_costs_each_its_call_and_no_statement_more(cast, edition, portal):
    sending.want_told(copies_with_history(received(cast, edition, MOMENT), 5))
    tell_all(1)
    counts = []
    for many in (1, 6):
        with CaptureQueriesContext(connection) as asked:
            assert differences.compare_dossiers(at=timezone.now(), limit=many) == many
        calls = [query for query in asked if "journal_" in query["sql"]]
        counts.append((len(asked) - len(calls), len(calls) / many))
    assert counts[0] == counts[1]
    assert counts[0][1] == 2  # whether the portal rests, and that it was asked


def test_what_was_told_while_it_was_compared_is_no_difference(cast, edition, portal):
    dossier = received(cast, edition, MOMENT)
    tell_all(1)
    row = Synchronisation.objects.get()
    portal.dossiers[dossier.code]["TrangThaiHoSo"] = "1"
    unlike = differences._ask(row, values.load_dossiers([dossier.pk])[dossier.pk])
    execute_transition(dossier, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    assert differences._keep_found([(row, unlike)], timezone.now()) == []
    tell_all(1)
    assert differences._keep_found([(row, unlike)], timezone.now()) == []
    assert Synchronisation.objects.get().compared_at is None


def test_a_dossier_that_the_portal_forgot_is_told_whole_with_the_next_act(cast, edition, portal):
    dossier = received(cast, edition, MOMENT)
    portal.fault = Fault.FORGETFUL
    tell_all(1)
    assert not portal.dossiers
    portal.fault = Fault.NONE
    execute_transition(dossier, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    tell_all(1)
    assert portal.dossiers[dossier.code]["TrangThaiHoSo"] == str(dossier.state)
    assert len(portal.progress[dossier.code]) == dossier.events.count()
    assert Synchronisation.objects.get().last_error == ""


def test_what_the_portal_refuses_is_parked_with_its_words_and_told_when_it_may_be(cast, edition, portal):
    received(cast, edition, MOMENT)
    portal.fault = Fault.REFUSED
    tell_all(12)
    row = Synchronisation.objects.get()
    assert "Mã thủ tục chưa được công khai" in row.last_error
    assert row.parked_at is not None
    portal.fault = Fault.NONE
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    page = reverse("manage-national")
    assert "Mã thủ tục chưa được công khai" in client.get(page).content.decode()
    assert client.post(page, {"do": "retry", "row": row.pk}).status_code == 302
    assert sending.tell_waiting(at=timezone.now()) == 1


def test_a_slow_portal_holds_no_worker_longer_than_the_round(cast, edition, portal):
    for key in "abc":
        received(cast, edition, MOMENT, key=key)
    portal.fault, portal.fault_calls, portal.slow_seconds = Fault.SLOW, 1, 1.1
    now = timezone.now()
    assert sending.tell_waiting(at=now, budget=TimeBudget(1.0)) == 1
    left = Synchronisation.objects.filter(told_revision=0)
    assert [(row.attempts, row.available_at <= now, row.last_error) for row in left] == [(0, True, "")] * 2
    portal.fault, portal.fault_calls = Fault.SLOW, 1
    assert differences.compare_dossiers(at=now, budget=TimeBudget(0)) == 0
    portal.fault = Fault.NONE
    assert sending.tell_waiting(at=now) == 2


def test_a_fault_of_our_own_is_kept_with_its_dossier_and_stops_no_other(cast, edition, portal, monkeypatch):
    first, second = (received(cast, edition, MOMENT, key=key) for key in "ab")
    tell = sending._tell
    monkeypatch.setattr(sending, "_tell", lambda row, at: tell(row, at) if row.dossier_id == second.pk else 1 / 0)
    assert sending.tell_waiting(at=timezone.now()) == 1
    row = Synchronisation.objects.get(dossier=first)
    assert (row.last_error, row.attempts, row.parked_at) == ("ZeroDivisionError", 1, None)
    assert set(portal.dossiers) == {second.code}


def test_a_wrong_password_is_no_reason_to_park(cast, edition, portal, settings):
    """It is mended once for all dossiers; none of them waits for a person afterwards."""
    received(cast, edition, MOMENT)
    settings.NATIONAL_PASSWORD = "wrong"
    tell_all(12)
    assert Synchronisation.objects.get().parked_at is None
    settings.NATIONAL_PASSWORD = "mat-khau"
    assert sending.tell_waiting(at=timezone.now() + timedelta(days=2)) == 1


def test_a_difference_is_found_shown_and_mended(cast, edition, portal):
    dossier = received(cast, edition, MOMENT)
    tell_all(1)
    portal.dossiers[dossier.code]["TrangThaiHoSo"] = "1"
    assert differences.compare_dossiers(at=timezone.now()) == 1
    found = Difference.objects.get()
    assert (found.field, found.ours, found.theirs) == ("TrangThaiHoSo", "4", "1")
    differences.compare_dossiers(at=timezone.now())
    assert Difference.objects.count() == 1, "found again it is the same one"
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    page = reverse("manage-national")
    assert dossier.code in client.get(page).content.decode()
    client.post(page, {"do": "tell", "row": found.pk})
    sending.tell_waiting(at=timezone.now())
    client.post(page, {"do": "compare", "row": found.pk})
    found.refresh_from_db()
    assert found.ended_how == Difference.Ended.AGREED
    assert client.post(page, {"do": "note", "row": found.pk}).status_code == 404, "it has ended"


def test_after_the_portal_lost_everything_one_press_tells_all(cast, edition, portal):
    dossiers = [received(cast, edition, MOMENT, key=key) for key in "ab"]
    tell_all(1)
    portal.dossiers.clear()
    differences.compare_dossiers(at=timezone.now())
    client = Client()
    client.force_login(staff_actor("quantri2", "office", StaffPost.Role.ADMINISTRATOR).account)
    page = reverse("manage-national")
    assert 'value="tell-all"' in client.get(page).content.decode()
    assert "2 hồ sơ sẽ được gửi lại" in client.post(page, {"do": "tell-all"}, follow=True).content.decode()
    tell_all(1)
    differences.compare_dossiers(at=timezone.now())
    assert set(portal.dossiers) == {dossier.code for dossier in dossiers}
    assert not differences.open_differences().exists()


def test_an_act_during_the_telling_is_told_next(cast, edition, portal):
    dossier = received(cast, edition, MOMENT)
    row = claim_row(Synchronisation.objects.all(), timezone.now())
    execute_transition(dossier, "assign", cast.head, at=MOMENT, officer=cast.officer.post)
    sending._tell(row, timezone.now())
    tell_all(1)
    assert Synchronisation.objects.get().told_revision == dossier.revision
    assert len(portal.progress[dossier.code]) == dossier.events.count()
