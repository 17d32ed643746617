"""What a counter fills in with somebody's identity card in hand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from accounts.paper_fields import PaperFields, check_birth_date
from accounts.people import find_by_number, people_with_number
from core.fields import BirthDateField, PersonalNumberField, PhoneField
from vietnam.identity import InvalidNumber
from vietnam.text import normalise_name


def number_sentence(problem: InvalidNumber) -> Any:
    """What is wrong with a personal number, in words for its owner."""
    return PersonalNumberField.faults[problem.reason]


class CardForm(forms.Form):
    """What the identity card says, put right by a counter that has it in hand."""

    personal_number = PersonalNumberField(label=_("Số định danh cá nhân"))
    full_name = forms.CharField(label=_("Họ và tên"), max_length=150, widget=forms.TextInput({"autocomplete": "off"}))
    birth_date = BirthDateField(required=False, widget=forms.TextInput({"autocomplete": "off"}))
    reason = forms.CharField(
        label=_("Lý do sửa"), max_length=300, help_text=_("Ví dụ: nhập sai dấu khi tiếp nhận, đổi tên theo quyết định.")
    )
    seen = forms.BooleanField(label=_("Tôi đã xem căn cước và đúng là người này"))

    def clean_full_name(self) -> str:
        return normalise_name(self.cleaned_data["full_name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        check_birth_date(self, "personal_number")
        return cleaned


class PaperCardForm(PaperFields, CardForm):
    """The same for somebody whose paper is a passport or a card of old."""

    personal_number = None  # type: ignore[assignment]
    field_order = ["document", "number", "country", "full_name", "birth_date", "reason", "seen"]
    seen = forms.BooleanField(label=_("Tôi đã xem giấy tờ và đúng là người này"))


class ConfirmedContactForm(forms.Form):
    """Telephone and e-mail that the person confirmed at the counter."""

    phone = PhoneField(required=False, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("Thư điện tử"), required=False, max_length=254, widget=forms.EmailInput({"autocomplete": "off"})
    )
    seen = forms.BooleanField(label=_("Tôi đã xem căn cước và người này xác nhận các liên hệ trên"))


class EndRepresentationForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do, giấy tờ"),
        max_length=300,
        help_text=_("Ví dụ: thay đổi đăng ký doanh nghiệp lần 3, ngày 05/11/2026."),
    )


class CounterAccountForm(forms.Form):
    """At a counter, with the identity card in hand: whose account is opened or given a new password."""

    number = forms.CharField(
        label=_("Số định danh cá nhân"),
        help_text=_("Quét mã QR trên căn cước, hoặc nhập số định danh, số hộ chiếu."),
        max_length=300,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "off",
                "class": "govuk-input--width-20",
                "data-scanner": True,
            }
        ),
    )
    seen = forms.BooleanField(label=_("Tôi đã xem căn cước và đúng là người này"))

    def clean_number(self) -> Person:
        # The QR code of a card holds the number first, then other facts between bars.
        number = self.cleaned_data["number"].partition("|")[0]
        known = people_with_number(number)
        if len(known) > 1:
            raise forms.ValidationError(_("Có nhiều người mang số giấy tờ này. Hãy mở hồ sơ của đúng người ở quầy."))
        try:
            person = known[0] if known else find_by_number(number)
        except InvalidNumber as problem:
            raise forms.ValidationError(number_sentence(problem))
        if person is None:
            raise forms.ValidationError(
                _("Chưa có người này. Hãy tiếp nhận hồ sơ đầu tiên của họ, hoặc mời họ tự mở tài khoản.")
            )
        return person


class RepresentativeForm(CounterAccountForm):
    """At a counter, with card and certificate in hand: who acts for an enterprise, and by which paper."""

    ground = forms.CharField(
        label=_("Giấy tờ chứng minh: tên, số, ngày, nơi cấp"),
        max_length=200,
        help_text=_("Ví dụ: Giấy chứng nhận đăng ký doanh nghiệp, thay đổi lần 2 ngày 05/11/2026, Sở Tài chính."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    seen = forms.BooleanField(label=_("Tôi đã xem căn cước của người này và giấy tờ của doanh nghiệp"))
    field_order = ["number", "ground", "seen"]
