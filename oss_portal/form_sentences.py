"""What a form says about a mistake: one sentence naming the field and what to do, on top and at the field."""

from collections.abc import Iterator

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from vietnam.text import within_sentence

# Django's own sentences are replaced; a sentence that a form or rule has written itself stays as it is.
_VALIDATORS = {
    "max_length": validators.MaxLengthValidator,
    "min_length": validators.MinLengthValidator,
    "max_value": validators.MaxValueValidator,
    "min_value": validators.MinValueValidator,
}


def sentences(field: BoundField) -> list[str]:
    """The sentences for one field, in the order of its errors."""
    return [text for error in field.errors.as_data() for text in _said(field, error)]


def sentence_for(field: BoundField, code: str, **limits: object) -> str:
    """What will be said when Django refuses the field's answer with this code."""
    return _sentence(field, ValidationError("", code=code, params=limits))


def _said(field: BoundField, error: ValidationError) -> Iterator[str]:
    own = _sentence(field, error) if _is_djangos(field.field, error) else ""
    if own:
        yield own
    else:
        yield from error.messages


def _is_djangos(field: forms.Field, error: ValidationError) -> bool:
    if error.code in _VALIDATORS:
        return error.message == _VALIDATORS[error.code].message
    defaults = {}
    for each in reversed(type(field).__mro__):
        defaults.update(getattr(each, "default_error_messages", {}))
    if error.code == "invalid" and isinstance(field, forms.EmailField):
        return error.message == validators.EmailValidator.message
    return error.code in defaults and error.message == defaults[error.code]


def _sentence(field: BoundField, error: ValidationError) -> str:
    label = str(field.label).rstrip("?:. ")
    named = {"label": label, "name": within_sentence(label), **(error.params or {})}
    match error.code:
        case "required" | "missing":
            return _required(field) % named
        case "invalid_choice" | "invalid_list" | "invalid_pk_value":
            return _("%(label)s: lựa chọn này không có trong danh sách, hãy chọn lại.") % named
        case "invalid":
            return _invalid(field.field) % named
        case "empty":
            return _("%(label)s: tệp này trống, hãy chọn tệp khác.") % named
        case "max_length":
            return _("%(label)s chỉ được dài tối đa %(limit_value)s ký tự.") % named
        case "min_length":
            return _("%(label)s phải dài ít nhất %(limit_value)s ký tự.") % named
        case "max_value":
            return _("%(label)s không được lớn hơn %(limit_value)s.") % named
        case "min_value":
            return _("%(label)s không được nhỏ hơn %(limit_value)s.") % named
    return ""


def _required(field: BoundField) -> str:
    if isinstance(field.field, forms.FileField):
        return _("Hãy chọn tệp cho mục: %(label)s.")
    if isinstance(field.field, forms.BooleanField):
        return _("Hãy đánh dấu ô: %(label)s.")
    if isinstance(field.field, (forms.ChoiceField, forms.ModelChoiceField)):
        return _("Hãy chọn ở mục: %(label)s.")
    return _("Hãy nhập %(name)s.")


def _invalid(field: forms.Field) -> str:
    if isinstance(field, forms.DateField):
        return _("%(label)s phải là ngày có thật, viết như 22/11/2026.")
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return _("%(label)s phải là số, ví dụ 12.")
    if isinstance(field, forms.EmailField):
        return _("%(label)s phải là địa chỉ thư điện tử, ví dụ ten@example.com.")
    return ""
