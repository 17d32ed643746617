"""Form fields for the paper by which somebody is known, judged together: its number says little without its country."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from core.fields import BirthDateField, CountryField, DocumentNumberField, PersonalNumberField
from vietnam.documents import DocumentKind, IdentityDocument
from vietnam.identity import Fault, InvalidNumber, fits_birth_date

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
