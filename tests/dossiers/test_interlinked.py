"""A step that opens a dossier of another procedure at another agency, once, and may wait for it."""

import html
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import Agency
from dossiers.lifecycle import NotAllowed, Refused, execute_transition
from dossiers.lifecycle import linked as interlinked
from dossiers.models import Dossier, State
from payments import charges
from procedures.models import Procedure, Route
from procedures.routes import checking, context
from procedures.routes import planning as routes
from tests.factories.dossiers import keep_changed_route, received, signed, to_result
from tests.factories.moments import at
from tests.factories.people import signed_in, staff_actor
from vietnam.working_time import Period, Unit

pytestmark = pytest.mark.usefixtures("papers_drawn_once")

OTHER = "1.014027"  # social pension allowance: settled by the commune, limit and fee confirmed


@pytest.fixture
def dossier(cast, edition):
    return received(cast, edition, at("2026-11-02 09:00"), limit_days="10")


def _opens(dossier, **more):
    verify = next(step for step in dossier.route if step["key"] == "verify")
    verify["opens"] = {"procedure": OTHER, "agency_key": "", "wait": True} | more
    keep_changed_route(dossier)


def _linked(dossier):
    return dossier.opened.get()


def test_it_is_received_for_the_same_people_with_its_own_code_and_clock(cast, dossier):
    _opens(dossier)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    linked = _linked(dossier)
    assert (linked.state, linked.owner_person, linked.filer) == (State.PROCESSING, cast.person, cast.person)
    assert linked.edition.procedure.code == OTHER
    assert linked.code != dossier.code
    assert linked.due_at is not None
    assert [event.automatic for event in linked.events.all()] == [True, True]
    assert dossier.events.last().facts["opened"] == linked.code
    assert interlinked.opened_dossiers(dossier) == [linked]


@pytest.mark.parametrize("carries", ["verify", "submit", "approve", "issue"])
def test_it_is_opened_when_its_step_begins_whoever_begins_it(cast, dossier, carries):
    step = next(step for step in dossier.route if step.get("carries", step["key"]) == carries or step["key"] == carries)
    step["opens"] = {"procedure": OTHER, "agency_key": "", "wait": False}
    keep_changed_route(dossier)
    to_result(cast, dossier, at("2026-11-02 10:00"))
    assert _linked(dossier).edition.procedure.code == OTHER


def test_the_step_waits_for_it_and_opens_it_once(cast, dossier):
    _opens(dossier)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    with pytest.raises(Refused) as refusal:
        execute_transition(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))
    assert refusal.value.code == "linked_open"
    linked = _linked(dossier)
    assert linked.code in str(refusal.value.sentence)
    Dossier.objects.filter(pk=linked.pk).update(state=State.STOPPED)
    execute_transition(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))
    execute_transition(dossier, "send_back", cast.head, at=at("2026-11-03 11:00"), reason="Xem lại")
    assert dossier.opened.count() == 1


@pytest.mark.parametrize("more", [{"procedure": "9.999999"}, {"agency_key": "no_such_body"}])
def test_what_cannot_be_opened_stops_nobody_and_is_said(cast, dossier, more):
    _opens(dossier, **more)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    reason = dossier.events.last().facts["not_opened"]
    assert reason
    waiting = interlinked.unopened_of(dossier).get()
    assert (waiting.reason, waiting.procedure_code) == (reason, more.get("procedure", OTHER))
    for actor, address in (
        (cast.officer, reverse("dossier", args=[dossier.code])),
        (cast.supervisor, reverse("reports")),
    ):
        client = Client()
        client.force_login(actor.account, backend="accounts.backends.AccountBackend")
        assert ("chưa mở được" if actor is cast.officer else "Liên thông chưa mở được") in client.get(
            address
        ).content.decode()
    closed = client.get(reverse("dossier", args=[dossier.code])).content.decode()
    assert html.escape(str(reason)) in closed
    assert waiting.procedure_code in closed
    listed = client.get(reverse("reports-list", query={"measure": "links_unopened"}))
    assert [row["dossier"] for row in listed.context["rows"]] == [dossier]
    assert not dossier.opened.exists()
    execute_transition(dossier, "verify", cast.officer, at=at("2026-11-03 10:00"))


def test_what_waits_is_opened_by_people_once_nothing_stands_against_it(cast, dossier):
    _opens(dossier, agency_key="no_such_body")
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    with pytest.raises(Refused):
        execute_transition(dossier, "open_links", cast.supervisor, at=at("2026-11-02 11:00"))
    _opens(dossier)
    event = execute_transition(dossier, "open_links", cast.supervisor, at=at("2026-11-02 12:00"))
    assert event.facts["opened"] == _linked(dossier).code
    assert not interlinked.unopened_of(dossier).exists()
    with pytest.raises(Refused):
        execute_transition(dossier, "open_links", cast.supervisor, at=at("2026-11-02 12:00"))


def test_no_person_opens_one(cast, dossier):
    draft = Dossier.objects.create(
        edition=Procedure.objects.get(code=OTHER).in_force,
        channel="counter",
        filer=cast.person,
        owner_person=cast.person,
        receiving_agency=cast.centre,
        settling_agency=cast.agency,
    )
    for actor in (cast.counter, cast.citizen, cast.supervisor):
        with pytest.raises(NotAllowed):
            execute_transition(draft, "open_linked", actor, at=at("2026-11-02 10:00"))


