"""django-allauth's forms for passkeys, made to answer whatever a browser sends with a sentence."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

# What the library raises for JSON that is no credential, beside its own ValidationError.
_NO_CREDENTIAL = (KeyError, TypeError, ValueError, AttributeError, IndexError)


def _credential() -> forms.JSONField:
    """What the browser writes when the key has answered; nobody types it."""
    fault = _("Trình duyệt chưa gửi được khóa truy cập. Hãy bấm nút dùng khóa lần nữa, hoặc chọn cách khác.")
    return forms.JSONField(widget=forms.HiddenInput, error_messages={"required": fault, "invalid": fault})


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):
    """A passkey as second factor of a known account."""

    credential = _credential()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _NO_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code") from None


class PasskeySignInForm(webauthn.LoginWebAuthnForm):
    """A passkey instead of name and password."""

    credential = _credential()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _NO_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code") from None


class NewPasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey to be added."""

    credential = _credential()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except _NO_CREDENTIAL:
            raise get_adapter().validation_error("incorrect_code") from None
