"""Signing in through an OpenID provider, against the simulator as a process of its own, faults included."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import people
from accounts.models import Account, AccountSession, Identity, Level, Person
from accounts.openid.checks import providers_are_usable
from accounts.openid.configuration import provider_named
from journal.models import Entry
from notices.models import Notice
from tests.accounts.provider import configured, sign_in_by, start_provider

pytestmark = pytest.mark.django_db
MAI, ANH = "024158990001", "027198123456"


@pytest.fixture(scope="module")
def process():
    yield from start_provider("http://testserver")


@pytest.fixture
def provider(process, settings, bacninh):
    settings.OPENID_PROVIDERS = configured(process.url)
    settings.PUBLIC_URL = "http://testserver"
    process.post("/faults", fault="")
    cache.clear()
    return process


def agree(client, **more):
    return client.post(reverse("openid-join"), {"agreed": "on", **more})


def signed_in(client) -> Account | None:
    return Account.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


def test_the_request_carries_state_nonce_and_proof_of_key_and_nothing_of_the_visitors(client, provider):
    address = f"{reverse('openid-login', args=['vneid'])}?scope=admin&auth_params=prompt%3Dnone"
    asked = client.post(address, {"next": "/profile/"})
    query = parse_qs(urlsplit(asked["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    assert len(query["nonce"][0]) >= 32
    assert query["state"]
    assert set(query["scope"][0].split()) == {"openid", "profile"}
    assert "prompt" not in query
    assert query["redirect_uri"] == ["http://testserver/openid/vneid/callback/"]
    assert client.get(reverse("openid-login", args=["vneid"])).status_code == 405


def test_somebody_new_gets_an_account_only_after_agreeing(client, provider):
    answer = sign_in_by(client, provider, "vneid-99")
    assert answer["Location"] == reverse("openid-join")
    assert not Person.objects.filter(personal_number=ANH).exists()
    assert signed_in(client) is None
    assert client.post(reverse("openid-join"), {}).status_code == 200  # not agreed to
    agree(client)
    account = signed_in(client)
    assert (account.username, account.level) == (ANH, Level.IDENTITY)
    assert (account.person.full_name, account.person.personal_number) == ("Nguyễn Thị Ánh", ANH)
    assert not account.has_usable_password()
    identity = account.identities.get()
    assert (identity.issuer, identity.subject) == (provider.url, "vneid-99")
    again = Client()
    assert sign_in_by(again, provider, "vneid-99")["Location"] == reverse("after-sign-in")
    assert signed_in(again) == account


def test_a_person_known_at_a_counter_is_joined_by_number_and_name(client, provider):
    known = people.find_by_number("024159990007")
    sign_in_by(client, provider, "vneid-7")
    assert "Quầy một cửa đã biết bạn" in client.get(reverse("openid-join")).content.decode()
    agree(client)
    assert signed_in(client).person == known


def test_an_account_of_the_person_is_joined_and_its_holder_told(client, provider):
    sign_in_by(client, provider, "vneid-1")
    agree(client)
    account = signed_in(client)
    assert account.username == MAI
    assert Notice.objects.filter(account=account, kind="account_change", channel="portal").exists()
    assert Entry.objects.filter(verb="identity_proven", subject=f"account:{account.pk}").exists()


def test_a_lower_level_joins_a_higher_account_only_with_its_password(client, provider):
    from demo import people

    sign_in_by(client, provider, "vneid-1", level="1")
    asked = client.get(reverse("openid-join"))
    assert asked.context["form"].fields["password"].required
    assert "mức xác thực cao hơn" in asked.content.decode()
    assert agree(client).status_code == 200
    assert "chưa đúng" in agree(client, password="sai").content.decode()
    agree(client, password=people.PASSWORD)
    assert signed_in(client).username == MAI
    assert client.get(reverse("profile")).context["level"] == Level.CONTACT  # of this session, not of the account
    assert Account.objects.get(username=MAI).level == Level.IDENTITY


def test_the_levels_of_two_sign_ins_differ(client, provider):
    sign_in_by(client, provider, "vneid-99", level="1")
    agree(client)
    assert client.get(reverse("profile")).context["level"] == Level.CONTACT
    client.post(reverse("sign-out"))
    sign_in_by(client, provider, "vneid-99", level="2")
    assert client.get(reverse("profile")).context["level"] == Level.IDENTITY
    client.post(reverse("sign-out"))
    sign_in_by(client, provider, "vneid-99", level="1")
    assert client.get(reverse("profile")).context["level"] == Level.CONTACT


def sign_up(name="Nguyễn Thị Ánh"):
    form = {"number": ANH, "full_name": name, "phone": "0912345678", "password": "hoa-sen-2026-xanh"}
    Client().post(reverse("sign-up"), form)
    return Account.objects.get(username=ANH)


def test_an_unproven_account_on_the_number_is_joined_with_its_password(client, provider):
    claimed = sign_up()
    sign_in_by(client, provider, "vneid-99")
    assert "chưa đúng" in agree(client, account_is="mine", password="sai").content.decode()
    agree(client, account_is="mine", password="hoa-sen-2026-xanh")
    assert signed_in(client) == claimed
    claimed.refresh_from_db()
    assert (claimed.level, claimed.person.personal_number) == (Level.IDENTITY, ANH)


def test_an_impostors_account_loses_the_number_to_the_person(client, provider):
    claimed = sign_up("Kẻ Mạo Danh")
    sign_in_by(client, provider, "vneid-99")
    agree(client, account_is="not_mine")
    holder = signed_in(client)
    assert holder != claimed
    assert holder.person.personal_number == ANH
    claimed.refresh_from_db()
    assert (claimed.username, claimed.person.claimed_number) == (f"tu-khai-{claimed.pk}", "")


def test_the_account_that_is_signed_in_proves_itself(client, provider):
    account = sign_up()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    account.refresh_from_db()
    assert account.level == Level.IDENTITY


def test_the_identity_of_another_person_proves_nothing(client, provider):
    account = sign_up()
    client.force_login(account, backend="accounts.backends.AccountBackend")
    answer = sign_in_by(client, provider, "vneid-7")
    assert answer.status_code == 403
    assert "số định danh khác" in answer.content.decode()
    account.refresh_from_db()
    assert account.level == Level.DECLARED


FAULTS = [
    "wrong-nonce",
    "old-key",
    "expired",
    "low-level",
    "no-level",
    "other-audience",
    "other-issuer",
    "unsigned",
    "shared-key",
    "wrong-state",
    "token-refused",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_no_faulty_answer_opens_anything(client, provider, fault):
    answer = sign_in_by(client, provider, "vneid-99", fault=fault)
    assert answer.status_code == 403
    assert "Chưa đăng nhập được" in answer.content.decode()
    assert signed_in(client) is None
    assert client.get(reverse("openid-join")).status_code == 302
    assert not Identity.objects.filter(subject="vneid-99").exists()


def test_a_person_who_says_no_is_led_back(client, provider):
    assert sign_in_by(client, provider, "vneid-99", fault="denied")["Location"] == reverse("sign-in")
    assert "dừng đăng nhập" in client.get(reverse("sign-in")).content.decode()


def test_userinfo_of_somebody_else_is_not_taken(client, provider, settings):
    settings.OPENID_PROVIDERS = [{**row, "fetch_userinfo": True} for row in configured(provider.url)]
    assert sign_in_by(client, provider, "vneid-99", fault="other-userinfo").status_code == 403
    assert sign_in_by(client, provider, "vneid-99")["Location"] == reverse("openid-join")


def test_a_name_that_does_not_fit_the_number_joins_nothing(client, provider):
    answer = sign_in_by(client, provider, "vneid-1", fault="other-name")
    assert answer.status_code == 403
    assert "không khớp với hồ sơ đã lưu" in answer.content.decode()
    assert "Mai" not in answer.content.decode()


def test_a_known_identity_with_another_number_opens_nothing(client, provider):
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    client.post(reverse("sign-out"))
    assert sign_in_by(client, provider, "vneid-99", fault="other-person").status_code == 403
    assert signed_in(client) is None


def test_a_known_identity_with_another_name_is_let_in_and_told(client, provider):
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    client.post(reverse("sign-out"))
    sign_in_by(client, provider, "vneid-99", fault="other-name")
    assert "không khớp với hồ sơ đã lưu" in client.get(reverse("after-sign-in"), follow=True).content.decode()
    account = signed_in(client)
    assert account.person.full_name == "Nguyễn Thị Ánh"
    assert Entry.objects.filter(verb="identity_differs", subject=f"account:{account.pk}").exists()


def test_a_provider_that_falls_silent_is_said_in_words(client, provider, monkeypatch):
    asked = client.post(reverse("openid-login", args=["vneid"]))["Location"]
    back = provider.agree(asked, "vneid-99", fault="silent")
    monkeypatch.setattr("accounts.openid.adapter.SECONDS", 0.2)
    answer = client.get(back)
    assert answer.status_code == 503
    assert "Chưa kết nối được với nơi định danh" in answer.content.decode()
    assert signed_in(client) is None


def test_a_locked_account_stays_locked(client, provider):
    Account.objects.filter(username=MAI).update(is_active=False)
    assert "đang bị khóa" in sign_in_by(client, provider, "vneid-1").content.decode()


def test_keys_may_change_at_any_time(client, provider):
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    client.post(reverse("sign-out"))
    provider.post("/rotate")
    assert sign_in_by(client, provider, "vneid-99")["Location"] == reverse("after-sign-in")


def test_unknown_keys_do_not_make_us_ask_the_provider_without_end(client, provider):
    sign_in_by(client, provider, "vneid-99")
    for _ in range(3):
        sign_in_by(client, provider, "vneid-99", fault="old-key")
    name = f"openid-keys:{provider_named('vneid').cache_name}"
    assert cache.get(name)
    assert cache.get(f"{name}:asked")


def test_a_provider_that_moved_is_asked_at_its_new_address(client, provider, settings):
    """As the simulator does with each start of the demonstration; a province may change its provider too."""
    sign_in_by(client, provider, "vneid-99")
    settings.OPENID_PROVIDERS = configured("http://127.0.0.1:9")
    answer = client.post(reverse("openid-login", args=["vneid"]), follow=True)
    assert "Chưa kết nối được với nơi định danh" in answer.content.decode()


def test_an_answer_is_good_once_and_only_in_the_browser_that_asked(client, provider):
    asked = client.post(reverse("openid-login", args=["vneid"]))
    back = urlsplit(provider.agree(asked["Location"], "vneid-99"))
    address = f"{back.path}?{back.query}"
    assert Client().get(address).status_code == 403
    assert client.get(address).status_code == 302
    assert client.get(address).status_code == 403


def test_a_wait_for_agreement_ends(client, provider, monkeypatch):
    sign_in_by(client, provider, "vneid-99")
    late = timezone.now() + timezone.timedelta(minutes=11)
    monkeypatch.setattr("accounts.views.openid.timezone.now", lambda: late)
    assert client.get(reverse("openid-join"))["Location"] == reverse("sign-in")


def logout_token(provider, client, **claims) -> str:
    import json

    sid = AccountSession.objects.get(session_key=client.session.session_key).provider_sid
    return provider.post("/logout-token", sid=sid, claims=json.dumps(claims))["logout_token"]


def test_who_signs_out_at_the_provider_is_signed_out_here(client, provider):
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    other = Client()
    other.force_login(Account.objects.get(username=MAI), backend="accounts.backends.AccountBackend")
    door, token = reverse("openid-logout", args=["vneid"]), logout_token(provider, client)
    assert Client(enforce_csrf_checks=True).post(door, {"logout_token": token}).status_code == 200
    assert client.get(reverse("profile")).status_code == 302
    assert other.get(reverse("profile")).status_code == 200
    assert Client().post(door, {"logout_token": token}).status_code == 400  # used before


@pytest.mark.parametrize(
    "claims",
    [
        {"events": {}},
        {"events": None},
        {"nonce": "x"},
        {"aud": "another"},
        {"iss": "https://khac.example"},
        {"sub": None, "sid": None},
        {"jti": None},
        {"exp": 1},
    ],
)
def test_a_logout_that_is_not_believed_ends_nothing(client, provider, claims):
    sign_in_by(client, provider, "vneid-99")
    agree(client)
    token = logout_token(provider, client, **claims)
    assert Client().post(reverse("openid-logout", args=["vneid"]), {"logout_token": token}).status_code == 400
    assert client.get(reverse("profile")).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\0", "é.é.é"])
def test_any_text_as_a_logout_is_answered(provider, token):
    assert Client().post(reverse("openid-logout", args=["vneid"]), {"logout_token": token}).status_code == 400


def test_staff_are_joined_once_with_their_password_and_by_no_name_alone(client, provider):
    from demo import people

    answer = sign_in_by(client, provider, "sso-2", way="staff")
    assert answer["Location"] == reverse("openid-join")
    assert signed_in(client) is None
    assert "chưa đúng" in agree(client, password="sai").content.decode()
    agree(client, password=people.PASSWORD)
    account = signed_in(client)
    assert account.username == "chuyenvien.tuphap"
    assert account.level == Level.DECLARED
    again = Client()
    sign_in_by(again, provider, "sso-2", way="staff")
    assert signed_in(again) == account


def test_staff_single_sign_on_opens_no_citizens_account(client, provider):
    provider.know("sso-9", username=MAI)
    assert sign_in_by(client, provider, "sso-9", way="staff").status_code == 403


def test_unknown_providers_are_no_pages(client, provider):
    assert client.post(reverse("openid-login", args=["khac"])).status_code == 404
    assert client.get(reverse("openid-callback", args=["khac"])).status_code == 404
    assert client.post(reverse("openid-logout", args=["khac"])).status_code == 404


def test_a_provider_that_is_away_is_said_in_words(client, provider, settings):
    settings.OPENID_PROVIDERS = configured("http://127.0.0.1:9")
    answer = client.post(reverse("openid-login", args=["vneid"]), follow=True)
    assert "Chưa kết nối được với nơi định danh" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"client_id": ""}, "E001"),
        ({"for": "all"}, "E001"),
        ({"levels": {"a": 9}}, "E001"),
        ({"algorithms": ["HS256"]}, "E003"),
    ],
)
def test_configuration_that_cannot_be_used_is_said_at_start(settings, change, code):
    settings.OPENID_PROVIDERS = [{**configured("https://id.example")[0], **change}]
    assert [error.id for error in providers_are_usable(None)] == [f"openid.{code}"]
