from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from payments.providers.vietqr.code import BANKS

_PLAIN = RegexValidator(r"\A[A-Z0-9 .\-/]*\Z", _("Viết như ngân hàng viết: chữ in hoa không dấu."))


class AccountForm(forms.Form):
    """A bank account that takes transfers by VietQR, and where its bank answers."""

    bin = forms.ChoiceField(label=_("Ngân hàng"), choices=[(code, f"{name} ({code})") for code, name in BANKS.items()])
    number = forms.CharField(
        label=_("Số tài khoản"),
        max_length=19,
        validators=[RegexValidator(r"\A[0-9A-Z]+\Z", _("Số tài khoản gồm chữ số, có thể có chữ in hoa."))],
    )
    holder = forms.CharField(label=_("Chủ tài khoản"), max_length=25, validators=[_PLAIN])
    url = forms.URLField(
        label=_("Địa chỉ của ngân hàng"),
        required=False,
        help_text=_("Để trống nếu dùng địa chỉ chung của cổng. Máy chủ này phải có trong danh sách được kết nối."),
        assume_scheme="https",
    )
