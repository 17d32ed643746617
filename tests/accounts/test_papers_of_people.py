"""People and bodies without a number of a Vietnamese register are applicants at every door, and found again."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts import people
from accounts.identities import Proof, prove_account
from accounts.models import Account, Identity, Level, Person
from accounts.people import BirthDateDiffers, correct_person, find_or_create_person, search_people
from accounts.registration import account_at_counter, register_account
from core.countries import country_choices, country_name, is_country
from dossiers.filing import intake
from dossiers.letters import subject
from dossiers.lifecycle import execute_transition
from dossiers.models import Dossier
from dossiers.search import dossiers_matching
from tests.factories.desk import intake_page
from tests.factories.moments import at
from tests.factories.people import signed_in
from tests.factories.systems import connected_system, filing
from vietnam.documents import DocumentKind, IdentityDocument

KIM = IdentityDocument(DocumentKind.PASSPORT, "KR", "M12345678")
PAPERS = [
    (KIM, "Hộ chiếu (Hàn Quốc)", "Số hộ chiếu (Hàn Quốc)"),
    (IdentityDocument(DocumentKind.OLD_CARD, "VN", "121234567"), "Chứng minh nhân dân 9 số", "Số chứng minh nhân dân"),
    (
        IdentityDocument(DocumentKind.TRAVEL_DOCUMENT, "FR", "TD1234567"),
        "Giấy tờ đi lại quốc tế khác (Pháp)",
        "Số giấy tờ đi lại quốc tế (Pháp)",
    ),
]


@pytest.mark.parametrize(("paper", "named", "printed"), PAPERS, ids=lambda value: getattr(value, "kind", ""))
def test_who_is_known_by_a_paper_files_and_is_found(cast, edition, paper, named, printed):
    person, made = find_or_create_person(paper, full_name="KIM MIN JUN", birth_date=date(1990, 5, 1))
    assert (made, person.identity, person.identity_name) == (True, paper, named)
    assert find_or_create_person(paper, full_name="Kim Min Jun") == (person, False)
    assert search_people(paper.number.lower()) == search_people("kim min") == [person]
    dossier = intake.take_in(
        edition,
        by=cast.counter,
        filer=person,
        owner=person,
        ticked=[intake.Ticked(d, 1) for d in edition.documents.all()],
        territory=cast.agency.territory,
        key="k1",
        at=at("2025-11-24 09:00"),
        content="Xin cấp phiếu",
    )
    execute_transition(dossier, "receive", cast.counter, at=at("2025-11-24 09:00"), limit_days="5")
    assert subject.identity(dossier) == {"identity_kind": printed, "identity": paper.number}
    assert list(dossiers_matching(Dossier.objects.all(), paper.number)) == [dossier]


def test_a_number_is_one_persons_for_its_kind_and_country(cast):
    first = find_or_create_person(KIM, full_name="Kim Min Jun")[0]
    other = IdentityDocument(DocumentKind.PASSPORT, "JP", KIM.number)
    second = find_or_create_person(other, full_name="Sato Ken")[0]
    assert {first, second} == set(people.people_with_number("m 1234-5678"))
    with pytest.raises(IntegrityError, match="identity_document_once"), transaction.atomic():
        Person.objects.create(full_name="x", search_key="x", **people.columns_of(KIM))
    with pytest.raises(IntegrityError, match="identity_document_whole"), transaction.atomic():
        Person.objects.create(full_name="x", search_key="x", document_kind="passport", document_number="A1234567")
    with pytest.raises(ValueError, match="personal_number"):
        Person.objects.create(full_name="x", search_key="x", personal_number="121234567")


def test_the_counter_takes_in_for_a_foreigner(cast, edition):
    counter = signed_in(cast.counter)
    page = counter.post(reverse("desk"), {"who": "M12345678"}, follow=True)
    assert reverse("desk-new-owner", args=["paper"]) in page.content.decode()
    assert page.context["form"].initial["document"] == "passport", "letters and digits are most likely one's number"
    sent = {"document": "passport", "number": "m1234 5678", "country": "", "full_name": "KIM MIN JUN"}
    answer = counter.post(reverse("desk-new-owner", args=["paper"]), sent)
    assert (answer.status_code, "quốc tịch" in answer.content.decode()) == (422, True)
    answer = counter.post(reverse("desk-new-owner", args=["paper"]), sent | {"country": "KR"}, follow=True)
    page = answer.content.decode()
    assert "Hộ chiếu (Hàn Quốc) M12345678" in page
    person = Person.objects.get(document_number="M12345678")
    assert (person.full_name, person.document_country) == ("Kim Min Jun", "KR")
    assert counter.get(intake_page(edition.procedure.code, person, "k1")).status_code == 200
    assert "Kim Min Jun" in counter.post(reverse("desk"), {"who": "M12345678"}, follow=True).content.decode()
    find_or_create_person(IdentityDocument(DocumentKind.PASSPORT, "JP", "M12345678"), full_name="Sato Ken")
    page = counter.post(reverse("desk"), {"who": "M12345678"}, follow=True).content.decode()
    assert "Hàn Quốc" in page
    assert "Nhật Bản" in page


def test_the_counter_takes_in_for_a_card_of_old(cast):
    counter = signed_in(cast.counter)
    page = counter.post(reverse("desk"), {"who": "121 234 567"}, follow=True)
    assert page.context["form"].initial["document"] == "old_card"
    sent = {"document": "old_card", "number": "121 234 567", "full_name": "Thảo"}
    assert "121234567" in counter.post(reverse("desk-new-owner", args=["paper"]), sent, follow=True).content.decode()
    assert counter.get(reverse("desk-new-owner", args=["nobody"])).status_code == 404


def test_a_foreigner_opens_an_account_and_signs_in_with_the_passport(db, client):
    sent = {
        "document": "passport",
        "number": "M 1234 5678",
        "country": "KR",
        "full_name": "Kim",
        "phone": "84912345678",
        "password": "mat-khau-dai-01",
    }
    address = reverse("sign-up") + "?with=paper"
    assert client.post(address, sent).status_code == 302
    person = Person.objects.get(claimed_number="passport:KR:M12345678")
    assert (person.full_name, person.phone, person.self_declared) == ("Kim", "0912345678", True)
    assert person.account.username == "m12345678@kr"
    again = Client()
    again.post(reverse("sign-in"), {"login": "M12345678", "password": "mat-khau-dai-01"})
    assert again.session.get("_auth_user_id") == str(person.account.pk)
    assert "M12345678" in again.get(reverse("profile")).content.decode()
    taken = Client().post(address, sent)
    assert "đã có tài khoản" in taken.content.decode()


def test_a_one_word_name_opens_an_account(db, client):
    sent = {"number": "027190000099", "full_name": "Thảo", "phone": "0912345678", "password": "mat-khau-dai-01"}
    assert client.post(reverse("sign-up"), sent).status_code == 302
    assert Person.objects.get(claimed_number="027190000099").full_name == "Thảo"


def test_a_counter_proves_a_foreigners_claim(cast):
    now = timezone.now()
    register_account(KIM, full_name="Kim Min Jun", password="mat-khau-dai-01", phone="", today=now.date())
    person = find_or_create_person(KIM, full_name="Kim Min Jun")[0]
    counter = signed_in(cast.counter)
    claim = Person.objects.get(claimed_number=KIM.key)
    assert f'value="{claim.pk}"' in counter.get(reverse("counter-person", args=[person.pk])).content.decode()
    sent = {"action": "claim", "claim": str(claim.pk), "theirs": "yes", "seen": "on"}
    counter.post(reverse("counter-person", args=[person.pk]), sent)
    person.refresh_from_db()
    assert (person.account.level, Person.objects.get(pk=claim.pk).merged_into) == (Level.IDENTITY, person)


def test_a_counter_opens_an_account_for_a_passport(cast):
    person = find_or_create_person(KIM, full_name="Kim Min Jun")[0]
    account, _password = account_at_counter(person, by=cast.counter, at=timezone.now())
    assert (account.username, account.level) == ("m12345678@kr", Level.IDENTITY)


def test_a_record_by_passport_is_put_right_and_gets_its_number(cast):
    person = find_or_create_person(KIM, full_name="Kim Min Jun")[0]
    counter, address = signed_in(cast.counter), reverse("counter-person", args=[person.pk])
    sent = {"action": "correct", "document": "passport", "number": "M87654321", "country": "KR"}
    sent |= {"full_name": "Kim Min Jun", "reason": "hộ chiếu mới", "seen": "on"}
    assert counter.post(address, sent).status_code == 302
    person.refresh_from_db()
    assert person.document_number == "M87654321"
    sent = {"action": "correct", "personal_number": "101190000018", "full_name": "Kim Min Jun", "reason": "nhập tịch"}
    assert counter.post(address, sent | {"seen": "on"}).status_code == 302
    person.refresh_from_db()
    assert (person.personal_number, person.document_number) == ("101190000018", "M87654321")
    assert people.people_with_number("M87654321") == [person]


PAPER = {"kind": "passport", "number": "m12345678", "country": "KR"}


def test_the_api_files_for_a_passport(cast, edition):
    system = connected_system("portal", scopes=("dossiers:file",))
    applicant = {"paper": PAPER, "full_name": "Kim Min Jun", "phone": "84912345678"}
    answer = system.post("dossiers/", filing(applicant=applicant), **{"Idempotency-Key": "papers-0001"})
    assert answer.status_code in (201, 422), answer.json()
    assert answer.status_code == 201 or answer.json()["code"] not in ("bad_number", "bad_phone", "one_number")


WRONG = [
    ({"paper": PAPER | {"country": ""}}, "applicant.paper.country"),
    ({"paper": PAPER | {"country": "XX"}}, "applicant.paper.country"),
    ({"paper": PAPER | {"number": "???"}}, "applicant.paper.number"),
    ({"paper": {"kind": "old_card", "number": "12"}}, "applicant.paper.number"),
    ({"personal_number": "027190000011", "paper": PAPER}, "applicant.personal_number"),
    ({}, "applicant.personal_number"),
    ({"personal_number": "12"}, "applicant.personal_number"),
    ({"personal_number": "027190000011", "birth_date": "1938-01-01"}, "applicant.birth_date"),
]


@pytest.mark.parametrize(("said", "field"), WRONG)
def test_the_api_says_what_is_wrong_with_a_paper(cast, edition, said, field):
    system = connected_system("portal", scopes=("dossiers:file",))
    sent = filing(applicant={"full_name": "Kim Min Jun", **said})
    answer = system.post("dossiers/", sent, **{"Idempotency-Key": "papers-0002"})
    assert (answer.status_code, answer.json()["field"], bool(answer.json()["detail"])) == (422, field, True)


NUMBER, WRONG_DAY, RIGHT_DAY = "024190158990", date(1938, 5, 1), date(1990, 5, 1)


def test_a_birth_day_that_contradicts_the_number_is_refused_everywhere(cast, client):
    """At the counter, when signing up, by a proof, by a correction and through the API (above)."""
    with pytest.raises(BirthDateDiffers):
        find_or_create_person(NUMBER, full_name="Lê Văn A", birth_date=WRONG_DAY)
    with pytest.raises(BirthDateDiffers):
        register_account(
            NUMBER, full_name="Lê", password="mat-khau-dai-01", phone="", birth_date=WRONG_DAY, today=date(2026, 1, 1)
        )
    person = find_or_create_person(NUMBER, full_name="Lê Văn A")[0]
    with pytest.raises(BirthDateDiffers):
        correct_person(person, by=cast.counter, reason="x", at=timezone.now(), birth_date=WRONG_DAY)
    sent = {"number": NUMBER, "full_name": "Lê Văn A", "birth_date": "01/05/1938"}
    answer = signed_in(cast.counter).post(reverse("desk-new-owner", args=["person"]), sent)
    assert (answer.status_code, "Năm sinh không khớp" in answer.content.decode()) == (422, True)
    answer = client.post(reverse("sign-up"), sent | {"phone": "0912345678", "password": "mat-khau-dai-01"})
    assert "Năm sinh không khớp" in answer.content.decode()


def test_a_contradiction_on_record_is_put_right_by_the_card(cast):
    """Saved before it was refused: its holder can sign up, be proven and corrected, and the wrong day goes."""
    person = Person.objects.create(
        personal_number=NUMBER, full_name="Lê Văn A", birth_date=WRONG_DAY, search_key="le van a"
    )
    assert people.differences(person, full_name="Lê Văn A", birth_date=RIGHT_DAY) == []
    page = signed_in(cast.counter).post(reverse("desk"), {"who": NUMBER}, follow=True).content.decode()
    assert "không khớp với số định danh" in page
    account = register_account(
        NUMBER, full_name="Lê Văn A", password="mat-khau-dai-01", phone="", birth_date=RIGHT_DAY, today=date(2026, 1, 1)
    )
    proof = Proof(
        issuer="i",
        subject="s",
        level=Level.IDENTITY,
        method=Identity.Method.OPENID,
        number=NUMBER,
        full_name="Lê Văn A",
        birth_date=RIGHT_DAY,
    )
    prove_account(account, proof, by=cast.counter, at=timezone.now())
    person.refresh_from_db()
    assert (person.birth_date, person.account) == (RIGHT_DAY, Account.objects.get(pk=account.pk))


@pytest.mark.parametrize("letter", ["王", "ŉ ", "ﬁ ", "\u0958 "])
def test_a_name_that_grows_when_it_is_read_is_kept(cast, letter):
    name = (letter * 150)[:150].strip()
    person = find_or_create_person(KIM, full_name=name)[0]
    account, _password = account_at_counter(person, by=cast.counter, at=timezone.now())
    assert (len(person.full_name), len(account.search_key)) <= (150, 320)


def test_countries_are_named_in_both_languages():
    assert is_country("KR")
    assert not is_country("XX")
    assert not is_country("EU")
    with translation.override("en"):
        assert (country_name("KR"), country_choices()[0]) == ("South Korea", ("VN", "Vietnam"))
    with translation.override("vi"):
        assert (country_name("KR"), country_choices()[0][0]) == ("Hàn Quốc", "VN")
