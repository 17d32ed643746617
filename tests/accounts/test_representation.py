"""Legal representatives: taken in by the register's word or by papers at a counter, told, and ended at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import representation
from accounts.actors import Actor
from accounts.enterprises import representations
from accounts.models import Enterprise, Level, Look, Person, RegistryLookup, Representation
from core.refusals import Refused
from journal.models import Entry
from notices.models import Notice
from simulators.registries.book import BODIES, Fault
from tests.accounts.helpers import refused

pytestmark = pytest.mark.django_db
BODY, MAI = "0100109106", "024158990001"
BY = Actor(system="quầy")


@pytest.fixture
def mai(bacninh) -> Person:
    return Person.objects.select_related("account").get(personal_number=MAI)


@pytest.fixture
def hers(register, monkeypatch):
    """The register names Mai."""
    monkeypatch.setitem(BODIES[BODY], "nguoiDaiDien", "NGUYỄN THỊ MAI")
    monkeypatch.setitem(BODIES[BODY], "soDinhDanhNguoiDaiDien", MAI)
    return register


def by_register(person, number=BODY, *, level=Level.IDENTITY, at=None):
    return representation.represent_by_register(person, number, level=level, by=BY, at=at or timezone.now())


def acts_for(person) -> list[str]:
    return [row.enterprise.name for row in representations(person, on=timezone.localdate())]


def test_the_register_names_its_representative_by_number_and_name(mai, hers):
    held = by_register(mai, "0100 109 106")
    assert acts_for(mai) == ["Công ty Thử nghiệm"]
    assert "Cơ sở dữ liệu đăng ký doanh nghiệp" in held.ground
    assert by_register(mai).pk == held.pk, "asking twice changes nothing"
    assert Entry.objects.filter(verb="representation_granted", subject=f"enterprise:{held.enterprise_id}").count() == 1
    assert Notice.objects.filter(account=mai.account, body__contains="Công ty Thử nghiệm").exists()
    assert MAI not in str(list(RegistryLookup.objects.values_list("facts"))), "the number is kept as a digest only"
    assert hers.asked[-1]["taiKhoanCanBo"] != MAI, "the register is not told a citizen's sign-in name as an officer"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("soDinhDanhNguoiDaiDien", "024158990009"),
        ("soDinhDanhNguoiDaiDien", ""),  # a name alone is no proof
        ("nguoiDaiDien", "Nguyễn Thị Mây"),
        ("tenDoanhNghiep", ""),
    ],
)
def test_one_fact_alone_gives_nothing(mai, hers, monkeypatch, name, value):
    monkeypatch.setitem(BODIES[BODY], name, value)
    with refused(Refused, "not_confirmed"):
        by_register(mai)
    assert not Enterprise.objects.filter(tax_number=BODY).exists()


def test_a_low_level_a_silent_register_and_guessing_are_refused_in_words(mai, hers):
    with refused(Refused, "level"):
        by_register(mai, level=Level.CONTACT)
    hers.fault = Fault.BROKEN
    with refused(Refused, "unanswered"):
        by_register(mai)
    hers.fault = Fault.NONE
    for _n in range(representation.TRIES_AN_HOUR - 1):
        with refused(Refused, "not_confirmed"):
            by_register(mai, "2399000000")
    with refused(Refused, "too_often"):
        by_register(mai)
    assert by_register(mai, at=timezone.now() + timedelta(hours=1, minutes=1))


def test_the_page_asks_the_register(mai, hers, sign_in):
    client, page = sign_in(MAI), reverse("own-enterprise")
    assert page in client.get(reverse("profile")).content.decode()
    answer = client.post(page, {"number": "12"})
    assert (answer.status_code, "10 chữ số như trên" in answer.content.decode()) == (422, True)
    assert client.post(page, {"number": BODY})["Location"] == reverse("profile")
    assert "Công ty Thử nghiệm" in client.get(reverse("profile")).content.decode()
    assert "Tài khoản cán bộ" in sign_in("motcua.tinh").get(page, follow=True).content.decode()


def test_a_counter_grants_by_paper_and_ends_at_once(mai, sign_in):
    body = Enterprise.objects.get(tax_number="2399000000")
    [lan] = representation.present_representations(body, at=timezone.now())
    client, page = sign_in("motcua.tinh"), reverse("counter-representatives", args=[body.pk])
    ground = "Giấy chứng nhận đăng ký doanh nghiệp, thay đổi lần 2 ngày 05/11/2026"
    assert client.post(page, {"number": MAI, "ground": ground}).status_code == 422, "nobody saw card and paper"
    assert client.post(page, {"number": MAI, "ground": ground, "seen": "on"})["Location"] == page
    assert acts_for(mai) == [body.name]
    assert Notice.objects.filter(account=lan.person.account, body__contains="Thêm một người").exists()
    row = Representation.objects.get(person=mai, enterprise=body)
    assert Look.objects.filter(person=lan.person, record=f"enterprise:{body.pk}").exists()
    assert client.post(page, {"action": "end", "row": row.pk}).status_code == 422, "not without a reason"
    assert client.post(page, {"action": "end", "row": row.pk, "reason": "thay đổi lần 3"})["Location"] == page
    assert acts_for(mai) == []
    for wrong in ("", "x", "9" * 30, row.pk):
        client.post(page, {"action": "end", "row": wrong, "reason": "x"})
    assert representation.present_representations(body, at=timezone.now()) == [lan]
    again = representation.grant_representation(mai, body, ground=ground, by=BY, at=timezone.now())
    assert again.pk != row.pk
