"""What people fill in to sign in, to open an account and to keep their own details."""

from typing import Any

from django import forms
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.codes import carried_channels
from accounts.models import Account, Person
from accounts.paper_fields import PaperFields, check_birth_date
from accounts.registration import personal_document
from agencies.fields import NamedChoiceField
from agencies.models import Territory
from core.fields import BirthDateField, DocumentNumberField, PersonalNumberField, PhoneField
from vietnam.documents import IdentityDocument
from vietnam.text import normalise_name


class SignInForm(forms.Form):
    login = forms.CharField(
        label=_("Số định danh cá nhân, thư điện tử hoặc tên đăng nhập"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPassword(forms.Form):
    """Adds the field for a password to be chosen, checked against the rules and the account's own facts."""

    password = forms.CharField(
        label=_("Mật khẩu mới"),
        help_text=_("Ít nhất 10 ký tự, không chỉ gồm chữ số, không dùng tên hay số định danh của bạn."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def check_password_for(self, account: Account) -> None:
        password = self.cleaned_data.get("password")
        if password:
            try:
                validate_password(password, account)
            except forms.ValidationError as problem:
                self.add_error("password", problem)


class ConfirmByPasswordForm(forms.Form):
    """The password once more, before a factor is added or taken away; accounts that have none are not asked."""

    password = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account
        if not account.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        # Not the account's own check: that may renew the hash, which would end the session.
        if not check_password(password, self.account.password):
            raise forms.ValidationError(_("Mật khẩu hiện tại chưa đúng. Hãy nhập lại."))
        return password


_PIN = {"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-10"}


class PinForm(ConfirmByPasswordForm):
    """The number that opens one's locked session again."""

    pin = forms.CharField(
        label=_("Mã PIN mới"),
        help_text=_("6 chữ số, không lặp, không liên tiếp; chỉ mở lại phiên đã khóa trên máy đang dùng."),
        max_length=6,
        widget=forms.PasswordInput(_PIN),
    )
    field_order = ["pin", "password"]


class UnlockForm(forms.Form):
    pin = forms.CharField(
        label=_("Mã PIN hoặc mật khẩu"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({**_PIN, "autofocus": True, "inputmode": "text"}),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Lý do"), max_length=300, widget=forms.TextInput({"autocomplete": "off"}))


class RevokeForm(ReasonForm):
    """Why an authorisation is taken back."""


class ResetForm(forms.Form):
    """Whose password is to be set anew, and where the code goes."""

    login = forms.CharField(
        label=_("Số định danh cá nhân hoặc thư điện tử"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    channel = forms.ChoiceField(
        label=_("Gửi mã đến"),
        choices=[("sms", _("Số điện thoại của tài khoản")), ("email", _("Thư điện tử của tài khoản"))],
        widget=forms.RadioSelect,
        initial="sms",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Only what reaches somebody is offered; where nothing does, the page says so before the form."""
        super().__init__(*args, **kwargs)
        field: Any = self.fields["channel"]
        if carried := carried_channels():
            field.choices = [choice for choice in field.choices if choice[0] in carried]
            field.initial = carried[0]


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Mã gồm 6 chữ số"),
        max_length=12,
        widget=forms.TextInput(
            {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-10"}
        ),
    )


class ResetCodeForm(CodeForm, NewPassword):
    field_order = ["code", "password"]

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_password_for(self.account)
        return cleaned


class JoinForm(forms.Form):
    """The holder's yes to joining an electronic identity; and whether an unproven account on the number is theirs."""

    account_is = forms.ChoiceField(
        label=_("Đã có một tài khoản tự mở bằng số định danh của bạn. Đó là tài khoản của bạn?"),
        choices=[("mine", _("Của tôi, nối vào tài khoản đó")), ("not_mine", _("Không phải của tôi, mở tài khoản mới"))],
        widget=forms.RadioSelect,
    )
    password = forms.CharField(
        label=_("Mật khẩu của tài khoản đó"),
        max_length=128,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    agreed = forms.BooleanField(label=_("Tôi đồng ý"))

    def __init__(self, *args: Any, found: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.found = found
        self.claimed = found.join == "claim"
        if not self.claimed:
            del self.fields["account_is"]
        if not (self.claimed or found.needs_password):
            del self.fields["password"]
        elif not self.claimed:  # whose account it is not need not know its password
            self.fields["password"].required = True

    def theirs(self) -> bool:
        return not self.claimed or self.cleaned_data.get("account_is") == "mine"

    def asks_password(self) -> bool:
        return "password" in self.fields and self.theirs()


class OwnEnterpriseForm(forms.Form):
    """The tax number of an enterprise that one acts for by law."""

    number = forms.CharField(
        label=_("Mã số thuế"),
        help_text=_("10 chữ số, hoặc 10 chữ số kèm 3 chữ số của đơn vị phụ thuộc."),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "govuk-input--width-20"}),
    )


class SignUpForm(NewPassword):
    number: forms.Field = PersonalNumberField(
        label=_("Số định danh cá nhân"), help_text=_("12 chữ số in trên căn cước.")
    )
    full_name = forms.CharField(
        label=_("Họ và tên"),
        help_text=_("Viết như trên căn cước, ví dụ Nguyễn Thị Ánh."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = BirthDateField(required=False, widget=forms.TextInput({"autocomplete": "bday"}))
    phone = PhoneField(help_text=_("Để chúng tôi báo tin về hồ sơ."))
    email = forms.EmailField(
        label=_("Thư điện tử"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["number", "full_name", "birth_date", "phone", "email", "password"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].label = _("Mật khẩu")

    def clean_full_name(self) -> str:
        """As the paper has it: people with one name are no fewer people."""
        return normalise_name(self.cleaned_data["full_name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_birth_date(self)
        self.check_password_for(
            Account(
                username=cleaned.get("number") or "",
                full_name=cleaned.get("full_name", ""),
                email=cleaned.get("email", ""),
            )
        )
        return cleaned

    def identity(self) -> IdentityDocument:
        return personal_document(self.cleaned_data["number"])


class PaperSignUpForm(PaperFields, SignUpForm):
    """The same for somebody whose paper is a passport or a card of old."""

    number = DocumentNumberField(label=_("Số giấy tờ"))
    full_name = forms.CharField(
        label=_("Họ và tên"),
        help_text=_("Viết bằng chữ La-tinh như trên hộ chiếu hoặc giấy tờ."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["document", "number", "country", "full_name", "birth_date", "phone", "email", "password"]


class PasswordForm(NewPassword):
    current = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean_current(self) -> str:
        current = self.cleaned_data["current"]
        if not self.account.check_password(current):
            raise forms.ValidationError(_("Mật khẩu hiện tại chưa đúng. Hãy nhập lại."))
        return current

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.check_password_for(self.account)
        if cleaned.get("password") and cleaned.get("password") == cleaned.get("current"):
            self.add_error("password", _("Mật khẩu mới phải khác mật khẩu hiện tại."))
        return cleaned


class DetailsForm(forms.ModelForm):
    """What people may change of themselves; name, number and birth date are corrected at a counter.

    Another telephone or e-mail asks for the password of whoever has one: codes that open the account go there.
    """

    phone = PhoneField()
    territory = NamedChoiceField(
        label=_("Xã, phường nơi ở"),
        queryset=Territory.objects.none(),
        required=False,
        empty_label=_("Chọn xã, phường"),
    )

    current = forms.CharField(
        label=_("Mật khẩu hiện tại"),
        help_text=_("Chỉ cần khi đổi số điện thoại hoặc thư điện tử."),
        max_length=128,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta:
        model = Person
        fields = ["phone", "email", "address", "territory"]
        labels = {"email": _("Thư điện tử"), "address": _("Địa chỉ")}
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "address": forms.TextInput(attrs={"autocomplete": "street-address"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["territory"].queryset = Territory.objects.valid().exclude(kind=Territory.Kind.PROVINCE)
        self.account = self.instance.account
        if self.account is None or not self.account.has_usable_password():
            del self.fields["current"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        current = cleaned.pop("current", "")
        moved = {"phone", "email"} & set(self.changed_data)
        if "current" in self.fields and moved and not self.account.check_password(current):
            self.add_error("current", _("Mật khẩu hiện tại chưa đúng. Hãy nhập lại."))
        return cleaned
