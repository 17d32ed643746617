"""What is asked where lists for destruction are looked through."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import CarriedNumber, DateField


class KeepForm(forms.Form):
    item = CarriedNumber(min_value=1, max_value=2**31 - 1)
    reason = forms.CharField(label=_("Lý do giữ lại"), max_length=300)
    until = DateField(label=_("Giữ đến hết ngày"))
