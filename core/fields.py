"""Fields for numbers, days and what identifies and reaches people, with their sentences.

Whatever is typed into them loses what only a computer sees (vietnam.typed) before anything judges it.

`kind` names the kind of answer for the check in the browser (`oss_portal/form_rules.py`), `faults` what it says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.countries import country_choices
from core.refusals import LOST_ON_THE_WAY
from vietnam.dates import BirthDate, InvalidDate, first_day_of, format_birth_date, parse_birth_date
from vietnam.decisions import LONGEST_DECISION, decision_number
from vietnam.documents import passport_number
from vietnam.identity import Fault, InvalidNumber, PersonalNumber, TaxNumber
from vietnam.phone import InvalidPhone, normalise_phone
from vietnam.typed import plain_characters

Faults = dict[str, Any]  # sentences, said in the reader's language when they are shown


class OwnFileInput(forms.FileInput):
    """For a file that is no paper of a dossier: the field's help text says what it may be, and nothing else does."""

    template_name = "django/forms/widgets/own_file.html"


def tidied(value: Any) -> Any:
    """What was typed, without what cannot be seen."""
    return plain_characters(value).strip() if isinstance(value, str) else value


class IntegerField(forms.IntegerField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(tidied(value))


class _Carried(forms.Field):
    """What the page carries by itself, such as the revision it was drawn with. Nobody types it, so whatever is wrong
    with it the sentence says what to do next; the page drawn again carries the right one, so that it can be done."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.HiddenInput} | options)

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except forms.ValidationError:
            raise forms.ValidationError(LOST_ON_THE_WAY, code="carried") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            self.clean(data)
        except forms.ValidationError:
            return initial
        return data


class CarriedNumber(_Carried, IntegerField):
    pass


class CarriedText(_Carried, forms.CharField):
    pass


class DecimalField(forms.DecimalField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(tidied(value))


class DateField(forms.DateField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(tidied(value))


class TimeField(forms.TimeField):
    def to_python(self, value: Any) -> Any:
        return super().to_python(tidied(value))


class _ReadField(forms.CharField, ABC):
    """A text that is read as something; empty stays empty. No browser cuts off what is pasted."""

    kind: ClassVar[str]
    faults: ClassVar[Faults]
    look: ClassVar[dict[str, str]]

    def __init__(self, *, max_length: int = 30, **options: Any) -> None:
        super().__init__(max_length=max_length, **options)
        self.widget.attrs = {**self.look, **self.widget.attrs}
        self.widget.attrs.pop("maxlength", None)

    def to_python(self, value: Any) -> str | None:
        return super().to_python(tidied(value))

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.read(text) if text else self.empty()

    def empty(self) -> Any:
        return ""

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that people mean by `text`. Raises ValidationError (`refused`)."""

    def refused(self, fault: str) -> forms.ValidationError:
        return forms.ValidationError(self.faults[fault])


class PersonalNumberField(_ReadField):
    """Twelve digits, cleaned of what stands between them. A birth year to come is refused."""

    kind = "personal_number"
    look = {"class": "govuk-input--width-20", "inputmode": "numeric", "autocomplete": "off"}
    faults: ClassVar[Faults] = {
        Fault.LENGTH: _("Số định danh cá nhân có 12 chữ số. Hãy xem lại trên căn cước."),
        Fault.CHARACTERS: _("Số định danh cá nhân chỉ gồm chữ số. Hãy xem lại trên căn cước."),
        Fault.PLACE: _("Ba số đầu của số định danh không ứng với tỉnh hoặc nước nào. Hãy xem lại trên căn cước."),
        Fault.CENTURY: _("Số thứ tư của số định danh không đúng. Hãy xem lại trên căn cước."),
        Fault.YEAR_IN_FUTURE: _("Số định danh này ứng với năm sinh ở tương lai. Hãy xem lại trên căn cước."),
    }

    def read(self, text: str) -> str:
        try:
            return str(PersonalNumber.parse(text, timezone.localdate()))
        except InvalidNumber as problem:
            raise self.refused(problem.reason) from None


class DocumentNumberField(_ReadField):
    """The number of whatever paper somebody shows: a Vietnamese card or a passport. Which one it is, kind and country
    say; until then it keeps its letters and digits."""

    kind = "document"
    look = {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
    faults: ClassVar[Faults] = {
        Fault.LENGTH: _("Số hộ chiếu, giấy tờ có từ 5 đến 20 chữ và số. Hãy xem lại trên giấy tờ."),
        Fault.CHARACTERS: _("Số hộ chiếu, giấy tờ gồm chữ số và chữ cái không dấu. Hãy xem lại trên giấy tờ."),
        Fault.COUNTRY: _("Hãy chọn quốc tịch, là nước cấp hộ chiếu hoặc giấy tờ."),
    }

    def read(self, text: str) -> str:
        try:
            return passport_number(text)
        except InvalidNumber as problem:
            raise self.refused(problem.reason) from None


class DecisionNumberField(_ReadField):
    """The number of the decision or licence that founded a body."""

    kind = "decision"
    look = {"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
    faults: ClassVar[Faults] = {
        "format": _("Số quyết định viết như 123/QĐ-UBND. Hãy xem lại trên quyết định hoặc giấy phép thành lập.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": LONGEST_DECISION, **options})

    def read(self, text: str) -> str:
        try:
            return decision_number(text)
        except InvalidNumber:
            raise self.refused("format") from None


class CountryField(forms.ChoiceField):
    """A country by its two letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=lambda: [("", _("Chọn nước")), *country_choices()], **options)


class TaxNumberField(_ReadField):
    """Ten digits with their check digit, with three more for a branch, or a personal number."""

    kind = "tax_number"
    look = {"class": "govuk-input--width-20", "inputmode": "numeric"}
    faults: ClassVar[Faults] = {
        "format": _("Mã số thuế không đúng. Hãy xem lại từng chữ số."),
        Fault.BRANCH: _("Ba số cuối là số của chi nhánh, từ 001 trở đi. Doanh nghiệp mẹ thì bỏ ba số này."),
    }

    def read(self, text: str) -> str:
        try:
            return str(TaxNumber.parse(text))
        except InvalidNumber as problem:
            raise self.refused(Fault.BRANCH if problem.reason is Fault.BRANCH else "format") from None


class PhoneField(_ReadField):
    """A Vietnamese telephone number; cleaned to digits beginning with 0."""

    kind = "phone"
    look = {"class": "govuk-input--width-20", "inputmode": "tel", "autocomplete": "tel"}
    faults: ClassVar[Faults] = {
        "format": _("Số điện thoại phải có 10 hoặc 11 chữ số, bắt đầu bằng 0, ví dụ 0912345678.")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Số điện thoại"), "max_length": 20, **options})

    def read(self, text: str) -> str:
        try:
            digits = normalise_phone(text)
        except InvalidPhone:
            raise self.refused("format") from None
        if not digits and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return digits


class BirthDateField(_ReadField):
    """A day, a month or a year as people know and write it, today at the latest; cleaned to a `BirthDate` or None."""

    kind = "birth_date"
    look = {"class": "govuk-input--width-10", "inputmode": "numeric"}
    faults: ClassVar[Faults] = {
        "format": _("Ngày sinh phải là ngày có thật, viết như 22/11/1990; chỉ biết năm thì viết 1990."),
        "late": _("Ngày sinh không thể ở tương lai."),
        "number": _("Năm sinh không khớp với số định danh. Hãy xem lại cả hai trên căn cước."),
    }

    def __init__(self, **options: Any) -> None:
        example = _("Ví dụ 22/11/1990. Chỉ biết tháng hoặc năm thì viết 11/1990 hoặc 1990.")
        super().__init__(**{"label": _("Ngày sinh"), "help_text": example, "max_length": 20, **options})

    def prepare_value(self, value: Any) -> Any:
        return format_birth_date(value) if isinstance(value, BirthDate) else value

    def empty(self) -> None:
        return None

    def read(self, text: str) -> BirthDate:
        try:
            born = parse_birth_date(text)
        except InvalidDate:
            raise self.refused("format") from None
        if first_day_of(born.isoformat()) > timezone.localdate():
            raise self.refused("late")
        return born
