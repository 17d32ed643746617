"""django-allauth's forms for codes of an authenticator app, in our words: the library has no Vietnamese."""

from typing import Any

from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Mã 6 chữ số trong ứng dụng tạo mã"),
        max_length=12,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}
        ),
    )


class AppCodeForm(BaseAuthenticateForm):
    """A code of an app that the account has; spaces between its halves, as apps show it, are no part of it."""

    code = _code_field()

    def clean_code(self) -> Any:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()


class NewAppForm(ActivateTOTPForm):
    """The first code of an app that is to be added."""

    code = _code_field()

    def clean_code(self) -> Any:
        self.cleaned_data["code"] = "".join(self.cleaned_data["code"].split())
        return super().clean_code()
