"""What cashiers and administrators enter."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, OwnFileInput
from payments.models import BankStatement, CollectionAccount, ReceiptSeries, Refund, StatementLine, StatementMapping
from payments.models.statements import DATE_FORMATS
from vietnam.money import InvalidAmount, format_money, parse_money
from vietnam.numbers import format_number


class MoneyField(forms.CharField):
    """An amount as people write it; whole đồng."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)  # a longest length would be asked of the number
        self.widget.attrs |= {
            "maxlength": "60",
            "inputmode": "numeric",
            "class": "govuk-input--width-10",
            "autocomplete": "off",
        }

    def prepare_value(self, value: Any) -> Any:
        return format_number(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_money(text)
        except InvalidAmount:
            raise forms.ValidationError(_("Hãy nhập số tiền tròn đồng, ví dụ 26.000."), code="amount") from None


class CashForm(forms.Form):
    """The cashier says that the whole amount lies on the table."""

    received = forms.BooleanField(error_messages={"required": _("Hãy đánh dấu khi bạn đã nhận đủ tiền.")})

    def __init__(self, *given: Any, amount: int, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["received"].widget.attrs["autofocus"] = True  # space, then Ctrl+Enter
        self.fields["received"].label = _("Tôi đã nhận đủ %(amount)s tiền mặt") % {"amount": format_money(amount)}


class CardForm(forms.Form):
    """What the card terminal printed."""

    approval = forms.RegexField(
        r"\A[0-9A-Za-z]{4,12}\Z",
        label=_("Mã chuẩn chi trên giấy của máy thẻ"),
        error_messages={"invalid": _("Mã chuẩn chi gồm 4 đến 12 chữ cái và chữ số.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off", "autofocus": True}),
    )


class RefundForm(forms.Form):
    """Somebody asks to give money back."""

    amount = MoneyField(label=_("Số tiền hoàn"))
    reason = forms.ChoiceField(label=_("Lý do"), choices=Refund.Reason.choices)
    ground = forms.CharField(label=_("Căn cứ, ghi rõ"), max_length=300)
    way = forms.ChoiceField(label=_("Cách hoàn"), choices=Refund.Way.choices, widget=forms.RadioSelect)
    target = forms.CharField(
        label=_("Tài khoản nhận"),
        max_length=200,
        required=False,
        help_text=_("Khi chuyển khoản: ngân hàng, số tài khoản và chủ tài khoản đã chuyển tiền đến."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("way") == Refund.Way.TRANSFER and not given.get("target", "").strip():
            self.add_error("target", _("Hãy nhập tài khoản nhận."))
        return given


class AskForm(forms.Form):
    note = forms.CharField(label=_("Đã hỏi ai, hỏi gì"), max_length=500)


class CountForm(forms.Form):
    """A cashier counts their cash."""

    counted = MoneyField(label=_("Số tiền mặt đếm được"))
    reason = forms.CharField(label=_("Lý do chênh lệch, nếu có"), max_length=300, required=False)


class StatementForm(forms.Form):
    """A statement to import."""

    account = forms.ModelChoiceField(CollectionAccount.objects.none(), label=_("Tài khoản"))
    format = forms.ChoiceField(label=_("Loại tệp"), choices=BankStatement.Format.choices)
    mapping = forms.ModelChoiceField(
        StatementMapping.objects.all(), label=_("Mẫu đọc tệp CSV"), required=False, help_text=_("Chỉ cần cho tệp CSV.")
    )
    file = forms.FileField(
        label=_("Tệp sao kê"), help_text=_("Tệp mà ngân hàng gửi, không quá 40 MB."), widget=OwnFileInput
    )

    def __init__(self, *given: Any, accounts: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["account"]
        field.queryset = accounts  # type: ignore[attr-defined]
        field.label_from_instance = _account_label  # type: ignore[attr-defined]
        only = list(accounts[:2])
        if len(only) == 1:
            field.initial = only[0]


def _account_label(account: CollectionAccount) -> str:
    """The bank's number and the holder, as people know an account."""
    named = (account.options.get("number", ""), account.options.get("holder", ""))
    return " · ".join(filter(None, named)) or account.key


class ExplainForm(forms.Form):
    """Why a line of a statement is as it is."""

    NONE = "none"
    reason = forms.ChoiceField(label=_("Dòng này là"), choices=StatementLine.Reason.choices, widget=forms.RadioSelect)
    place = forms.ChoiceField(
        label=_("Bên thu hộ hoặc quỹ"),
        required=False,
        help_text=_("Khi bên thu hộ hoặc máy thẻ chuyển tiền về, hoặc khi là tiền mặt đã chốt."),
    )
    cost = MoneyField(
        label=_("Phí bên thu hộ giữ lại"),
        required=False,
        help_text=_("Khi số chuyển về ít hơn số đã thu."),
    )
    payment = forms.ChoiceField(
        label=_("Ngân hàng đảo khoản nào"), required=False, help_text=_("Khi ngân hàng đảo một bút toán.")
    )
    explanation = forms.CharField(label=_("Giải thích"), max_length=300)

    def __init__(
        self, *given: Any, places: list[tuple[str, str]], taken_back: list[tuple[str, str]], **named: Any
    ) -> None:
        """`taken_back`: payments and stray money that a reversal may undo; empty where there are none."""
        super().__init__(*given, **named)
        self.fields["place"].choices = [("", "—"), *places]  # type: ignore[attr-defined]
        other = (self.NONE, _("Không phải khoản nào của cổng"))
        self.fields["payment"].choices = [("", "—"), *taken_back, other]  # type: ignore[attr-defined]
        if not taken_back:
            del self.fields["payment"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        reversal = given.get("reason") == StatementLine.Reason.REVERSAL
        if reversal and "payment" in self.fields and not given.get("payment"):
            self.add_error("payment", _("Hãy chọn khoản bị đảo để khoản thu ấy lại phải nộp."))
        return given


class MappingForm(forms.ModelForm):
    encoding = forms.ChoiceField(
        label=_("Bảng mã"),
        choices=[
            ("utf-8-sig", "UTF-8"),
            ("utf-16", "UTF-16 (Unicode Text)"),
            ("cp1258", "Windows-1258"),
            ("cp1252", "Windows-1252"),
        ],
    )
    delimiter = forms.ChoiceField(
        label=_("Dấu ngăn cột"),
        choices=[(",", _("Phẩy (,)")), (";", _("Chấm phẩy (;)")), ("\t", _("Tab")), ("|", _("Gạch đứng (|)"))],
    )
    date_format = forms.ChoiceField(
        label=_("Dạng ngày"), choices=[(form, f"{datetime(2026, 12, 31, 17, 5):{form}}") for form in DATE_FORMATS]
    )

    class Meta:
        model = StatementMapping
        fields = (
            "name",
            "encoding",
            "delimiter",
            "date_column",
            "date_format",
            "credit_column",
            "debit_column",
            "amount_column",
            "decimal",
            "reference_column",
            "purpose_column",
            "payer_column",
            "balance_column",
        )
        labels = {
            "name": _("Tên mẫu"),
            "date_column": _("Cột ngày"),
            "credit_column": _("Cột ghi có"),
            "debit_column": _("Cột ghi nợ"),
            "amount_column": _("Cột số tiền có dấu"),
            "decimal": _("Cách viết số"),
            "reference_column": _("Cột mã giao dịch"),
            "purpose_column": _("Cột nội dung"),
            "payer_column": _("Cột người chuyển"),
            "balance_column": _("Cột số dư sau dòng"),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("amount_column") and not given.get("credit_column"):
            self.add_error("credit_column", _("Hãy nhập cột ghi có, hoặc cột số tiền có dấu."))
        return given


class ValidityForm(forms.Form):
    """From when a row holds; the one before ends the day before."""

    valid_from = DateField(label=_("Áp dụng từ ngày"))

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Chỉ đổi được từ hôm nay trở đi: tiền đã thu theo tài khoản cũ không đổi."))
        return day


class SeriesForm(forms.ModelForm):
    class Meta:
        model = ReceiptSeries
        fields = ("form_symbol", "serial", "collector_name", "collector_tax_code")
        labels = {
            "form_symbol": _("Ký hiệu mẫu biên lai"),
            "serial": _("Ký hiệu biên lai"),
            "collector_name": _("Tên đơn vị thu"),
            "collector_tax_code": _("Mã số thuế của đơn vị thu"),
        }
