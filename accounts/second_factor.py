"""The second factor at signing in: who needs one, who has passed it, and where its secrets are kept.

django-allauth judges codes and passkeys; here is who must have one (`SECOND_FACTOR_ROLES`) and what a session knows.
"""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Account

_SESSION_KEY = "second_factor"
_PASSED, _ENROLLED = "passed", "enrolled"
_KINDS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(account: Account) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=account, type__in=_KINDS).order_by("created_at", "id"))


def has_second_factor(account: Account) -> bool:
    return Authenticator.objects.filter(user=account, type__in=_KINDS).exists()


def needs_second_factor(actor: Actor) -> bool:
    """Whether any post of theirs, or their name on the list, asks for one."""
    roles = {post.role for post in actor.posts}
    named = actor.account is not None and actor.account.username in settings.SECOND_FACTOR_ACCOUNTS
    return named or bool(roles & set(settings.SECOND_FACTOR_ROLES))


def begin_session(request: HttpRequest, account: Account, *, passed: bool) -> None:
    """What a fresh session knows: passed with signing in (a passkey, the provider's own), or still to be asked."""
    state = _PASSED if passed else _ENROLLED if has_second_factor(account) else ""
    request.session[_SESSION_KEY] = state


def pass_second_factor(request: HttpRequest) -> None:
    """A code or a passkey was right. The session gets a new key, as at signing in."""
    request.session.cycle_key()
    request.session[_SESSION_KEY] = _PASSED


def has_passed(request: HttpRequest) -> bool:
    return request.session.get(_SESSION_KEY) == _PASSED


def is_asked(request: HttpRequest) -> bool:
    """Whether this session must show a factor that its account has. One query, and only where a role asks for one."""
    state = request.session.get(_SESSION_KEY, "")
    if state:
        return state == _ENROLLED
    return needs_second_factor(request.actor) and has_second_factor(request.actor.account)


def is_lacking(request: HttpRequest) -> bool:
    """Whether the account must set one up before it works."""
    return not has_passed(request) and needs_second_factor(request.actor)


_TOO_MANY = _("Sai quá nhiều lần. Hãy đợi năm phút rồi thử lại, hoặc dùng khóa truy cập nếu có.")


class PortalAccountAdapter(DefaultAccountAdapter):
    """What the library says of too many wrong codes, in the product's words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _TOO_MANY,
        "rate_limited": _TOO_MANY,
    }


class PortalMFAAdapter(DefaultMFAAdapter):
    """Names in the product's words; TOTP secrets encrypted with a key made from SECRET_KEY."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Mã hoặc khóa chưa đúng, đã dùng hoặc đã hết hạn. Hãy thử lại."),
    }

    def get_totp_issuer(self) -> str:
        return settings.PUBLIC_URL.partition("://")[2]

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": str(_("Cổng một cửa"))}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - the library's name
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("Khóa %(number)s")) % {"number": number}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Holders hear by `accounts.signals.account_notice`."""


def _cipher() -> MultiFernet:
    """The first key encrypts; those of SECRET_KEY_FALLBACKS still decrypt."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"accounts.second_factor:" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
