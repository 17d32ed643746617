"""Addresses as people write them become today's communes from tables alone."""

import json
from importlib.resources import files

import pytest
from vietnamadminunits.database import get_data

from accounts.models import Person
from procedures.questionnaire.addresses import Understood, understood
from procedures.questionnaire.layout import Layout, Question, Section
from procedures.questionnaire.prefilling import Given, proposed_answers

DATA = files("vietnamadminunits").joinpath("data")


@pytest.fixture(scope="module")
def communes():
    """All communes of today by code, of every province."""
    return {unit["wardCode"]: unit["ward"] for unit in get_data(["wardCode", "ward"])}


@pytest.mark.parametrize(
    ("text", "commune", "detail"),
    [
        ("xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh", "Xã Tam Giang", ""),
        (
            "Số 5 đường Ngô Gia Tự, phường Suối Hoa, thành phố Bắc Ninh, tỉnh Bắc Ninh",
            "Phường Kinh Bắc",
            "Số 5 đường Ngô Gia Tự",
        ),
        ("P. Võ Cường, TP. Bắc Ninh", "Phường Võ Cường", ""),
        ("thôn Đông, xã Tân Dĩnh, huyện Lạng Giang, Bắc Giang", "Xã Tân Dĩnh", "thôn Đông"),
        ("Phường Kinh Bắc, Bắc Ninh", "Phường Kinh Bắc", ""),
        ("12 Lê Lợi, phường Bắc Giang, tỉnh Bắc Ninh", "Phường Bắc Giang", "12 Lê Lợi"),
    ],
)
def test_former_and_present_communes(communes, text, commune, detail):
    found = understood(text, communes)
    assert found is not None
    assert (communes[found.commune], found.detail) == (commune, detail)


def test_every_commune_of_the_province_is_understood_as_itself():
    """Seven of them bear the name of a former district, such as Xã Yên Phong."""
    units = get_data(["provinceCode", "wardCode", "ward"])
    ours = {unit["wardCode"]: unit["ward"] for unit in units if unit["provinceCode"] == "24"}
    texts = {code: f"12 Lê Lợi, {name}, tỉnh Bắc Ninh" for code, name in ours.items()}
    assert {code: understood(text, ours) for code, text in texts.items()} == {
        code: Understood(code, "12 Lê Lợi") for code in ours
    }


@pytest.mark.parametrize(
    "text", ["huyện Yên Phong, Bắc Ninh", "xã Tân Tiến, Bắc Giang", "xã Không Có, huyện Yên Phong"]
)
def test_a_district_is_not_taken_for_the_commune_of_its_name(communes, text):
    assert understood(text, communes) is None


@pytest.mark.parametrize("text", ["", "abc", "P.", "Bắc Ninh", "x" * 300, "12 đường Không Tên", ",,,", "(", "%s"])
def test_what_names_no_commune_stays_as_typed(communes, text):
    assert understood(text, communes) is None


def test_a_commune_of_another_province_is_not_ours(communes):
    ours = {code: name for code, name in communes.items() if name in ("Phường Kinh Bắc", "Xã Tam Giang")}
    assert understood("phường Ba Đình, Hà Nội", ours) is None
    assert understood("xã Tam Giang, huyện Yên Phong, Bắc Ninh", ours) == Understood(
        next(code for code, name in ours.items() if name == "Xã Tam Giang"), ""
    )


def test_a_split_commune_with_a_house_is_left_to_its_people(communes):
    """These went whole to an online geocoder; the suite refuses the network, so that a call would fail the test."""
    table = json.loads(DATA.joinpath("converter_2025.json").read_text(encoding="utf-8"))["DICT_PROVINCE_WARD_DIVIDED"]
    legacy = json.loads(DATA.joinpath("parser_legacy.json").read_text(encoding="utf-8"))
    tried = 0
    for formers in table.values():
        for former in list(formers)[:2]:
            province, district, ward = former.split("_")
            if not ward:
                continue
            wards = {}
            for name in ("NO_ACCENTED", "ACCENTED"):
                wards |= legacy[f"DICT_PROVINCE_DISTRICT_WARD_{name}"].get(province, {}).get(district, {})
            if ward not in wards:
                continue
            text = ", ".join(
                [
                    "12 đường Lê Lợi",
                    wards[ward]["ward"],
                    legacy["DICT_PROVINCE_DISTRICT"][province][district]["district"],
                    legacy["DICT_PROVINCE"][province]["province"],
                ]
            )
            assert understood(text, communes) is None, text
            tried += 1
    assert tried > 20


HOME = Layout(
    "Tờ khai", sections=(Section("Người", questions=(Question("home", "address", "Nơi ở", prefill="owner"),)),)
)


@pytest.mark.parametrize(
    ("address", "given", "proposed"),
    [
        ("SN 2 Lý Thái Tổ, Phường Bắc Giang, tỉnh Bắc Ninh", "09187", ("Phường Bắc Giang", "SN 2 Lý Thái Tổ")),
        ("Số 5, phường Suối Hoa, thành phố Bắc Ninh, tỉnh Bắc Ninh", "", ("Phường Kinh Bắc", "Số 5")),
        ("thôn Đông", "09187", ("Phường Kinh Bắc", "thôn Đông")),
    ],
)
def test_what_is_proposed_names_a_commune_once_and_no_other_beside_it(communes, address, given, proposed):
    filer = Person(full_name="Nguyễn Thị Mai")
    found = proposed_answers(
        HOME, owner=filer, filer=filer, given=Given(commune=given, address=address), communes=communes
    )
    assert (communes[found["home"]["commune"]], found["home"]["detail"]) == proposed
