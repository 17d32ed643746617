"""A time limit as somebody types it: a number, its unit, and the rule of fifteen hours."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import DecimalField
from vietnam.working_time import InvalidPeriod, Period, Unit

UNITS = [
    ("working_day", _("ngày làm việc")),
    ("working_hour", _("giờ làm việc")),
    ("calendar_day", _("ngày (cả ngày nghỉ)")),
    ("calendar_hour", _("giờ (liên tục)")),
    ("month", _("tháng")),
    ("at_once", _("giải quyết ngay")),
]


class PeriodForm(forms.Form):
    """A number is asked for unless the matter is settled at once."""

    amount = DecimalField(
        label=_("Số"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    unit = forms.ChoiceField(label=_("Đơn vị"), choices=UNITS)
    after_15h_next_day = forms.BooleanField(
        label=_("Nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, amount = cleaned.get("unit"), cleaned.get("amount")
        if not unit or unit == Unit.AT_ONCE or "amount" in self.errors:
            return cleaned
        if amount is None:
            self.add_error("amount", _("Hãy ghi số ngày, giờ hoặc tháng."))
            return cleaned
        try:
            Period(amount, Unit(unit))
        except InvalidPeriod:
            self.add_error("amount", _("Đơn vị này không đếm được số đó: tháng phải là số nguyên lớn hơn 0."))
        return cleaned

    def amount_value(self) -> int | float:
        """The number as a facts document writes it; 0 when the matter is settled at once."""
        at_once = self.cleaned_data["unit"] == Unit.AT_ONCE
        amount = Decimal(0) if at_once else self.cleaned_data["amount"] or Decimal(0)
        return int(amount) if amount == int(amount) else float(amount)
