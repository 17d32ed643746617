"""The province as laid down: every commune once, and nothing overwritten by a second load."""

import re
from datetime import date

import pytest

from agencies import province
from agencies.models import Agency, CalendarDay, Desk, Territory, WorkCalendar
from agencies.search import find_agencies, find_territories
from vietnam.codes import AGENCY_CODE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def loaded():
    return province.load_province("bacninh", today=TODAY)


def test_has_its_99_communes_with_official_codes(loaded):
    communes = Territory.objects.exclude(kind="province")
    assert communes.filter(kind="ward").count() == 33
    assert communes.filter(kind="commune").count() == 66
    assert all(re.fullmatch(r"\d{5}", commune.code) for commune in communes)
    assert communes.filter(parent__code="24").count() == 99
    kinh_bac = communes.get(code="09187")
    assert (kinh_bac.name, kinh_bac.name_en) == ("Phường Kinh Bắc", "Kinh Bac Ward")
    assert kinh_bac.latitude is not None


def test_every_commune_has_committee_centre_police_and_a_desk(loaded):
    for key in ("commune_pc", "commune_centre", "commune_police"):
        assert Agency.objects.filter(key=key).values("territory").distinct().count() == 99
    assert Desk.objects.filter(agency__kind="commune_centre").count() == 99
    assert not Desk.objects.filter(address="").exists()
    assert Agency.objects.filter(key="commune_centre", parent__key="commune_pc").count() == 99
    assert Agency.objects.get(key="commune_pc", territory__code="09187").name == "Ủy ban nhân dân phường Kinh Bắc"


def test_provincial_centre_has_a_desk_and_a_reception_point(loaded):
    first, second = Desk.objects.filter(agency__key="provincial_centre")
    assert (first.territory.name, first.is_reception_point) == ("Phường Bắc Giang", False)
    assert (second.territory.name, second.is_reception_point) == ("Phường Kinh Bắc", True)


def test_codes_are_well_formed_unique_and_unconfirmed_but_the_province(loaded):
    codes = list(Agency.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes))
    assert all(AGENCY_CODE.match(code) for code in codes)
    assert list(Agency.objects.filter(code_confirmed=True).values_list("code", flat=True)) == ["H05"]


def test_loading_again_adds_nothing_and_keeps_corrections(loaded):
    Agency.objects.filter(key="justice").update(code="H05.77", code_confirmed=True, phone="0222 3822 000")
    WorkCalendar.objects.get(key="state").days.filter(date=date(2027, 2, 5)).delete()
    again = province.load_province("bacninh", today=TODAY)
    assert (again.territories, again.agencies, again.desks, again.years) == (0, 0, 0, ())
    assert Agency.objects.get(key="justice").code == "H05.77"
    assert not CalendarDay.objects.filter(date=date(2027, 2, 5)).exists()


def test_a_later_load_adds_the_years_that_came_near(loaded):
    later = province.load_province("bacninh", today=date(2027, 1, 4))
    assert later.years == (2027 + province.YEARS_AHEAD,)


def test_unknown_province_is_refused():
    with pytest.raises(province.UnknownProvince):
        province.load_province("nowhere", today=TODAY)


def test_search_folds_accents(loaded):
    assert [found.code for found in find_territories("kinh bac")] == ["09187"]
    assert [found.code for found in find_territories("KINH BẮC phường")] == ["09187"]
    assert find_agencies("so tu phap")[0].key == "justice"
    assert len(find_agencies("", limit=5)) == 5


def test_territories_stand_in_vietnamese_order(loaded):
    names = [t.name.partition(" ")[2] for t in Territory.objects.exclude(kind="province")]
    assert names.index("Bồng Lai") < names.index("Cao Đức") < names.index("Đa Mai") < names.index("Gia Bình")


def test_valid_leaves_out_what_ended(loaded):
    Territory.objects.filter(code="09187").update(valid_to=date(2026, 6, 30))
    assert Territory.objects.valid(on=date(2026, 6, 30)).filter(code="09187").exists()
    assert not Territory.objects.valid(on=date(2026, 7, 1)).filter(code="09187").exists()
    assert not Territory.objects.valid(on=date(2025, 6, 30)).exists()
