from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vietnam.money import format_money


class CashForm(forms.Form):
    """The cashier says that the whole amount lies on the table."""

    received = forms.BooleanField(error_messages={"required": _("Hãy đánh dấu khi bạn đã nhận đủ tiền.")})

    def __init__(self, *given: Any, amount: int, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["received"].label = _("Tôi đã nhận đủ %(amount)s tiền mặt") % {"amount": format_money(amount)}
