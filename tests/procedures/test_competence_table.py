"""Who settles, written by a controller: the most specific row wins, gaps are shown and closed."""

import pytest

from accounts.models import StaffPost
from agencies.models import Agency, Territory
from procedures.competence import lookup, table
from procedures.competence.table import Scope
from procedures.editions import bundled, publishing
from procedures.models import Competence, Edition, Procedure
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


def test_case_goes_before_place_and_both_before_the_rest(company, ward):
    elsewhere = Territory.objects.valid(on=AT.date()).exclude(pk=ward.pk).filter(kind=ward.kind).first()
    table.put_row(Scope(company, None, "province", "again"), "industrial_zones", "test")
    table.put_row(Scope(company, None, "province", "", ward), "construction", "test")

    def settles(place, case=""):
        return lookup.settling_agency(company.current, place, AT.date(), case=case).key

    assert settles(elsewhere) == settles(elsewhere, "first") == "finance"
    assert settles(elsewhere, "again") == "industrial_zones"
    assert settles(ward) == "construction"
    assert settles(ward, "again") == "industrial_zones"
    table.put_row(Scope(company, None, "province", "again", ward), "justice", "test")
    assert settles(ward, "again") == "justice"


def test_a_row_of_a_person_survives_the_load_and_gives_way_when_taken_out(company, ward):
    row = table.put_row(Scope(company, None, "province"), "construction", "test")
    bundled.load_bundled(AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "construction"
    table.remove_row(row, "test")
    bundled.load_bundled(AT)
    assert lookup.settling_agency(company.current, ward, AT.date()).key == "finance"


def test_the_page_closes_a_gap(company, ward, client):
    enter_as(client, StaffPost.Role.CONTROLLER)
    field = company.current.field
    said = {"field": field.key, "level": "province", "place": "phường kinh bắc", "value_": "construction"}
    assert client.post("/manage/competence/row/", said).status_code == 302
    row = Competence.objects.get(source="controller")
    assert (row.field, row.territory_code, row.agency_key) == (field, ward.code, "construction")
    assert "Phường Kinh Bắc" in client.get("/manage/catalogue/competence/?rows=written").content.decode()
    assert client.get(f"/manage/competence/row/?field={field.key}&level=province").status_code == 200
    client.post(f"/manage/competence/{row.pk}/remove/")
    assert not Competence.objects.filter(pk=row.pk).exists()


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
    assert not Competence.objects.filter(source="controller").exists()
    assert Agency.objects.filter(key="construction").exists()
