"""The second factor by role, over HTTP: asked, set up, taken away, recovered by two."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import recovery
from accounts.actors import Actor
from accounts.models import Account, AccountSession, FactorRecovery
from accounts.posts import valid_posts
from core.refusals import NotAllowed, Refused
from demo import people
from journal.models import Entry
from notices.models import Notice
from tests.accounts.helpers import refused
from tests.accounts.provider import configured, sign_in_by, start_provider

pytestmark = pytest.mark.django_db
OFFICER = "chuyenvien.tuphap"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret=SECRET, step=1) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


def sign_in_with_password(client, username=OFFICER):
    return client.post(reverse("sign-in"), {"login": username, "password": people.PASSWORD})


@pytest.fixture
def roles(settings, bacninh):
    settings.SECOND_FACTOR_ROLES = ["officer", "administrator"]


@pytest.fixture
def officer(roles) -> Account:
    """An officer whose telephone makes codes."""
    account = Account.objects.get(username=OFFICER)
    TOTP.activate(account, SECRET)
    return account


def test_a_password_alone_opens_nothing(client, officer):
    sign_in_with_password(client)
    for address in ("/work/", reverse("profile"), reverse("profile-password"), reverse("profile-second-factor")):
        assert client.get(address)["Location"].startswith(reverse("second-factor")), address
    assert client.get("/api/v1/dossiers/").status_code == 403
    page = reverse("second-factor", query={"next": "/work/"})
    wrong = client.post(page, {"code": "000000" if code() != "000000" else "111111"})
    assert "Mã hoặc khóa chưa đúng" in wrong.content.decode()
    key = client.session.session_key
    assert client.post(page, {"code": code()})["Location"].endswith("?next=%2Fwork%2F")
    assert client.session.session_key != key
    assert client.get("/work/").status_code == 200


def test_a_code_is_good_once(client, officer):
    sign_in_with_password(client)
    used = code()
    assert client.post(reverse("second-factor"), {"code": used}).status_code == 302
    again = Client()
    sign_in_with_password(again)
    assert "chưa đúng" in again.post(reverse("second-factor"), {"code": used}).content.decode()


def test_the_code_that_added_the_application_opens_nothing(client, bacninh):
    sign_in_with_password(client)
    add = reverse("profile-second-factor-add", args=["totp"])
    used = code(client.get(add).context["secret"])
    assert client.post(add, {"code": used, "password": people.PASSWORD}).status_code == 302
    client.post(reverse("sign-out"))
    sign_in_with_password(client)
    assert "đã dùng" in client.post(reverse("second-factor"), {"code": used}).content.decode()


def test_guessing_is_stopped_and_the_session_of_its_owner_is_not(client, officer):
    sign_in_with_password(client)
    for _ in range(12):
        answer = client.post(reverse("second-factor"), {"code": "000000"})
    assert answer.status_code == 200
    assert "Hãy đợi năm phút" in answer.content.decode()
    assert client.get("/work/")["Location"].startswith(reverse("second-factor"))
    neighbour = Account.objects.get(username="truongphong.tuphap")  # behind the same address
    TOTP.activate(neighbour, SECRET)
    other = Client()
    sign_in_with_password(other, neighbour.username)
    assert other.post(reverse("second-factor"), {"code": code()}).status_code == 302


def test_pages_of_codes_speak_vietnamese(client, officer):
    """Labels come from a library without the language; a code is taken as the app shows it, in two halves."""
    sign_in_with_password(client)
    asked = client.get(reverse("second-factor")).content.decode()
    halves = f"{code()[:3]} {code()[3:]}"
    assert client.post(reverse("second-factor"), {"code": halves}).status_code == 302
    Authenticator.objects.filter(user=officer).delete()
    added = client.get(reverse("profile-second-factor-add", args=["totp"])).content.decode()
    for page in (asked, added):
        assert "Mã 6 chữ số trong ứng dụng tạo mã" in page
        assert not re.search(r">\s*(Authenticator )?[Cc]ode:?\s*<|placeholder=.Code", page)


def test_a_role_that_needs_one_sets_it_up_first(client, roles):
    sign_in_with_password(client)
    assert client.get("/work/")["Location"] == reverse("profile-second-factor")
    page = reverse("profile-second-factor-add", args=["totp"])
    secret = client.get(page).context["secret"]
    assert client.post(page, {"code": code(secret), "password": "sai"}).status_code == 422
    assert client.post(page, {"code": code(secret), "password": people.PASSWORD}).status_code == 302
    account = Account.objects.get(username=OFFICER)
    factor = Authenticator.objects.get(user=account)
    assert secret not in str(factor.data)
    assert client.get("/work/").status_code == 200
    assert Notice.objects.filter(account=account, kind="account_change", body__contains="thứ hai").exists()


def test_who_needs_none_is_not_asked_and_may_have_one(client, roles):
    sign_in_with_password(client, "024158990001")
    assert client.get(reverse("my-dossiers")).status_code == 200
    TOTP.activate(Account.objects.get(username="024158990001"), SECRET)
    other = Client()
    sign_in_with_password(other, "024158990001")
    assert other.get(reverse("my-dossiers"))["Location"].startswith(reverse("second-factor"))


def test_a_running_session_is_asked_when_its_role_begins_to_need_one(client, settings, bacninh):
    sign_in_with_password(client)
    assert client.get("/work/").status_code == 200
    settings.SECOND_FACTOR_ROLES = ["officer"]
    assert client.get("/work/")["Location"] == reverse("profile-second-factor")


def test_taking_one_away_asks_for_the_password(client, officer):
    sign_in_with_password(client)
    client.post(reverse("second-factor"), {"code": code()})
    factor = Authenticator.objects.get(user=officer)
    page = reverse("profile-second-factor-remove", args=[factor.pk])
    client.post(page, {"remove": "1", "password": "sai"})
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    client.post(page, {"remove": "1", "password": people.PASSWORD})
    assert not Authenticator.objects.filter(pk=factor.pk).exists()
    other = Authenticator.objects.get(user__username=people.WITH_SECOND_FACTOR)
    assert client.get(reverse("profile-second-factor-remove", args=[other.pk])).status_code == 404


def test_the_demonstration_has_one_account_with_a_second_factor(client, bacninh):
    sign_in_with_password(client, people.WITH_SECOND_FACTOR)
    assert client.get("/manage/")["Location"].startswith(reverse("second-factor"))
    client.post(reverse("second-factor"), {"code": people.second_factor_code()})
    assert client.get("/manage/").status_code == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "rawId", "type", "response", "userHandle", "signature"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=30) | JSON.map(json.dumps))
def test_any_text_as_a_passkey_is_answered(client, officer, credential):
    assert client.post(reverse("passkey-sign-in"), {"credential": credential})["Location"] == reverse("sign-in")
    sign_in_with_password(client)
    assert client.post(reverse("second-factor"), {"action": "passkey", "credential": credential}).status_code == 200
    client.post(reverse("sign-out"))


def test_by_a_number_for_an_address_no_passkey_is_offered(client, roles):
    """A browser refuses to make one there, and "try again" would be no help."""
    sign_in_with_password(client)
    page = reverse("profile-second-factor-add", args=["webauthn"])
    assert "data-passkey" in client.get(page, headers={"host": "localhost:8000"}).content.decode()
    for host in ("127.0.0.1:8000", "[::1]:8000"):
        answer = client.get(page, headers={"host": host})
        assert "không với địa chỉ bằng số" in answer.content.decode() or answer.status_code == 400
        assert "data-passkey" not in answer.content.decode()


def test_the_browser_is_told_what_its_key_must_answer_to(client, bacninh):
    assert client.get(reverse("passkey-sign-in")).json()["options"]["publicKey"]["challenge"]


def actor(username) -> Actor:
    account = Account.objects.get(username=username)
    held = valid_posts(account)
    return Actor(account=account, post=held[0], posts=tuple(held))


def test_two_administrators_recover_a_lost_factor_and_one_does_not(client, officer):
    session = Client()
    sign_in_with_password(session)
    session.post(reverse("second-factor"), {"code": code()})
    first, second, now = actor("quantri"), actor(people.WITH_SECOND_FACTOR), timezone.now()
    row = recovery.ask_recovery(officer, reason="mất điện thoại", by=first, at=now)
    with refused(Refused, "asked_before"):
        recovery.ask_recovery(officer, reason="x", by=second, at=now)
    with refused(NotAllowed, "four_eyes"):
        recovery.decide_recovery(row, approve=True, by=first, at=now)
    for nobody in ("giamsat", OFFICER):
        with refused(NotAllowed, "not_allowed"):
            recovery.decide_recovery(row, approve=True, by=actor(nobody), at=now)
    assert Authenticator.objects.filter(user=officer).exists()
    password = recovery.decide_recovery(row, approve=True, by=second, at=now)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert session.get("/work/").status_code == 302
    officer.refresh_from_db()
    assert officer.password_is_initial
    assert officer.check_password(password)
    verbs = Entry.objects.filter(subject=f"account:{officer.pk}").values_list("verb", flat=True)
    assert {"recovery_asked", "recovery_approved", "password_reset"} <= set(verbs)
    with refused(Refused, "decided"):
        recovery.decide_recovery(row, approve=False, by=second, at=now)


@pytest.mark.parametrize("decider", ["asked_by", "account"])
def test_the_database_lets_nobody_decide_alone(officer, decider):
    first = Account.objects.get(username="quantri")
    row = FactorRecovery.objects.create(account=officer, reason="x", asked_by=first)
    facts = {"decided_by": getattr(row, decider), "decided_at": timezone.now(), "approved": True}
    with pytest.raises(IntegrityError, match="recovery_by_two"), transaction.atomic():
        FactorRecovery.objects.filter(pk=row.pk).update(**facts)
    with pytest.raises(IntegrityError, match="recovery_of_another"), transaction.atomic():
        FactorRecovery.objects.create(account=first, reason="x", asked_by=first)


def test_the_pages_of_recovery(sign_in, officer):
    post = officer.posts.get()
    asking = sign_in("quantri")
    asking.post(reverse("second-factor"), {})
    client = Client()
    client.force_login(Account.objects.get(username="quantri"), backend="accounts.backends.AccountBackend")
    session = client.session
    session["second_factor"] = "passed"
    session.save()
    client.post(reverse("manage-post-recovery", args=[post.pk]), {"reason": "mất điện thoại"})
    row = FactorRecovery.objects.get()
    own = client.get(reverse("manage-recoveries")).content.decode()
    assert "chờ quản trị viên thứ hai" in own
    client.post(reverse("manage-recoveries"), {"recovery": row.pk, "decision": "approve"})
    row.refresh_from_db()
    assert row.decided_at is None
    for wrong in ("", "x", "9" * 30, "0"):
        assert client.post(reverse("manage-recoveries"), {"recovery": wrong}).status_code == 404
    other = Client()
    sign_in_with_password(other, people.WITH_SECOND_FACTOR)
    other.post(reverse("second-factor"), {"code": people.second_factor_code()})
    done = other.post(reverse("manage-recoveries"), {"recovery": row.pk, "decision": "approve"})
    assert officer.username in done.content.decode()
    assert "chỉ hiện một lần" in done.content.decode()


def test_the_second_factor_of_single_sign_on_counts_where_configured(client, officer, settings):
    processes = start_provider("http://testserver")
    provider = next(processes)
    try:
        settings.PUBLIC_URL = "http://testserver"
        settings.OPENID_PROVIDERS = configured(provider.url)
        sign_in_by(client, provider, "sso-2", level="2", way="staff")
        client.post(reverse("openid-join"), {"agreed": "on", "password": people.PASSWORD})
        assert client.get("/work/")["Location"].startswith(reverse("second-factor"))
        settings.OPENID_PROVIDERS = [{**row, "second_factor": ["2"]} for row in configured(provider.url)]
        other = Client()
        sign_in_by(other, provider, "sso-2", level="2", way="staff")
        assert other.get("/work/").status_code == 200
        low = Client()
        sign_in_by(low, provider, "sso-2", level="1", way="staff")
        assert low.get("/work/")["Location"].startswith(reverse("second-factor"))
        assert AccountSession.objects.filter(account=officer, method="openid").count() == 3
    finally:
        processes.close()
