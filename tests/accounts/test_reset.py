"""A new password by a code; the first password after a reset; the notices of both."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import codes
from accounts.actors import Actor
from accounts.models import Account, OneTimeCode
from accounts.passwords import reset_password
from demo import people
from notices import delivery
from notices.models import Notice
from tests.accounts.helpers import sent_code

pytestmark = pytest.mark.django_db
CITIZEN, EMAIL = "024158990001", "nguyen.thi.mai@nguoidan.example"
NEW = "mot-bi-mat-khac-2026"


def ask(client, login=CITIZEN, channel="email"):
    return client.post(reverse("password-reset"), {"login": login, "channel": channel})


def enter(client, code, password=NEW):
    return client.post(reverse("password-reset-code"), {"code": code, "password": password})


def test_a_forgotten_password_is_set_anew_by_a_code(client, bacninh, mailbox):
    other = Client()
    other.post(reverse("sign-in"), {"login": CITIZEN, "password": people.PASSWORD})
    assert ask(client)["Location"] == reverse("password-reset-code")
    code, address = sent_code(mailbox)
    assert address == EMAIL
    assert enter(client, code)["Location"] == reverse("sign-in")
    account = Account.objects.get(username=CITIZEN)
    assert account.check_password(NEW)
    assert other.get(reverse("profile")).status_code == 302  # signed out everywhere
    assert Notice.objects.filter(account=account, kind="account_change", channel="portal").exists()
    assert enter(client, code).status_code == 302  # the page has nothing to do any more
    assert not Account.objects.get(username=CITIZEN).check_password("khac-nua-2026-xyz")


def test_a_code_opens_the_way_where_a_stranger_has_it_paused(client, bacninh, mailbox):
    guesses = [client.post(reverse("sign-in"), {"login": CITIZEN, "password": "sai-mat-khau"}) for _try in range(6)]
    assert guesses[-1].status_code == 429
    assert reverse("password-reset") in guesses[-1].content.decode()
    ask(client)
    enter(client, sent_code(mailbox)[0])
    assert client.post(reverse("sign-in"), {"login": CITIZEN, "password": NEW}).status_code == 302, "at once, it says"
    assert Client().post(reverse("sign-in"), {"login": CITIZEN, "password": NEW}).status_code == 429


def test_a_new_password_by_a_code_leaves_the_second_factor(client, bacninh, mailbox):
    account = Account.objects.get(username=CITIZEN)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    ask(client)
    assert enter(client, sent_code(mailbox)[0])["Location"] == reverse("sign-in")
    client.post(reverse("sign-in"), {"login": CITIZEN, "password": NEW})
    assert client.get(reverse("profile"))["Location"].startswith(reverse("second-factor"))


def test_the_answer_tells_nobody_whether_there_is_an_account(client, bacninh, mailbox):
    pages = []
    for login in (CITIZEN, "027198999999", "quantri", "khong.co@example.com"):
        browser = Client()
        assert ask(browser, login)["Location"] == reverse("password-reset-code")
        page = enter(browser, "000000")
        pages.append(page.content.decode().replace(str(page.context["csrf_token"]), ""))
    assert len(set(pages)) == 1
    delivery.send_due(at=timezone.now())
    assert [address for address, _message in mailbox.taken] == [EMAIL]


def test_the_code_is_void_after_five_wrong_tries_and_the_account_is_not(client, bacninh, mailbox):
    ask(client)
    code, _address = sent_code(mailbox)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(codes.TRIES):
        assert enter(client, wrong).status_code == 200
    assert "hết hạn" in enter(client, code).content.decode()
    assert Account.objects.get(username=CITIZEN).check_password(people.PASSWORD)
    ask(client)
    assert enter(client, sent_code(mailbox)[0])["Location"] == reverse("sign-in")


def test_a_newer_code_a_used_one_and_an_old_one_are_void(bacninh):
    account, now = Account.objects.get(username=CITIZEN), timezone.now()
    sent = []
    codes.code_wanted.connect(receiver := lambda code, **_kw: sent.append(code), weak=False)
    try:
        for _ in range(2):
            codes.send_code(account, "reset", email=EMAIL, at=now)
    finally:
        codes.code_wanted.disconnect(receiver)
    assert sent[0] == sent[1] or not codes.take_code(account, "reset", sent[0], at=now)
    late = now + codes.timedelta(minutes=codes.MINUTES)
    assert not codes.take_code(account, "reset", sent[1], at=late)
    assert not codes.take_code(account, "prove", sent[1], at=now)
    assert codes.take_code(account, "reset", f" {sent[1][:3]} {sent[1][3:]}", at=now)
    assert not codes.take_code(account, "reset", sent[1], at=now)


def test_a_stranger_fills_nobodys_mailbox(bacninh):
    account, now = Account.objects.get(username=CITIZEN), timezone.now()
    made = [codes.send_code(account, "reset", email=EMAIL, at=now) for _ in range(codes.CODES_AN_HOUR + 2)]
    assert made == [True] * codes.CODES_AN_HOUR + [False, False]
    assert OneTimeCode.objects.filter(account=account, used_at=None).count() == 1
    assert not any(len(digest) < 64 for digest in OneTimeCode.objects.values_list("digest", flat=True))


def test_nothing_opens_before_the_given_password_is_replaced(client, bacninh):
    account = Account.objects.get(username="chuyenvien.tuphap")
    given = reset_password(account, by=Actor(system="thử"), at=timezone.now())
    client.post(reverse("sign-in"), {"login": "chuyenvien.tuphap", "password": given})
    for address in (reverse("profile"), "/work/", reverse("choose-post"), reverse("after-sign-in")):
        assert client.get(address)["Location"].startswith(reverse("profile-password"))
    assert client.post(reverse("profile-language"), {"language": "en"})["Location"] == reverse("profile-password")
    assert client.get("/api/v1/dossiers/").status_code == 403
    changed = client.post(reverse("profile-password"), {"current": given, "password": NEW, "next": "/work/"})
    assert changed["Location"] == "/work/"
    assert client.get("/work/").status_code == 200
    kinds = Notice.objects.filter(account=account, channel="portal").values_list("body", flat=True)
    assert any("đã cấp cho bạn mật khẩu mới" in body for body in kinds)
    assert any("đã đổi" in body for body in kinds)


def test_codes_asked_for_in_heaps_are_slowed_for_strangers_and_not_for_a_known_browser(client, bacninh, settings):
    settings.LIMITS = {**settings.LIMITS, "code-line": (3, 3600), "code-device": (2, 3600)}
    client.post(reverse("sign-in"), {"login": CITIZEN, "password": people.PASSWORD})
    client.post(reverse("sign-out"))
    stranger = Client()
    assert [ask(stranger).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert "Hãy thử lại sau" in ask(Client()).content.decode()
    assert [ask(client).status_code for _ in range(3)] == [302, 302, 429]


def test_a_code_is_offered_only_by_what_reaches_somebody(client, bacninh, settings):
    """E-mail was offered where none is set up: the code that was "sent" never came."""
    settings.EMAIL_HOST, settings.SMS_GATEWAY_URL = "", "http://127.0.0.1:9"
    page = client.get(reverse("password-reset")).content.decode()
    assert ('value="sms"' in page, 'value="email"' in page) == (True, False)
    assert ask(client, channel="email").status_code == 200  # refused, and asked again
    settings.SMS_GATEWAY_URL = ""
    assert "không gửi được mã" in client.get(reverse("password-reset")).content.decode()