BIRTH, DEATH = "2.000986", "2.002622"


def _posts(key, territory=None):
    """An officer, head, leader and clerk of an agency."""
    agency = Agency.objects.get(key=key, valid_to=None, **({"territory": territory} if territory else {}))
    return {role: staff_actor(f"{key}-{role}", agency, role) for role in ("officer", "unit_head", "leader", "clerk")}


def _settle(cast, dossier, by, moment):
    """From the assignment to the result by the agency's own people, along the standard route."""
    execute_transition(dossier, "assign", by["unit_head"], at=moment, officer=by["officer"].post)
    execute_transition(dossier, "attach_result", by["officer"], at=moment, name="Kết quả", text="Đã thực hiện.")
    execute_transition(dossier, "verify", by["officer"], at=moment)
    execute_transition(dossier, "submit", by["unit_head"], at=moment)
    execute_transition(dossier, "approve", by["leader"], at=moment)
    execute_transition(dossier, "issue", by["clerk"], at=moment, **signed(cast, dossier, moment))


def test_a_birth_opens_residence_and_health_card_and_waits_for_both(cast):
    edition = Procedure.objects.get(code=BIRTH).in_force
    dossier = received(cast, edition, at("2026-11-02 09:00"))
    assert sum(step["minutes"] for step in dossier.route) == 20 * 480
    day = at("2026-11-03 09:00")
    execute_transition(dossier, "take", cast.officer, at=day)
    execute_transition(dossier, "verify", cast.officer, at=day)
    assert not interlinked.opened_dossiers(dossier)
    with pytest.raises(Refused, match="Chưa có dự thảo"):
        execute_transition(dossier, "approve", cast.leader, at=day)
    execute_transition(dossier, "attach_result", cast.leader, at=day, name="Giấy khai sinh", text="Bản thảo")
    execute_transition(dossier, "approve", cast.leader, at=day)
    execute_transition(dossier, "take", cast.officer, at=day)
    execute_transition(dossier, "verify", cast.officer, at=day)
    execute_transition(dossier, "take", cast.officer, at=day)
    residence, card = interlinked.opened_dossiers(dossier)
    assert (residence.edition.procedure.code, residence.settling_agency.key) == ("1.004222", "commune_police")
    assert residence.settling_agency.territory == cast.agency.territory
    assert (card.edition.procedure.code, card.settling_agency.key) == ("1.001939", "social_insurance")
    assert len({dossier.code, residence.code, card.code}) == 3
    assert (residence.fee_amount, card.fee_amount) == (0, 0), "the page of the whole says that nothing is paid"
    assert not charges.open_charges(residence.reference)
    later = at("2026-11-06 09:00")
    _settle(cast, card, _posts("social_insurance"), later)
    with pytest.raises(Refused) as refusal:  # the police are not done
        execute_transition(dossier, "verify", cast.officer, at=later)
    assert residence.code in str(refusal.value.sentence)
    _settle(cast, residence, _posts("commune_police", cast.agency.territory), later)
    execute_transition(dossier, "attach_result", cast.officer, at=later, name="Giấy khai sinh", text="Bản chính")
    execute_transition(dossier, "verify", cast.officer, at=later)
    execute_transition(dossier, "approve", cast.leader, at=later)
    execute_transition(dossier, "issue", cast.clerk, at=later, **signed(cast, dossier, later))
    execute_transition(dossier, "return_result", cast.counter, at=later)
    assert dossier.state == State.RETURNED
    assert dossier.finished_at < dossier.due_at


@pytest.mark.parametrize(("case", "funeral"), [("social_assistance", "1.001731"), ("social_pension", "1.014028")])
def test_a_death_opens_the_deletion_of_residence_and_the_funeral_support_of_its_case(cast, case, funeral):
    edition = Procedure.objects.get(code=DEATH).in_force
    steps = [
        step for step in routes.route_for(edition, case, "commune", limit=Period(10, Unit.WORKING_DAY)) if step.opens
    ]
    assert [(step.opens.procedure, step.opens.agency_key) for step in steps] == [
        ("1.003197", "commune_police"),
        (funeral, "commune_pc"),
    ]


def test_the_carried_packages_are_in_order(cast):
    """Their sums keep the published limit, and every agency and procedure that they name exists."""
    found = Route.objects.filter(status="in_force", procedure__code__in=(BIRTH, DEATH))
    assert found.count() == 3
    for route in found:
        assert checking.route_problems(*context.route_context(route)) == [], route.name


def test_whoever_settles_it_sees_where_it_comes_from(cast, dossier):
    _opens(dossier)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    page = signed_in(cast.officer).get(reverse("dossier", args=[_linked(dossier).code])).content.decode()
    assert "Được mở từ hồ sơ" in page
    assert dossier.code in page


def test_a_parent_that_only_the_key_names_is_found_by_the_migration(cast, dossier):
    _opens(dossier)
    execute_transition(dossier, "take", cast.officer, at=at("2026-11-02 10:00"))
    linked = _linked(dossier)
    Dossier.objects.filter(pk=linked.pk).update(opened_by=None)
    other = received(cast, linked.edition, at("2026-11-02 11:00"), key="other", limit_days="5")
    Dossier.objects.filter(pk=other.pk).update(filing_key="linked:no-number:verify")
    fill = import_module("dossiers.migrations.0014_fill_opened_by").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert list(dossier.opened.all()) == [linked]
    other.refresh_from_db()
    assert other.opened_by is None
