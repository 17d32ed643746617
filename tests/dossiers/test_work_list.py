"""The work list and the returns list: overdue steps on top, narrowed, sorted, at a constant cost, and whom to call."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dossiers.lifecycle import bulk, execute_transition
from dossiers.models import Dossier, StepRun
from dossiers.statistics.tallies import fold_changes
from procedures.models import Procedure
from tests.factories.dossiers import received, to_result
from tests.factories.moments import at

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

MONDAY = at("2025-11-24 09:00")


def signed_in(actor) -> Client:
    client = Client()
    client.force_login(actor.account, backend="accounts.backends.AccountBackend")
    return client


@pytest.fixture
def dossiers(cast, edition) -> list[Dossier]:
    """Three of one procedure, the first with an officer; one of another."""
    made = [received(cast, edition, MONDAY, key=f"k{n}", limit_days="5") for n in range(3)]
    other = Procedure.objects.get(code="1.014027").in_force
    made.append(received(cast, other, MONDAY, key="other"))
    execute_transition(made[0], "take", cast.officer, at=at("2025-11-24 10:00"))
    return made


def due(dossier: Dossier, moment: str) -> None:
    StepRun.objects.filter(pk=dossier.step_id).update(due_at=at(moment))


def codes(answer) -> list[str]:
    return [row["dossier"].code for row in answer.context["rows"]]


def test_overdue_steps_stand_on_top_however_late_the_dossier_is_due(cast, dossiers):
    for dossier, moment in zip(dossiers, ("2099-01-04", "2099-01-02", "2020-01-02", "2099-01-03"), strict=True):
        due(dossier, f"{moment} 10:00")
    shown = signed_in(cast.head).get("/work/?view=unit")
    assert codes(shown) == [dossiers[n].code for n in (2, 1, 3, 0)]
    assert shown.context["rows"][0]["step_late"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("procedure=1.014027", [3]),
        ("procedure=9.999999", []),
        ("step=verify", [0]),
        ("step=assign", [1, 2, 3]),
        ("person=none", [1, 2, 3]),
        ("person=abc", [0, 1, 2, 3]),
        ("step=assign&procedure=1.014027", [3]),
    ],
)
def test_narrowed(cast, dossiers, asked, expected):
    shown = signed_in(cast.head).get(f"/work/?view=unit&{asked}")
    assert sorted(codes(shown)) == sorted(dossiers[n].code for n in expected)


def test_narrowed_to_one_person_and_the_choices_name_what_there_is(cast, dossiers):
    shown = signed_in(cast.head).get(f"/work/?view=unit&person={cast.officer.post.pk}")
    assert codes(shown) == [dossiers[0].code]
    offered = {each["name"]: dict(each["choices"]) for each in shown.context["filters"]}
    assert set(offered["step"]) == {"assign", "verify"}
    assert offered["person"][str(cast.officer.post.pk)] == cast.officer.account.full_name
    assert len(offered["procedure"]) == 2


@pytest.mark.parametrize("column", ["code", "owner", "procedure", "state", "step", "step_due", "due"])
def test_sorted_both_ways_and_page_by_page(cast, dossiers, column, monkeypatch):
    from dossiers.views.office import work

    whole = work.page_in_order
    monkeypatch.setattr(work, "page_in_order", lambda request, found, by: whole(request, found, by, size=2))
    client = signed_in(cast.head)
    for sign in ("", "-"):
        first = client.get(f"/work/?view=unit&sort={sign}{column}")
        second = client.get(f"/work/{first.context['page'].next_url}")
        assert sorted(codes(first) + codes(second)) == sorted(dossier.code for dossier in dossiers)
    assert client.get("/work/?view=unit&sort=nonsense").status_code == 200


def test_many_rows_cost_no_more_statements_than_few(cast, dossiers, edition):
    client = signed_in(cast.head)
    client.get("/work/?view=unit")
    with CaptureQueriesContext(connection) as few:
        client.get("/work/?view=unit")
    for number in range(5):
        received(cast, edition, MONDAY, key=f"more{number}", limit_days="5")
    with CaptureQueriesContext(connection) as many:
        client.get("/work/?view=unit")
    assert len(many) <= len(few)


def test_a_whole_list_chosen_for_many_is_the_list_as_narrowed(cast, dossiers):
    client = signed_in(cast.head)
    page = client.get("/work/?view=unit&procedure=1.014027").content.decode()
    assert '<input type="hidden" name="procedure" value="1.014027">' in page
    sent = {"action": "assign", "list": "unit", "whole": "1", "procedure": "1.014027"}
    asked = client.post(reverse("bulk"), sent)
    assert [each["dossier"].code for each in asked.context["chosen"]] == [dossiers[3].code]
    assert bulk.AT_MOST > 1


def test_the_page_says_how_long_the_running_step_took_and_whose_time_it_was(cast, dossiers):
    dossier = dossiers[0]
    execute_transition(
        dossier, "ask_supplement", cast.officer, at=at("2025-11-24 14:00"), items=["Bản vẽ"], reason="Thiếu"
    )
    shown = signed_in(cast.officer).get(reverse("dossier", args=[dossier.code]))
    used = {row["who"]: row["minutes"] for row in shown.context["time_used"]}
    officer = f"{cast.officer.account.full_name}, {cast.agency.local_name}"
    assert used[officer] == 150  # 10:00 to 14:00, without the midday break
    assert shown.context["running"] == 150
    assert used["Người nộp bổ sung giấy tờ"] > 0
    assert "Thời gian của ai" in shown.content.decode()


def test_returns_say_whom_to_call_how_it_goes_back_and_since_when(cast, dossiers):
    dossier = dossiers[1]
    Dossier.objects.filter(pk=dossier.pk).update(contact_phone="0912000111")
    dossier.refresh_from_db()
    to_result(cast, dossier, at("2025-11-25 09:00"))
    shown = signed_in(cast.counter).get("/desk/returns/")
    text = shown.content.decode()
    assert "0912000111" in text
    assert "Nhận tại quầy" in text
    assert "25/11/2025" in text
    [row] = shown.context["rows"]
    assert not row["late"], "finished in time; that it still waits is nobody's lateness"
    assert "oss-state--overdue" not in text
    late = dossiers[2]
    to_result(cast, late, timezone.now())
    again = signed_in(cast.counter).get("/desk/returns/")
    assert {row["dossier"].code: row["late"] for row in again.context["rows"]} == {dossier.code: False, late.code: True}


def test_what_is_done_is_narrowed_by_what_was_settled_at_once_and_after_it_is_added_up(cast, edition):
    to_result(cast, received(cast, edition, MONDAY, key="done", limit_days="5"), at("2025-11-26 09:00"))
    client = signed_in(cast.head)
    for folded in (False, True):
        offered = {each["name"]: dict(each["choices"]) for each in client.get("/work/?view=done").context["filters"]}
        assert set(offered["procedure"]) == {edition.procedure.code}, folded
        fold_changes()
