"""A card terminal. It speaks to its bank alone: nobody is asked and nobody calls; its money comes by statement."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from payments.models import CollectionAccount, Payment
from payments.providers.base import Provider, Received, Report, Unreachable, Unreadable


class TerminalForm(forms.Form):
    terminal = forms.CharField(
        label=_("Mã máy thẻ (TID)"),
        max_length=16,
        validators=[RegexValidator(r"\A[A-Z0-9]{4,16}\Z", _("Mã máy thẻ gồm 4 đến 16 chữ cái in hoa và chữ số."))],
    )


class Terminal(Provider):
    name = "pos"
    method = Payment.Method.POS
    label = _("Thẻ tại quầy")
    options_form = TerminalForm
    online = False

    def province_options(self) -> dict[str, Any] | None:
        return None

    def province_secret(self) -> str:
        return ""

    def account_key(self, options: dict[str, Any]) -> str:
        return f"pos-{options['terminal']}".lower()

    def missing(self, account: CollectionAccount) -> list[str]:
        return []

    def inquire(self, payment: Payment, *, at: datetime) -> Report:
        raise Unreachable("a terminal cannot be asked")

    def read_callback(self, received: Received) -> Report:
        raise Unreadable("a terminal does not call")
