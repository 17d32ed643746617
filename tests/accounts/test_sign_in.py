"""Signing in, out and up, through HTTP."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account, Person
from accounts.people import find_or_create_person
from demo import people
from oss_portal.logs import json_formatter

pytestmark = pytest.mark.django_db
CITIZEN = "024158990001"
GOOD = {
    "number": "027 198 123456",
    "full_name": "NGUYỄN THỊ ÁNH",
    "birth_date": "05/03/1998",
    "phone": "+84 912 345 678",
    "email": "anh@example.com",
    "password": "hoa-sen-2026-xanh",
}


def post(client, name, data, **query):
    return client.post(reverse(name, query=query) if query else reverse(name), data)


def signed_in(client):
    return client.session.get("_auth_user_id")


@pytest.mark.parametrize("login", [CITIZEN, "024 158 990001", " 024158990001 ", "nguyen.thi.mai@nguoidan.example"])
def test_signs_in_by_number_in_any_spacing_or_by_email(client, bacninh, login):
    answer = post(client, "sign-in", {"login": login, "password": people.PASSWORD})
    assert answer.status_code == 302
    assert Account.objects.get(pk=signed_in(client)).username == CITIZEN


def test_signs_in_by_staff_name_in_any_case(client, bacninh):
    post(client, "sign-in", {"login": "ChuyenVien.TuPhap", "password": people.PASSWORD})
    assert signed_in(client)


def test_a_wrong_password_says_so_and_keeps_the_name(client, bacninh):
    answer = post(client, "sign-in", {"login": CITIZEN, "password": "sai"})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "chưa đúng" in page
    assert CITIZEN in page
    assert "sai" not in re.findall(r'type="password"[^>]*value="([^"]*)"', page)
    assert not signed_in(client)


def test_an_unknown_name_reads_like_a_wrong_password(client, bacninh):
    known = post(client, "sign-in", {"login": CITIZEN, "password": "sai-mat-khau"}).content.decode()
    unknown = post(client, "sign-in", {"login": "024158999999", "password": "sai-mat-khau"}).content.decode()
    pick = r"Tên đăng nhập hoặc mật khẩu[^<]*"
    assert re.findall(pick, known) == re.findall(pick, unknown) != []


def test_a_locked_account_cannot_sign_in(client, bacninh):
    Account.objects.filter(username=CITIZEN).update(is_active=False)
    post(client, "sign-in", {"login": CITIZEN, "password": people.PASSWORD})
    assert not signed_in(client)


def test_null_bytes_and_long_names_are_answered(client, bacninh):
    for login in ("\0", "a" * 10_000, "'; --", "%@%"):
        assert post(client, "sign-in", {"login": login, "password": "x"}).status_code == 200


def test_goes_on_to_where_one_wanted_to_go_but_never_off_the_portal(client, bacninh):
    form = {"login": CITIZEN, "password": people.PASSWORD, "next": reverse("profile")}
    first = post(client, "sign-in", form)
    assert client.get(first["Location"])["Location"] == reverse("profile")
    client.post(reverse("sign-out"))
    away = post(client, "sign-in", form | {"next": "https://evil.example/"})
    assert "evil" not in away["Location"]


def test_signing_out_is_a_post(client, bacninh):
    post(client, "sign-in", {"login": CITIZEN, "password": people.PASSWORD})
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).status_code == 302
    assert not signed_in(client)


def test_opens_an_account_and_signs_in(client, bacninh):
    answer = post(client, "sign-up", GOOD)
    assert answer.status_code == 302
    person = Person.objects.get(claimed_number="027198123456")
    assert (person.full_name, person.phone, person.sex) == ("Nguyễn Thị Ánh", "0912345678", "female")
    assert person.birth_date == date(1998, 3, 5)
    assert signed_in(client) == str(person.account_id)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "02719812345", "12 chữ số"),
        ("number", "02719812345x", "chỉ gồm chữ số"),
        ("number", "099198123456", "Ba số đầu"),
        ("phone", "12", "10 hoặc 11 chữ số"),
        ("birth_date", "31/02/1998", "ngày có thật"),
        ("birth_date", "05/03/1997", "không khớp với số định danh"),
        ("password", "123456789012", "mật khẩu"),
        ("password", "ngan", "mật khẩu"),
    ],
)
def test_says_what_is_wrong_and_keeps_the_answers(client, bacninh, field, value, sentence):
    answer = post(client, "sign-up", GOOD | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence.lower() in page.lower()
    assert GOOD["email"] in page
    assert not Person.objects.filter(claimed_number="027198123456").exists()


def test_one_person_has_one_account(client, bacninh):
    taken = GOOD | {"number": CITIZEN, "birth_date": ""}
    assert "đã có tài khoản" in post(client, "sign-up", taken).content.decode()


def test_an_email_belongs_to_one_account(client, bacninh):
    answer = post(client, "sign-up", GOOD | {"email": "NGUYEN.THI.MAI@nguoidan.example"})
    assert "đã dùng cho tài khoản khác" in answer.content.decode()
    assert not Person.objects.filter(claimed_number="027198123456").exists()


def test_a_known_number_does_not_open_another_persons_dossiers(client, bacninh):
    find_or_create_person("027198123456", full_name="Nguyễn Thị Ánh", phone="0988777666")
    assert post(client, "sign-up", GOOD | {"phone": "0988 777 666"}).status_code == 302
    assert Person.objects.get(personal_number="027198123456").account is None


def test_an_initial_password_is_changed_first(client, bacninh):
    Account.objects.filter(username="chuyenvien.tuphap").update(password_is_initial=True)
    post(client, "sign-in", {"login": "chuyenvien.tuphap", "password": people.PASSWORD})
    answer = client.get(reverse("after-sign-in", query={"next": reverse("profile")}))
    assert answer["Location"].startswith(reverse("profile-password"))
    changed = client.post(
        answer["Location"],
        {"current": people.PASSWORD, "password": "mot-bi-mat-khac-2026", "next": reverse("profile")},
    )
    assert changed["Location"] == reverse("profile")
    assert not Account.objects.get(username="chuyenvien.tuphap").password_is_initial
    assert client.get(reverse("profile")).status_code == 200


def test_the_chosen_language_comes_with_signing_in(client, bacninh):
    Account.objects.filter(username=CITIZEN).update(language="en")
    answer = post(client, "sign-in", {"login": CITIZEN, "password": people.PASSWORD})
    assert answer.cookies["django_language"].value == "en"


def test_a_counter_opens_an_account_and_renews_a_password_with_the_card_in_hand(sign_in):
    client = sign_in("motcua.kinhbac")
    address = reverse("counter-account")
    assert client.post(address, {"number": "024158990001"}).status_code == 200
    card = "024158990001|121234567|Nguyễn Thị Mai|01011958|Nữ|Bắc Ninh|01012022"
    shown = client.post(address, {"number": card, "seen": "on"})
    assert "chỉ hiện một lần" in shown.content.decode()
    account = Account.objects.get(username=CITIZEN)
    assert account.password_is_initial
    assert account.check_password(shown.context["password"])
    find_or_create_person("027198123456", full_name="Nguyễn Thị Ánh")
    opened = client.post(address, {"number": "027198123456", "seen": "on"})
    assert opened.context["account"].person.full_name == "Nguyễn Thị Ánh"
    for number, sentence in (("027198999999", "Chưa có người này"), ("12", "12 chữ số")):
        assert sentence in client.post(address, {"number": number, "seen": "on"}).content.decode()


def test_a_counter_does_not_touch_the_account_of_staff(sign_in):
    person, _ = find_or_create_person("027198123456", full_name="Cán Bộ Thử")
    person.account = Account.objects.get(username="quantri")
    person.save()
    answer = sign_in("motcua.kinhbac").post(reverse("counter-account"), {"number": "027198123456", "seen": "on"})
    assert "Chỉ quản trị viên" in answer.content.decode()
    assert not Account.objects.get(username="quantri").password_is_initial


def test_a_password_given_by_staff_opens_nothing_after_its_days(settings, bacninh):
    account = Account.objects.create_account(
        "moi.nguoi", "mat-khau-dau-tien", full_name="Mới", password_is_initial=True
    )
    typed = {"login": "moi.nguoi", "password": "mat-khau-dau-tien"}
    for days, opens in ((settings.INITIAL_PASSWORD_DAYS - 1, True), (settings.INITIAL_PASSWORD_DAYS + 1, False)):
        Account.objects.filter(pk=account.pk).update(password_set_at=timezone.now() - timedelta(days=days))
        answer = Client().post(reverse("sign-in"), typed)
        assert (answer.status_code == 302) == opens, days
    assert "chưa đúng" in answer.content.decode()
    Account.objects.filter(pk=account.pk).update(password_is_initial=False)
    assert Client().post(reverse("sign-in"), typed).status_code == 302, "one's own password does not end"


def test_every_try_to_sign_in_is_a_line_of_the_log_without_the_name(client, caplog, bacninh):
    account = Account.objects.create_account("dang.nhap", "mat-khau-rat-dai", full_name="Mới")
    with caplog.at_level("INFO", "portal.sign_in"):
        client.post(reverse("sign-in"), {"login": "dang.nhap", "password": "sai"})
        client.post(reverse("sign-in"), {"login": "dang.nhap", "password": "mat-khau-rat-dai"})
    lines = [record for record in caplog.records if record.name == "portal.sign_in"]
    assert [line.getMessage() for line in lines] == ["sign_in_failed", "signed_in"]
    assert lines[1].account == account.pk
    written = [json_formatter().format(line) for line in lines]
    assert f'"account": {account.pk}' in written[1]
    assert "dang.nhap" not in "".join(written)


def test_only_so_many_sessions_stand_side_by_side(settings, bacninh):
    settings.SESSIONS_AT_MOST = 2
    account = Account.objects.create_account("nhieu.phien", "mat-khau-rat-dai", full_name="Mới")
    clients = [Client() for _n in range(3)]
    for client in clients:
        client.force_login(account, backend="accounts.backends.AccountBackend")
    assert account.sessions.count() == 2
    assert [c.get(reverse("profile")).status_code for c in clients] == [302, 200, 200], "the oldest was ended"


def test_who_found_a_session_open_leads_no_code_to_another_telephone(client, bacninh):
    client.post(reverse("sign-in"), {"login": CITIZEN, "password": people.PASSWORD})
    person, address = Account.objects.get(username=CITIZEN).person, reverse("profile-details")
    as_it_is = {"phone": person.phone, "email": person.email}
    for current in ("", "sai"):
        refused = client.post(address, {**as_it_is, "phone": "0977111222", "current": current})
        assert refused.status_code in (200, 422)
        assert "Mật khẩu hiện tại chưa đúng" in refused.content.decode()
        assert Person.objects.get(pk=person.pk).phone == person.phone
    assert client.post(address, {**as_it_is, "address": "12 Nguyễn Gia Thiều"}).status_code == 302
    changed = client.post(address, {**as_it_is, "phone": "0977111222", "current": people.PASSWORD})
    assert changed.status_code == 302
    assert Person.objects.get(pk=person.pk).phone == "0977111222"
