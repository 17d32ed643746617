"""Decisions of a catalogue controller as forms, one for each thing that an open query asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from core.fields import IntegerField
from procedures.competence.lookup import COMMUNE_AGENCIES, COMMUNE_KEYS
from procedures.editions.document import Facts, fact_at
from procedures.editions.forms.periods import PeriodForm
from procedures.models import Edition, OpenQuery
from procedures.models.fees import UNITS_PAID_FOR
from procedures.review import queries
from vietnam.money import InvalidAmount, parse_money


class LimitForm(PeriodForm):
    def value(self) -> Facts:
        return {
            "amount": self.amount_value(),
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
        choices=UNITS_PAID_FOR,
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
    return [*COMMUNE_AGENCIES.items(), *((agency.key, agency.local_name) for agency in known[:100])]


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


def form_for(open_query: OpenQuery, data: Any = None) -> Any:
    """The form that a decision of `open_query` needs, filled with the proposal, else with what stands in the facts."""
    fact = fact_at(open_query.edition.facts, open_query.path)
    known = {**(fact if isinstance(fact, dict) else {}), **(open_query.proposal or {})}
    initial = {**known, "value_": known.get("value", "")}
    return _FORMS.get(queries.asks_for(open_query), PlainForm)(data, initial=initial)
