"""Addresses typed as free text: understood as a commune of today, by tables on this machine only."""

import pytest
from vietnamadminunits.converter import converter_2025
from vietnamadminunits.database import get_data

from procedures.questionnaire.addresses import understood


@pytest.fixture(scope="module")
def communes():
    units = get_data(["provinceCode", "wardCode", "ward"])
    return {unit["wardCode"]: unit["ward"] for unit in units if unit["provinceCode"] == "24"}


@pytest.fixture(autouse=True)
def asked_on_the_net(monkeypatch):
    asked = []
    monkeypatch.setattr(converter_2025, "get_geo_location", lambda address: asked.append(address))
    yield
    assert not asked


@pytest.mark.parametrize(
    ("text", "commune", "detail"),
    [
        ("Xã Yên Phong, tỉnh Bắc Ninh", "Xã Yên Phong", ""),
        ("12 Nguyễn Gia Thiều, phường kinh bắc, Bắc Ninh", "Phường Kinh Bắc", "12 Nguyễn Gia Thiều"),
        ("12 Lê Lợi, thị trấn Chờ, huyện Yên Phong, tỉnh Bắc Ninh", "Xã Yên Phong", "12 Lê Lợi"),
        ("xã Tam Giang, huyện Yên Phong, tỉnh Bắc Ninh", "Xã Tam Giang", ""),
        ("số 3, xã Cảnh Thụy, huyện Yên Dũng, tỉnh Bắc Giang", "Phường Cảnh Thụy", "Số 3"),
    ],
)
def test_an_address_of_today_or_of_before_the_merger_is_understood(communes, text, commune, detail):
    found = understood(text, communes)
    assert found is not None
    assert (communes[found.commune], found.detail) == (commune, detail)


def test_every_commune_of_today_is_understood_as_itself(communes):
    assert {code: understood(f"{name}, tỉnh Bắc Ninh", communes).commune for code, name in communes.items()} == {
        code: code for code in communes
    }


@pytest.mark.parametrize(
    "text", ["", "P.", "Hà Nội", "Paris, Pháp", "tỉnh Bắc Ninh", "huyện Yên Phong, Bắc Ninh", "xã Tân Tiến, Bắc Giang"]
)
def test_what_names_no_commune_surely_is_left_to_the_person(communes, text):
    assert understood(text, communes) is None


def test_a_divided_commune_is_not_looked_up_on_the_net(communes):
    assert understood("12 phố Gạch, thị trấn Tây Đằng, huyện Ba Vì, thành phố Hà Nội", communes) is None
