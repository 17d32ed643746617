"""Bodies without a tax number: a decision's number names them only with its day and authority, at every door."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.enterprises import EnterpriseDiffers, search_enterprises
from accounts.models import Enterprise
from accounts.organisations import (
    BodyInDoubt,
    Likeness,
    find_or_create_organisation,
    founding_decision_of,
    likeness,
)
from accounts.owner_references import owner_reference
from core.refusals import Refused
from dossiers.letters import subject
from dossiers.models import Dossier
from journal.models import Entry
from tests.factories.people import signed_in
from tests.factories.systems import APPLICANT, connected_system
from vietnam.decisions import FoundingDecision

NUMBER, NAME = "123/QĐ-UBND", "Hội Người cao tuổi"
DAY, LATER = date(2019, 3, 5), date(2021, 7, 1)
PROVINCE, SPELT, WARD = "UBND tỉnh Bắc Ninh", "Ủy ban nhân dân tỉnh Bắc Ninh", "UBND phường Kinh Bắc"


def decision(day: date | None = DAY, issuer: str = PROVINCE, number: str = NUMBER, country: str = "VN"):
    return FoundingDecision.parse(number, country, day, issuer)


# stated day, authority; day, authority on record; with the same name, with another
LIKENESS = [
    (DAY, SPELT, DAY, PROVINCE, Likeness.SAME, Likeness.SAME),
    (DAY, PROVINCE, None, "", Likeness.SAME, Likeness.DOUBTFUL),
    (None, "", DAY, PROVINCE, Likeness.SAME, Likeness.DOUBTFUL),
    (None, "", None, "", Likeness.SAME, Likeness.DOUBTFUL),
    (DAY, "", DAY, PROVINCE, Likeness.SAME, Likeness.DOUBTFUL),
    (None, SPELT, DAY, PROVINCE, Likeness.SAME, Likeness.DOUBTFUL),
    (DAY, WARD, DAY, PROVINCE, Likeness.DOUBTFUL, Likeness.DOUBTFUL),
    (LATER, PROVINCE, DAY, PROVINCE, Likeness.DOUBTFUL, Likeness.OTHER),
    (LATER, WARD, DAY, PROVINCE, Likeness.OTHER, Likeness.OTHER),
    (LATER, "", DAY, PROVINCE, Likeness.DOUBTFUL, Likeness.OTHER),
    (None, WARD, DAY, PROVINCE, Likeness.DOUBTFUL, Likeness.OTHER),
]


TAX_NUMBER, OWNER = "0100109106", "001086004253"


@pytest.mark.parametrize(
    ("number", "stated", "meant"),
    [
        (TAX_NUMBER, {"day": DAY, "issuer": PROVINCE}, None),  # founded on a day, as every company is
        (OWNER, {"day": DAY}, None),  # a household business has its owner's number
        ("123456789", {}, None),
        (NUMBER, {}, decision(None, "")),
        ("123", {"day": DAY}, decision(DAY, "", "123")),
        ("123", {"issuer": PROVINCE, "country": "kr"}, decision(None, PROVINCE, "123", "KR")),
    ],
)
def test_which_numbers_are_those_of_a_founding_decision(number, stated, meant):
    assert founding_decision_of(number, **stated) == meant


def test_a_founding_decision_of_no_country_is_refused():
    with pytest.raises(Refused, match="VN, KR"):
        founding_decision_of(NUMBER, country="Hàn Quốc")


@pytest.mark.parametrize(("day", "issuer", "known_day", "known_issuer", "same_name", "other_name"), LIKENESS)
def test_whether_a_body_on_record_is_meant(day, issuer, known_day, known_issuer, same_name, other_name):
    on_record = decision(known_day, known_issuer)
    known = Enterprise(
        name=NAME,
        decision_number=NUMBER,
        decision_country="VN",
        decision_date=known_day,
        decision_issuer=on_record.issuer,
        decision_issuer_key=on_record.issuer_key,
    )
    stated = decision(day, issuer)
    assert likeness(stated, NAME.upper(), known) is same_name
    assert likeness(stated, "Hội Nông dân", known) is other_name


def made(cast, stated=None, name=NAME, **said) -> Enterprise:
    return find_or_create_organisation(stated or decision(), name=name, by=cast.counter, **said)[0]


@pytest.mark.parametrize("text", [" 123 / qđ-ubnd ", "123/QĐ-UBND", "123\u200b/QĐ\u2011UBND"])
def test_two_who_spell_number_and_authority_otherwise_reach_one_body(cast, text):
    body = made(cast, decision(number=text))
    assert made(cast, decision(issuer=SPELT), "hội người CAO TUỔI") == body
    assert (body.number, body.identity_name) == (NUMBER, "Quyết định thành lập")
    assert body.number_in_full == "123/QĐ-UBND, 05/03/2019, UBND tỉnh Bắc Ninh"
    assert search_enterprises("nguoi cao tuoi") == [body]
    with pytest.raises(EnterpriseDiffers):
        made(cast, decision(issuer=SPELT), "Hội khác")


def test_every_authority_and_year_has_the_number_anew(cast):
    bodies = [made(cast), made(cast, decision(LATER), "Hội Nông dân"), made(cast, decision(date(2022, 1, 3), WARD))]
    bodies.append(made(cast, decision(country="JP"), "Văn phòng đại diện"))
    assert len(set(bodies)) == 4
    assert bodies[3].identity_name == "Quyết định thành lập (Nhật Bản)"
    with pytest.raises(BodyInDoubt):
        made(cast, decision(issuer=WARD), "Hội Phụ nữ")  # the same day: an authority spelt otherwise, or another
    assert made(cast, decision(issuer=WARD), "Hội Phụ nữ", another=True) not in bodies


def test_the_database_holds_one_row_a_decision(cast):
    made(cast)
    row = {"name": "x", "search_key": "x", "decision_number": NUMBER, "decision_country": "VN"}
    whole = row | {"decision_date": DAY, "decision_issuer": SPELT, "decision_issuer_key": decision().issuer_key}
    with pytest.raises(IntegrityError, match="decision_once"), transaction.atomic():
        Enterprise.objects.create(**whole)
    Enterprise.objects.create(**row)
    with pytest.raises(IntegrityError, match="decision_once"), transaction.atomic():
        Enterprise.objects.create(**row)  # what is not known is alike
    with pytest.raises(IntegrityError, match="issuer_with_its_key"), transaction.atomic():
        Enterprise.objects.create(**row | {"decision_issuer": "x"})
    with pytest.raises(IntegrityError, match="body_has_a_number"), transaction.atomic():
        Enterprise.objects.create(name="x", search_key="x")


def test_a_row_of_before_is_completed_by_whoever_states_it_in_full(cast):
    before = Enterprise.objects.create(
        name=NAME, search_key="hoi nguoi cao tuoi", decision_number=NUMBER, decision_country="VN"
    )
    assert made(cast) == before
    before.refresh_from_db()
    assert (before.decision, before.number_in_full) == (decision(), "123/QĐ-UBND, 05/03/2019, UBND tỉnh Bắc Ninh")
    entry = Entry.objects.get(verb="enterprise_corrected")
    assert entry.changes["after"]["decision_date"] == "2019-03-05"
    assert made(cast, decision(None, "")) == before, "who states less still finds it"


NEW = "organisation"


def test_the_counter_asks_whether_it_is_the_body_on_record(cast):
    known, counter, address = made(cast), signed_in(cast.counter), reverse("desk-new-owner", args=[NEW])
    found = counter.post(reverse("desk"), {"who": NUMBER}, follow=True)
    assert known.number_in_full in found.content.decode()
    assert found.context["another_form"].initial["number"] == NUMBER, "another body with the number can be entered"

    sent = {"number": NUMBER, "country": "VN", "name": "Hội Phụ nữ"}
    refused = counter.post(address, sent)
    assert set(refused.context["form"].errors) == {"date", "issuer"}
    asked = counter.post(address, sent | {"date": "05/03/2019", "issuer": WARD})
    assert (asked.status_code, known.number_in_full in asked.content.decode()) == (409, True)
    assert Enterprise.objects.filter(decision_number=NUMBER).count() == 1

    taken = {"date": "05/03/2019", "issuer": WARD, "same": "another"}
    page = counter.post(address, sent | taken, follow=True).content.decode()
    assert "Quyết định thành lập 123/QĐ-UBND, 05/03/2019, UBND phường Kinh Bắc" in page
    several = counter.post(reverse("desk"), {"who": NUMBER}, follow=True)
    assert [each for each, _reference in several.context["several"]] == list(Enterprise.objects.order_by("id"))[-2:]
    assert PROVINCE in several.content.decode()
    assert WARD in several.content.decode()

    same = {"date": "05/03/2019", "issuer": "Tỉnh", "name": NAME, "same": owner_reference(known)}
    chosen = counter.post(address, sent | same)
    assert (chosen.status_code, Enterprise.objects.filter(decision_number=NUMBER).count()) == (302, 2)


def test_a_body_abroad_may_have_no_day(cast):
    counter = signed_in(cast.counter)
    sent = {"number": "SL-2019/77", "country": "JP", "name": "Sakura"}
    assert counter.post(reverse("desk-new-owner", args=[NEW]), sent).status_code == 302
    body = Enterprise.objects.get(decision_number="SL-2019/77")
    assert (body.decision_date, body.decision_issuer) == (None, "")


def test_the_certificate_puts_the_decision_right_unless_another_body_has_it(cast):
    body, other = made(cast), made(cast, decision(LATER, WARD), "Hội Nông dân")
    counter = signed_in(cast.counter)
    address = f"{reverse('desk-body')}?owner={owner_reference(other)}"
    page = counter.get(address)
    assert page.context["form"].initial["issuer"] == WARD
    sent = {"number": NUMBER, "country": "VN", "name": other.name, "date": "05/03/2019", "reason": "Bản chính"}
    refused = counter.post(address, sent | {"issuer": SPELT})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["number"])
    assert counter.post(address, sent | {"issuer": WARD}).status_code == 302
    other.refresh_from_db()
    assert (other.decision, other != body) == (decision(DAY, WARD), True)


def test_papers_print_the_decision_in_full(cast):
    dossier = Dossier(owner_enterprise=made(cast))
    assert subject.identity(dossier) == {
        "identity_kind": "Số quyết định, giấy phép thành lập",
        "identity": "123/QĐ-UBND ngày 05/03/2019 của UBND tỉnh Bắc Ninh",
    }


def handed(said: dict, name: str = NAME) -> dict:
    return {
        "procedure": "2.002516",
        "owner": {"decision": {"number": NUMBER, **said}, "name": name},
        "filer": {"personal_number": APPLICANT["personal_number"], "full_name": APPLICANT["full_name"]},
        "territory": "09187",
        "content": "Xin cấp",
        "documents": [{"key": key, "originals": 1} for key in ("declaration", "related_papers")],
        "limit_days": "3",
    }


def test_the_api_takes_day_and_authority_and_asks_which_body(cast):
    system = connected_system("desk", post=cast.counter.post)
    whole = {"date": "2019-03-05", "issuer": PROVINCE}

    def sent(said: dict, name: str, key: str):
        return system.post("intakes/", handed(said, name), **{"Idempotency-Key": f"decisions-{key}"})

    body = made(cast)
    asked = sent({}, "Hội Phụ nữ", "1")
    assert (asked.status_code, asked.json()["code"], asked.json()["field"]) == (409, "which_body", "owner.decision")
    assert body.number_in_full in asked.json()["detail"]
    asked = sent(whole | {"issuer": WARD}, "Hội Phụ nữ", "2")
    assert (asked.status_code, asked.json()["code"]) == (409, "which_body")
    differs = sent(whole | {"issuer": SPELT}, "Hội Phụ nữ", "3")
    assert (differs.json()["code"], differs.json()["field"]) == ("enterprise_differs", "owner.name")
    for wrong in ({"date": "5/3/2019"}, {"date": "2019-3-5"}, {"date": "2019-02-30"}, {"another": "yes"}):
        bad = sent(wrong, NAME, "4")
        assert (bad.status_code, next(iter(wrong)) in bad.content.decode()) == (400, True), bad.json()
    for key, said, name in (("5", {}, NAME), ("6", whole | {"issuer": WARD, "another": True}, "Hội Phụ nữ")):
        answer = sent(said, name, key)
        assert answer.status_code == 201, answer.json()
    owners = [each.owner_enterprise for each in Dossier.objects.order_by("id")]
    assert owners[0] == body
    assert (owners[1].name, owners[1].decision) == ("Hội Phụ nữ", decision(DAY, WARD))


def test_only_whole_decisions_are_another(cast):
    made(cast, decision(None, ""))
    with pytest.raises(Refused) as refused:
        made(cast, decision(None, ""), "Hội Phụ nữ", another=True)
    assert "ghi đủ ngày" in str(refused.value)
