"""A number that somebody knows opens nothing: self-made accounts are unproven until the person is."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import identities, people
from accounts.actors import Actor
from accounts.identities import Proof, ProofRefused, prove_account
from accounts.models import Account, Identity, Level, Person
from dossiers.models import Dossier
from journal.models import Entry
from notices import delivery
from procedures.models import Edition
from tests.accounts.helpers import refused, sent_code

pytestmark = pytest.mark.django_db
NUMBER = "027198123456"
FORM = {
    "number": NUMBER,
    "full_name": "Kẻ Mạo Danh",
    "birth_date": "05/03/1998",
    "phone": "0912345678",
    "email": "mao.danh@example.com",
    "password": "hoa-sen-2026-xanh",
}
CARD = f"{NUMBER}|121234567|Nguyễn Thị Ánh|05031998|Nữ|Bắc Ninh|01012022"


def sign_up(client, **other):
    return client.post(reverse("sign-up"), FORM | other)


def card_proof(number=NUMBER, name="Nguyễn Thị Ánh", subject="card-1", **other):
    return Proof(
        issuer=identities.CARD_ISSUER,
        subject=subject,
        level=Level.IDENTITY,
        method=Identity.Method.CARD,
        number=number,
        full_name=name,
        **other,
    )


def test_a_self_made_account_is_nobody_whom_a_counter_knows_or_comes_to_know(client, bacninh):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh", phone="0912345678")
    assert sign_up(client).status_code == 302
    account = Account.objects.get(username=NUMBER)
    assert account.level == Level.DECLARED
    assert account.person != known
    assert (account.person.personal_number, account.person.claimed_number) == (None, NUMBER)
    later, made = people.find_or_create_person("027198000009", full_name="Trần Văn Bình")
    assert made
    assert later.account is None


def test_signing_up_says_the_same_whether_a_counter_knows_the_number(client, bacninh):
    first = sign_up(client)
    client.post(reverse("sign-out"))
    people.find_or_create_person("027198000009", full_name="Trần Thị Bình")
    second = sign_up(client, number="027198000009", email="")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])


def test_number_and_claim_never_stand_side_by_side(bacninh):
    with pytest.raises(IntegrityError, match="claimed_number_is_unproven"), transaction.atomic():
        Person.objects.create(full_name="X", personal_number="027198000009", claimed_number=NUMBER, self_declared=True)
    Person.objects.create(full_name="X", claimed_number=NUMBER, self_declared=True)
    with pytest.raises(IntegrityError, match="number_claimed_once"), transaction.atomic():
        Person.objects.create(full_name="Y", claimed_number=NUMBER, self_declared=True)


def test_the_counter_sees_the_unproven_account_and_takes_the_number_from_it(client, sign_in):
    sign_up(client)
    account = Account.objects.get(username=NUMBER)
    person, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    counter = sign_in("motcua.tinh")
    page = reverse("counter-person", args=[person.pk])
    assert "Kẻ Mạo Danh" in counter.get(page).content.decode()
    unseen = counter.post(page, {"action": "claim", "claim": account.person.pk, "theirs": "yes"}, follow=True)
    assert "Hãy xem căn cước" in unseen.content.decode()
    refused = counter.post(reverse("counter-account"), {"number": CARD, "seen": "on"})
    assert "tài khoản tự mở" in refused.content.decode()
    unlike = {"action": "claim", "claim": account.person.pk, "theirs": "yes", "seen": "on"}
    assert "tự khai khác với căn cước" in counter.post(page, unlike, follow=True).content.decode()
    account.refresh_from_db()
    assert account.level == Level.DECLARED, "one tick at a counter makes nobody another person"
    counter.post(page, {"action": "claim", "claim": account.person.pk, "theirs": "no", "seen": "on"})
    account.refresh_from_db()
    assert account.username == f"tu-khai-{account.pk}"
    assert account.person.claimed_number == ""
    opened = counter.post(reverse("counter-account"), {"number": CARD, "seen": "on"}).context["account"]
    assert (opened.username, opened.person, opened.level) == (NUMBER, person, Level.IDENTITY)
    assert account.notices.exists()


def test_the_counter_proves_the_account_of_the_person_at_the_counter(client, sign_in):
    sign_up(client, full_name="Nguyen Thi Anh")
    account = Account.objects.get(username=NUMBER)
    own = account.person
    person, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    page = reverse("counter-person", args=[person.pk])
    sign_in("motcua.tinh").post(page, {"action": "claim", "claim": own.pk, "theirs": "yes", "seen": "on"})
    account.refresh_from_db()
    own.refresh_from_db()
    assert account.person == person
    assert account.level == Level.IDENTITY
    assert (own.merged_into, own.account, own.claimed_number) == (person, None, "")
    identity = account.identities.get()
    assert identity.method == Identity.Method.CARD
    assert identity.proven_by


def test_a_proof_for_another_number_or_name_joins_nothing(client, bacninh):
    sign_up(client)
    account = Account.objects.get(username=NUMBER)
    by, now = Actor(account=account), timezone.now()
    with refused(ProofRefused, "other_person"):
        prove_account(account, card_proof("027198000009"), by=by, at=now)
    people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    with pytest.raises(people.PersonDiffers):
        prove_account(account, card_proof(name="Kẻ Mạo Danh"), by=by, at=now)
    account.refresh_from_db()
    assert account.level == Level.DECLARED
    assert not account.identities.exists()


def test_a_person_has_one_account_and_an_identity_one_holder(client, bacninh):
    sign_up(client, full_name="Nguyễn Thị Ánh")
    first = Account.objects.get(username=NUMBER)
    prove_account(first, card_proof(), by=Actor(account=first), at=timezone.now())
    second = Account.objects.create_account("hai", None, full_name="Nguyễn Thị Ánh")
    with refused(ProofRefused, "has_account"):
        prove_account(second, card_proof(subject="card-2"), by=Actor(account=second), at=timezone.now())
    with pytest.raises(IntegrityError, match="identity_held_once"), transaction.atomic():
        Identity.objects.create(
            account=second,
            issuer=identities.CARD_ISSUER,
            subject="card-1",
            level=1,
            method=Identity.Method.CARD,
            proven_at=timezone.now(),
        )


def test_a_level_falls_when_its_proof_ends(client, bacninh):
    sign_up(client, full_name="Nguyễn Thị Ánh")
    account = Account.objects.get(username=NUMBER)
    by = Actor(account=account)
    identity = prove_account(account, card_proof(), by=by, at=timezone.now())
    identities.end_identity(identity, by=by, reason="lost", at=timezone.now())
    account.refresh_from_db()
    assert account.level == Level.DECLARED


def test_a_code_goes_only_to_a_contact_that_the_counter_confirmed(client, bacninh, mailbox):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh", email="that@example.com")
    sign_up(client, full_name="Nguyễn Thị Ánh")
    page = reverse("prove-account")
    told = client.post(page, {"action": "send", "channel": "email"}, follow=True).content.decode()
    assert delivery.send_due(at=timezone.now()) == 0
    counter = Actor(system="quầy")
    people.confirm_contact(known, phone="", email="that@example.com", by=counter, at=timezone.now())
    again = client.post(page, {"action": "send", "channel": "email"}, follow=True).content.decode()
    assert "Nếu quầy một cửa đã xác nhận" in told
    assert "Nếu quầy một cửa đã xác nhận" in again
    code, address = sent_code(mailbox)
    assert address == "that@example.com"
    assert client.post(page, {"action": "code", "code": code}).status_code == 302
    account = Account.objects.get(username=NUMBER)
    assert (account.person, account.level) == (known, Level.CONTACT)


def test_a_stranger_gets_no_code_for_a_person_of_another_name(client, bacninh, mailbox):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh", email="that@example.com")
    people.confirm_contact(known, phone="", email="that@example.com", by=Actor(system="quầy"), at=timezone.now())
    sign_up(client)
    client.post(reverse("prove-account"), {"action": "send", "channel": "email"})
    assert delivery.send_due(at=timezone.now()) == 0
    assert mailbox.taken == []


def test_a_changed_contact_is_no_longer_confirmed(bacninh):
    known, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    people.confirm_contact(known, phone="0912345678", email="", by=Actor(system="quầy"), at=timezone.now())
    known = people.find_by_number(NUMBER)
    assert known.phone_confirmed_at
    people.change_details(known, phone="0987654321")
    known.refresh_from_db()
    assert known.phone_confirmed_at is None


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"full_name": "Trần Văn Khác"}, ("full_name",)),
        ({"full_name": "Nguyễn Thị Ánh", "birth_date": date(1998, 3, 6)}, ("birth_date",)),
        ({"full_name": "Trần Khác", "birth_date": date(1998, 1, 1)}, ("full_name", "birth_date")),
    ],
)
def test_a_number_with_another_name_or_birthday_is_never_taken_for_the_person(bacninh, facts, fields):
    people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh", birth_date=date(1998, 3, 5))
    with pytest.raises(people.PersonDiffers) as refused:
        people.find_or_create_person(NUMBER, **facts)
    assert refused.value.fields == fields
    assert "Ánh" not in str(refused.value.sentence)


def test_accents_and_case_are_no_difference(bacninh):
    people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Hoà", birth_date=date(1998, 3, 5))
    assert people.find_or_create_person(NUMBER, full_name="NGUYEN THI HÒA")[1] is False


def test_a_record_is_put_right_by_the_card_and_the_history_keeps_both(sign_in):
    person, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị An", birth_date=date(1998, 3, 1))
    client = sign_in("motcua.tinh")
    page = reverse("counter-person", args=[person.pk])
    right = {
        "personal_number": NUMBER,
        "full_name": "Nguyễn Thị Bình",
        "birth_date": "05/03/1998",
        "reason": "nhập sai",
    }
    assert client.post(page, {"action": "correct", **right}).status_code == 422  # the card was not seen
    assert client.post(page, {"action": "correct", "seen": "on", **right}).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.birth_date) == ("Nguyễn Thị Bình", date(1998, 3, 5))
    entry = Entry.objects.get(verb="person_corrected", subject=f"person:{person.pk}")
    assert entry.changes["before"] == {"full_name": "Nguyễn Thị An", "birth_date": "1998-03-01"}
    assert entry.changes["after"]["full_name"] == "Nguyễn Thị Bình"
    assert entry.actor == "Dương Văn Dũng, Cán bộ một cửa"


def test_a_wrong_number_is_put_right_by_joining_the_two_records(bacninh):
    right, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    wrong, _ = people.find_or_create_person("027198123465", full_name="Nguyễn Thị Ánh")
    by = Actor(system="quầy")
    kept = people.correct_person(wrong, by=by, reason="x", at=timezone.now(), personal_number=NUMBER)
    wrong.refresh_from_db()
    assert kept == right
    assert (wrong.merged_into, wrong.personal_number) == (right, None)
    other, _ = people.find_or_create_person("027198123473", full_name="Lê Văn Khác")
    with pytest.raises(people.CorrectionRefused, match="họ tên khác"):
        people.correct_person(other, by=by, reason="x", at=timezone.now(), personal_number=NUMBER)


def test_only_a_counter_opens_a_persons_page(sign_in):
    person, _ = people.find_or_create_person(NUMBER, full_name="Nguyễn Thị Ánh")
    address = reverse("counter-person", args=[person.pk])
    for username in ("chuyenvien.tuphap", "giamsat", "quantri", "024158990001"):
        assert sign_in(username).get(address).status_code == 403


def two_accounts(client, **other):
    """Who mistyped a digit and filed with that account, then opened another one that a counter proved."""
    sign_up(client, full_name="Nguyễn Thị Ánh", **other)
    mistyped = Account.objects.get(username=NUMBER)
    identities.reject_claim(mistyped.person, by=Actor(system="quầy"), at=timezone.now())
    client.post(reverse("sign-out"))
    sign_up(client, number="027198000009", full_name="Nguyễn Thị Ánh", email="")
    right = Account.objects.get(username="027198000009")
    proof = card_proof("027198000009")
    prove_account(right, proof, by=Actor(account=right), at=timezone.now())
    mistyped.refresh_from_db()
    return mistyped, right


OTHER_LOGIN = {"login": "mao.danh@example.com", "password": FORM["password"]}


def test_what_was_filed_under_a_mistyped_number_comes_over_to_the_proven_account(client, bacninh):
    mistyped, right = two_accounts(client)
    filed = Dossier.objects.create(
        edition=Edition.objects.filter(status="published").first(), filer=mistyped.person, channel="online"
    )
    told = client.get(reverse("profile")).content.decode()
    assert reverse("profile-other-account") in told
    done = client.post(reverse("profile-other-account"), OTHER_LOGIN)
    assert done.status_code == 302
    filed.refresh_from_db()
    mistyped.refresh_from_db()
    right.refresh_from_db()
    assert filed.filer == right.person
    assert (mistyped.is_active, mistyped.email) == (False, "")
    assert Entry.objects.get(verb="people_merged").changes["reason"] == "own_account"
    assert Entry.objects.get(verb="account_brought_over", subject=f"account:{mistyped.pk}")
    assert right.notices.exists()
    assert client.post(reverse("profile-other-account"), OTHER_LOGIN).status_code == 200, "the account is closed"


def test_nothing_comes_over_without_password_proof_and_name(client, bacninh):
    mistyped, right = two_accounts(client)
    page = reverse("profile-other-account")
    wrong = client.post(page, OTHER_LOGIN | {"password": "sai-mat-khau-roi"})
    assert "chưa đúng" in wrong.content.decode()
    people.change_details(mistyped.person, full_name="Lê Văn Khác")
    assert "khác với của bạn" in client.post(page, OTHER_LOGIN).content.decode()
    people.change_details(mistyped.person, full_name="Nguyễn Thị Ánh")
    own = client.post(page, {"login": "027198000009", "password": FORM["password"]})
    assert "chính là tài khoản đang dùng" in own.content.decode()
    client.post(reverse("sign-out"))
    client.post(reverse("sign-in"), OTHER_LOGIN)
    back = client.post(page, {"login": "027198000009", "password": FORM["password"]}, follow=True).content.decode()
    assert "Hãy xác thực tài khoản này trước" in back
    assert "không xác thực được nữa" in back, "an account that lost its number says what to do instead"
    right.refresh_from_db()
    assert right.is_active


def test_guesses_at_the_other_accounts_password_are_counted(client, bacninh):
    two_accounts(client)
    page = reverse("profile-other-account")
    for _try in range(12):
        last = client.post(page, {"login": "nguoi.khac", "password": "doan-mo-2026"})
    assert "quá nhiều lần" in last.content.decode()
