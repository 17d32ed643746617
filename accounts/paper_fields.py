"""Form fields for the paper by which somebody is known, judged together: its number says little without its country."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.fields import (
    BirthDateField,
    CountryField,
    DateField,
    DecisionNumberField,
    DocumentNumberField,
    PersonalNumberField,
)
from vietnam.decisions import LONGEST_ISSUER, FoundingDecision
from vietnam.documents import VIETNAM, DocumentKind, IdentityDocument
from vietnam.identity import Fault, InvalidNumber, fits_birth_date
from vietnam.text import fold

_OLD_CARD = _("Số chứng minh nhân dân có 9 chữ số. Hãy xem lại trên giấy.")


def document_meant(form: forms.Form, number: str, country: str) -> IdentityDocument | None:
    """What the fields `number` and `country` of a cleaned form mean together; what is wrong is said at its field."""
    text = form.cleaned_data.get(number)
    if not text:
        return None
    try:
        return IdentityDocument.meant(text, form.cleaned_data.get(country) or "", timezone.localdate())
    except InvalidNumber as problem:
        if any(letter.isalpha() for letter in text):
            form.add_error(country, DocumentNumberField.faults[Fault.COUNTRY])
        else:
            form.add_error(number, PersonalNumberField.faults[problem.reason])
    return None


def check_birth_date(form: forms.Form, number: str = "number") -> None:
    """Say at the day of birth that it cannot be that of the number's holder."""
    given = form.cleaned_data
    if given.get(number) and not fits_birth_date(given[number], given.get("birth_date")):
        form.add_error("birth_date", BirthDateField.faults["number"])


class PaperFields(forms.Form):
    """Kind, number and country of the paper of somebody without a personal number; cleaned to `paper`."""

    document = forms.ChoiceField(
        label=_("Giấy tờ"), choices=Person.Document.choices, widget=forms.RadioSelect, initial=Person.Document.PASSPORT
    )
    number = DocumentNumberField(label=_("Số giấy tờ"))
    country = CountryField(
        label=_("Quốc tịch"),
        required=False,
        help_text=_("Nước cấp giấy tờ. Chứng minh nhân dân thì để trống."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        given["paper"] = self._paper(given)
        return given

    def _paper(self, given: dict[str, Any]) -> IdentityDocument | None:
        kind, number = given.get("document"), given.get("number")
        if not kind or not number or "country" in self.errors:
            return None
        try:
            return IdentityDocument.parse(kind, number, given.get("country") or "")
        except InvalidNumber as problem:
            if problem.reason is Fault.COUNTRY:
                self.add_error("country", DocumentNumberField.faults[Fault.COUNTRY])
            elif kind == DocumentKind.OLD_CARD:
                self.add_error("number", _OLD_CARD)
            else:
                self.add_error("number", DocumentNumberField.faults[problem.reason])
        return None

    def identity(self) -> IdentityDocument:
        """The paper of a form that is valid."""
        paper: IdentityDocument = self.cleaned_data["paper"]
        return paper


class DecisionFields(forms.Form):
    """The decision or licence that founded a body. A Vietnamese one says its day and who issued it (Decree 30/2020,
    art. 8), one from abroad may not."""

    number = DecisionNumberField(label=_("Số quyết định hoặc giấy phép thành lập"))
    date = DateField(
        label=_("Ngày ra quyết định"), error_messages={"required": _("Hãy nhập ngày ghi trên quyết định.")}
    )
    issuer = forms.CharField(
        label=_("Cơ quan ra quyết định"),
        max_length=LONGEST_ISSUER,
        help_text=_("Như trên quyết định, ví dụ: UBND tỉnh Bắc Ninh. Của nước ngoài mà không ghi thì để trống."),
        error_messages={"required": _("Hãy nhập cơ quan ra quyết định: mỗi cơ quan, mỗi năm đều có số này.")},
    )
    country = CountryField(label=_("Nước ra quyết định"), initial=VIETNAM)
    optional = ("date", "issuer")  # in the browser, where the country may still change

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        country = self.data.get(self.add_prefix("country")) if self.is_bound else self.initial.get("country", VIETNAM)
        for name in self.optional:
            self.fields[name].required = country == VIETNAM

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"]
        if self.fields["issuer"].required and not fold(issuer):
            raise forms.ValidationError(self.fields["issuer"].error_messages["required"])
        return issuer

    def decision(self) -> FoundingDecision:
        given = self.cleaned_data
        return FoundingDecision.parse(given["number"], given["country"], given["date"], given["issuer"])
