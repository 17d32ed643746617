"""Who settles, written by a controller: the most specific row wins, gaps are shown and closed."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.actors import Actor
from accounts.models import Account, StaffPost
from agencies.models import Agency, Territory
from core.refusals import Refused
from core.second_person import SecondPersonMissing
from procedures.competence import lookup, table
from procedures.competence.table import COMPETENCES, Scope
from procedures.editions import bundled, publishing
from procedures.models import Competence, CompetenceChange, Edition, Procedure
from tests.factories.catalogue import AT
from tests.procedures.pages import enter_as

COMPANY = "2.001583"  # settled by the finance department


@pytest.fixture
def ward(catalogue):
    return Territory.objects.valid(on=AT.date()).get(name="Phường Kinh Bắc")


@pytest.fixture
def company(catalogue):
    facts = Procedure.objects.get(code=COMPANY).current.facts
    cases = [{"key": "first", "name": "Cấp lần đầu"}, {"key": "again", "name": "Cấp lại"}]
    publishing.publish_edition(COMPANY, {**facts, "cases": cases}, Edition.Origin.CONTROLLER, "test", AT)
    return Procedure.objects.get(code=COMPANY)


def actor(name):
    account = Account.objects.filter(username=name).first()
    return Actor(account=account or Account.objects.create_account(name, None, full_name=name))


def decided(scope, key):
    """A row proposed by one and put in force by another."""
    change = table.propose_row(scope, key, by=actor("mot"), at=AT)
    return COMPETENCES.put_in_force(change.pk, revision=change.revision, by=actor("hai"), at=AT)


def row_of(procedure):
    return Competence.objects.get(procedure=procedure, case="", territory_code="", level="province")


def test_case_goes_before_place_and_both_before_the_rest(company, ward):
    elsewhere = Territory.objects.valid(on=AT.date()).exclude(pk=ward.pk).filter(kind=ward.kind).first()
    decided(Scope(company, None, "province", "again"), "industrial_zones")
    decided(Scope(company, None, "province", "", ward), "construction")

    def settles(place, case=""):
        return lookup.settling_agency(company.current, place, AT.date(), case=case).key

    assert settles(elsewhere) == settles(elsewhere, "first") == "finance"
    assert settles(elsewhere, "again") == "industrial_zones"
    assert settles(ward) == "construction"
    assert settles(ward, "again") == "industrial_zones"
    decided(Scope(company, None, "province", "again", ward), "justice")
    assert settles(ward, "again") == "justice"


def test_a_row_of_a_person_survives_the_load_and_gives_way_when_taken_out(company, ward):
    decided(Scope(company, None, "province"), "construction")
    bundled.load_bundled(AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "construction"
    taken_out = table.propose_removal(row_of(company), by=actor("mot"), at=AT)
    COMPETENCES.put_in_force(taken_out.pk, revision=taken_out.revision, by=actor("hai"), at=AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "finance", (
        "what the product says holds again"
    )
    bundled.load_bundled(AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "finance"


def test_a_row_takes_effect_by_a_second_person_alone(company, ward):
    change = table.propose_row(Scope(company, None, "province"), "construction", by=actor("mot"), at=AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "finance"
    with pytest.raises(SecondPersonMissing):
        COMPETENCES.put_in_force(change.pk, revision=change.revision, by=actor("mot"), at=AT)
    with pytest.raises(Refused, match="đang chờ"):
        table.propose_row(Scope(company, None, "province"), "justice", by=actor("hai"), at=AT)
    with pytest.raises(IntegrityError, match="competence_by_a_second_person"), transaction.atomic():
        CompetenceChange.objects.update(status="in_force", number=1, in_force_at=AT, in_force_by=actor("mot").account)
    COMPETENCES.put_in_force(change.pk, revision=change.revision, by=actor("hai"), at=AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "construction"
    COMPETENCES.undo(change.pk, reason="Nhầm", by=actor("hai"), at=AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "finance"
    assert (row_of(company).source, CompetenceChange.objects.get().status) == ("memory", "undone")


def test_the_page_closes_a_gap_with_a_second_person(company, ward, client):
    enter_as(client, StaffPost.Role.CONTROLLER)
    field = company.current.field
    said = {"field": field.key, "level": "province", "place": "phường kinh bắc", "value_": "construction"}
    assert client.post("/manage/competence/row/", said).status_code == 302
    change = CompetenceChange.objects.get()
    page = f"/manage/competence/changes/{change.pk}/"
    assert "Phường Kinh Bắc" in client.get(page).content.decode()
    assert page in client.get("/manage/catalogue/competence/").content.decode()
    force = {"do": "force", "revision": str(change.revision)}
    assert client.post(page, force).status_code == 409
    assert client.post("/manage/competence/row/", said).status_code == 200, "the one that waits comes first"
    second = enter_as(Client(), StaffPost.Role.SUPERVISOR)
    assert page in second.get("/manage/confirmations/").content.decode()
    assert second.post(page, force).status_code == 302
    row = Competence.objects.get(source="controller")
    assert (row.field, row.territory_code, row.agency_key) == (field, ward.code, "construction")
    assert "Phường Kinh Bắc" in client.get("/manage/catalogue/competence/?rows=written").content.decode()
    assert client.get(f"/manage/competence/row/?field={field.key}&level=province").status_code == 200
    assert client.post(f"/manage/competence/{row.pk}/remove/").status_code == 302
    assert Competence.objects.filter(pk=row.pk).exists(), "until a second person agrees"


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"procedure": "", "field": ""}, "procedure"),
        ({"procedure": "1.999999"}, "procedure"),
        ({"place": "Phường Không Có"}, "place"),
        ({"case": "trường hợp lạ"}, "case"),
        ({"level": "commune"}, "level"),
        ({"value_": "commune_pc"}, "value_"),
        ({"value_": "khong-co"}, "value_"),
    ],
)
def test_a_wrong_row_is_told(company, ward, client, said, wrong):
    enter_as(client, StaffPost.Role.CONTROLLER)
    whole = {"procedure": COMPANY, "level": "province", "case": "Cấp lại", "value_": "construction"}
    page = client.post("/manage/competence/row/", {**whole, **said})
    assert page.status_code == 200
    assert wrong in page.context["form"].errors
    assert not CompetenceChange.objects.exists()
    assert Agency.objects.filter(key="construction").exists()
