"""Signing in with an electronic identity, a passkey, a code; locking a desk and coming back to it."""

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from accounts.models import Account, Level
from tests.accounts.provider import configured, start_provider
from tests.journeys.visitor import DESKTOP, LANGUAGES, PASSWORD, PHONE

pytestmark = [pytest.mark.journey, pytest.mark.django_db]


@pytest.fixture
def provider(portal):
    processes = start_provider(portal.address)
    process = next(processes)
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = {"DIRECTIVES": {**policy, "form-action": [*policy["form-action"], process.url]}}
    with override_settings(OPENID_PROVIDERS=configured(process.url), CONTENT_SECURITY_POLICY=policy):
        cache.clear()
        yield process
    processes.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citizen_signs_in_at_two_levels_and_is_signed_out_from_there(portal, visit, provider, language):
    number = {"vi": "027198123456", "en": "027198123465"}[language]
    provider.know("journey", name="Nguyễn Thị Ánh", number=number, birth_date="1998-03-05")
    me = visit(language, PHONE)
    me.open("/sign-in/")
    me.look("sign-in-with-provider")
    for level, words in (("1", Level.CONTACT), ("2", Level.IDENTITY)):
        me.open("/sign-in/")
        me.send("form[action*='/openid/vneid/login/'] button")
        me.page.select_option("#holder", "journey")
        me.page.select_option("#level", level)
        me.send("button")
        if level == "1":
            me.look("openid-join")
            me.page.check("[name=agreed]")
            me.send("main form.oss-text .govuk-button-group button")
        me.open("/profile/")
        me.look(f"profile-level-{level}")
        assert Account.objects.get(username=number).level == words
        if level == "1":
            me.send("form[action='/sign-out/'] button")
    me.open("/profile/sessions/")
    me.look("sessions")
    assert provider.post("/sign-out/" + next(iter(signed_in_there(provider))))["answer"] == "200"
    me.open("/profile/")
    assert "/sign-in/" in me.path


def signed_in_there(provider) -> list[str]:
    """The provider's own names for who is signed in, newest first."""
    return list(reversed(provider.post("/signed-in")["sids"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_add_a_passkey_and_sign_in_with_it(portal, visit, language):
    account = {"vi": portal.cast.consulted, "en": portal.cast.officer2}[language].account
    me = visit(language, DESKTOP)
    # Passkeys belong to a name, never to an address of numbers.
    me.portal = type(portal)(portal.address.replace("127.0.0.1", "localhost"), portal.cast, portal.sessions)
    me.sign_in(account.username)
    me.open("/profile/second-factor/")
    me.look("second-factor-none")
    me.open("/profile/second-factor/add/webauthn/")
    me.look("passkey-add")
    with_key(me)
    me.page.fill("#id_name", "Máy ở quầy 3")
    me.page.fill("#id_password", PASSWORD)
    me.send("form[data-passkey] > button.govuk-button")
    assert me.path == "/profile/second-factor/"
    assert Authenticator.objects.get(user=account).wrap().name == "Máy ở quầy 3"
    me.send("form[action='/sign-out/'] button")
    me.open("/sign-in/")
    with me.page.expect_navigation(url=lambda url: "sign-in" not in url):
        me.page.click("form[data-passkey='sign-in'] > button")
    me.open("/profile/")
    assert account.full_name in me.page.inner_text("main")
    me.send("form[action='/sign-out/'] button")
    me.sign_in(account.username)
    assert "/sign-in/second-factor/" in me.path
    with me.page.expect_navigation(url=lambda url: "second-factor" not in url):
        me.page.click("form[data-passkey='second-factor'] > button")
    me.open("/profile/second-factor/")
    me.look("second-factor-one")
    me.send("form[action='/sign-out/'] button")
    me.sign_in(account.username)
    me.look("second-factor-asked")


def with_key(me) -> None:
    """The browser gets a key that answers by itself. It is gone when another debugger's channel closes, as `look`'s."""
    keys = me.context.new_cdp_session(me.page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_is_locked_by_a_key_and_opened_again(portal, visit, language):
    account = portal.cast.supervisor.account
    me = visit(language, DESKTOP)
    me.sign_in(account.username)
    me.open("/profile/pin/")
    me.page.fill("#id_pin", "250719")
    me.page.fill("#id_password", PASSWORD)
    me.look("pin")
    me.send("main form > button.govuk-button")
    me.open("/reports/")
    with me.page.expect_navigation():
        me.page.keyboard.press("Alt+l")
    assert "/unlock/" in me.path
    me.look("unlock")
    me.page.keyboard.type("250719")
    with me.page.expect_navigation(url=lambda url: "unlock" not in url):
        me.page.keyboard.press("Enter")
