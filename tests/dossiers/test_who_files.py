"""Dossiers belong to the person, never to whoever knows the number."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import people
from accounts.actors import Actor
from accounts.identities import CARD_ISSUER, Proof, prove_account
from accounts.models import Account, Identity, Level, Person
from dossiers.access.policies import of_applicant
from dossiers.filing import drafts
from dossiers.models import Dossier, State
from tests.factories.dossiers import received, taken_in
from tests.factories.moments import at
from tests.factories.people import signed_in

pytestmark = pytest.mark.django_db
MORNING = at("2026-11-23 09:00")
NUMBER = "027198123456"


def impostor() -> Actor:
    client = Client()
    form = {"number": NUMBER, "full_name": "Kẻ Mạo Danh", "phone": "0912345678", "password": "hoa-sen-2026-xanh"}
    assert client.post(reverse("sign-up"), form).status_code == 302
    return Actor(account=Account.objects.get(username=NUMBER))


def test_what_a_counter_takes_in_is_not_shown_to_who_claimed_the_number_before(cast, edition):
    claimed = impostor()
    owner, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    dossier = taken_in(cast, edition, MORNING)
    Dossier.objects.filter(pk=dossier.pk).update(filer=owner, owner_person=owner)
    assert not of_applicant(claimed, Dossier.objects.all()).exists()
    assert signed_in(claimed).get(reverse("my-dossier", args=[dossier.uid])).status_code == 404


def test_a_proven_account_gets_the_persons_dossiers_and_each_says_so(cast, edition):
    claimed = impostor()
    Person.objects.filter(account=claimed.account).update(full_name="Nguyễn Thị Ánh")
    claimed = Actor(account=Account.objects.get(pk=claimed.account.pk))
    draft = drafts.start_draft(edition, claimed.person, key="k", at=MORNING)
    owner, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    dossier = received(cast, edition, MORNING)
    Dossier.objects.filter(pk=dossier.pk).update(filer=owner, owner_person=owner)
    before = dossier.revision
    proof = Proof(CARD_ISSUER, "1", Level.IDENTITY, Identity.Method.CARD, NUMBER, "Nguyễn Thị Ánh")
    prove_account(claimed.account, proof, by=cast.counter, at=timezone.now())
    proven = Actor(account=Account.objects.get(pk=claimed.account.pk))
    assert set(of_applicant(proven, Dossier.objects.all())) == {dossier, draft}
    dossier.refresh_from_db()
    assert dossier.revision == before + 1
    assert dossier.events.last().action == "person_changed"
    assert (
        "xác thực hoặc sửa theo căn cước"
        in signed_in(proven).get(reverse("my-dossier", args=[dossier.uid])).content.decode()
    )


def test_a_draft_in_somebody_elses_name_is_its_writers_alone(cast, edition):
    draft = drafts.start_draft(edition, cast.citizen.person, key="k", at=MORNING)
    Dossier.objects.filter(pk=draft.pk).update(owner_person=cast.stranger.person)
    assert not of_applicant(cast.stranger, Dossier.objects.all()).exists()
    assert of_applicant(cast.citizen, Dossier.objects.all()).get() == draft


def test_a_card_that_differs_stops_the_intake_until_the_record_is_put_right(cast, edition):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị An")
    counter, code = signed_in(cast.counter), edition.procedure.code
    card = f"{NUMBER}|121234567|Nguyễn Thị Bình|05031998|Nữ|Bắc Ninh|01012022"
    page = counter.post(reverse("desk"), {"who": card}, follow=True).content.decode()
    assert "không khớp với hồ sơ đã lưu" in page
    assert "Nguyễn Thị Bình" in page
    assert f"/desk/intake/{code}/" not in page, "no way on to the intake"
    assert not Dossier.objects.filter(state__gt=State.DRAFT).exists()
    person = reverse("counter-person", args=[known.pk])
    facts = {"action": "correct", "personal_number": NUMBER, "full_name": "Nguyễn Thị Bình"}
    corrected = counter.post(person, {**facts, "reason": "Đã xem thẻ", "seen": "on"}, follow=True)
    assert corrected.context["person"].full_name == "Nguyễn Thị Bình"
    desk = counter.get(corrected.context["desk_address"])
    assert desk.context["owner"] == known, "the way back leads to the intake of the same person"


def test_typing_a_known_number_with_another_name_is_refused_at_the_counter(cast, edition):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị An")
    typed = {"number": NUMBER, "full_name": "Trần Văn Khác"}
    answer = signed_in(cast.counter).post(reverse("desk-new-owner", args=["person"]), typed)
    assert answer.status_code == 409
    assert reverse("counter-person", args=[known.pk]) in answer.content.decode()


def test_a_birthday_that_contradicts_the_number_is_not_kept(cast):
    typed = {"number": NUMBER, "full_name": "Trần Thị Ánh", "birth_date": "05/03/1997"}
    answer = signed_in(cast.counter).post(reverse("desk-new-owner", args=["person"]), typed)
    assert answer.status_code == 422
    assert not Person.objects.filter(personal_number=NUMBER).exists()
