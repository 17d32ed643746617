from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _


class MerchantForm(forms.Form):
    """A merchant of VNPAY. Its hash secret stands in the environment under the account's key."""

    tmn_code = forms.CharField(
        label=_("Mã định danh kết nối (TmnCode)"),
        max_length=8,
        validators=[RegexValidator(r"\A[A-Z0-9]{8}\Z", _("TmnCode gồm 8 chữ cái in hoa và chữ số."))],
    )
