"""Decisions of a catalogue controller as forms, one for each thing that a doubt asks for."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.fields import DecimalField, IntegerField
from procedures.competence.lookup import COMMUNE_AGENCIES, COMMUNE_KEYS
from procedures.editions.document import Facts, fact_at
from procedures.models import Doubt, Edition
from procedures.review import queries
from vietnam.money import InvalidAmount, parse_money
from vietnam.working_time import InvalidPeriod, Period, Unit


class LimitForm(forms.Form):
    amount = DecimalField(
        label=_("Số"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "decimal"}),
    )
    unit = forms.ChoiceField(
        label=_("Đơn vị"),
        choices=[
            ("working_day", _("ngày làm việc")),
            ("working_hour", _("giờ làm việc")),
            ("calendar_day", _("ngày (cả ngày nghỉ)")),
            ("calendar_hour", _("giờ (liên tục)")),
            ("month", _("tháng")),
            ("at_once", _("giải quyết ngay")),
        ],
    )
    after_15h_next_day = forms.BooleanField(
        label=_("Nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo"), required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, amount = cleaned.get("unit"), cleaned.get("amount")
        if unit and unit != Unit.AT_ONCE:
            if amount is None and "amount" not in self.errors:
                self.add_error("amount", _("Hãy ghi số ngày, giờ hoặc tháng."))
            elif amount is not None:
                try:
                    Period(amount, Unit(unit))
                except InvalidPeriod:
                    self.add_error("amount", _("Đơn vị này không đếm được số đó: tháng phải là số nguyên lớn hơn 0."))
        return cleaned

    def value(self) -> Facts:
        amount = self.cleaned_data["amount"] or Decimal(0)
        whole = int(amount) if amount == int(amount) else float(amount)
        return {
            "amount": whole,
            "unit": self.cleaned_data["unit"],
            "after_15h_next_day": self.cleaned_data["after_15h_next_day"],
        }


class FeeForm(forms.Form):
    amount = forms.CharField(
        label=_("Số tiền (đồng)"),
        help_text=_("Ghi 0 nếu không thu."),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "numeric"}),
    )
    name = forms.CharField(label=_("Tên khoản thu"), max_length=300)
    per = forms.ChoiceField(
        label=_("Tính theo"),
        choices=[
            ("dossier", _("hồ sơ")),
            ("copy", _("bản")),
            ("page", _("trang")),
            ("person", _("người")),
            ("item", _("lần, cái")),
        ],
    )

    def clean_amount(self) -> int:
        try:
            return parse_money(self.cleaned_data["amount"])
        except InvalidAmount:
            raise forms.ValidationError(_("Hãy ghi số tiền bằng đồng, ví dụ 50.000.")) from None

    def value(self) -> Facts:
        return {key: self.cleaned_data[key] for key in ("amount", "name", "per")}


class DocumentForm(forms.Form):
    name = forms.CharField(label=_("Tên giấy tờ"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    originals = IntegerField(label=_("Số bản chính"), min_value=0, max_value=99)
    copies = IntegerField(label=_("Số bản sao"), min_value=0, max_value=99)

    def value(self) -> Facts:
        return {key: self.cleaned_data[key] for key in ("name", "originals", "copies")}


class OnlineForm(forms.Form):
    value_ = forms.ChoiceField(label=_("Mức độ trực tuyến"), choices=Edition.OnlineLevel.choices)

    def value(self) -> Facts:
        return {"value": self.cleaned_data["value_"]}


def agency_choices() -> list[tuple[str, Any]]:
    """(role key, name) of who can settle: the two of every commune, then those of the province."""
    kinds = (Agency.Kind.PROVINCIAL_PC, Agency.Kind.DEPARTMENT, Agency.Kind.VERTICAL)
    known = Agency.objects.valid().filter(kind__in=kinds).exclude(key__in=COMMUNE_KEYS)
    return [*COMMUNE_AGENCIES.items(), *((agency.key, agency.name) for agency in known[:100])]


class AgencyForm(forms.Form):
    value_ = forms.ChoiceField(label=_("Cơ quan giải quyết"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value_"].choices = [("", "–"), *agency_choices()]

    def value(self) -> Facts:
        return {"value": self.cleaned_data["value_"]}


class PlainForm(forms.Form):
    """Nothing to fill in: accept or leave as it is."""

    def value(self) -> Facts:
        return {}


_FORMS: dict[str, type[forms.Form]] = {
    queries.LIMIT: LimitForm,
    queries.FEE: FeeForm,
    queries.DOCUMENT: DocumentForm,
    queries.ONLINE: OnlineForm,
    queries.AGENCY: AgencyForm,
}


def form_for(doubt: Doubt, data: Any = None) -> Any:
    """The form that a decision of `doubt` needs, filled with the proposal, else with what stands in the facts."""
    fact = fact_at(doubt.edition.facts, doubt.path)
    known = {**(fact if isinstance(fact, dict) else {}), **(doubt.proposal or {})}
    initial = {**known, "value_": known.get("value", "")}
    return _FORMS.get(queries.asks_for(doubt), PlainForm)(data, initial=initial)
