"""Questions that the fee asks, made from the edition's lines; `procedures.fees.inputs` validates the answers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from core.fields import IntegerField
from procedures.editions.forms.rows import Money
from procedures.fees import inputs
from procedures.fees.inputs import Needed
from procedures.questionnaire.web import TickedChoices

_WIDTH = {"class": "govuk-input--width-5", "inputmode": "numeric"}


def fields_for(needed: Needed, *, at_counter: bool = False, required: bool = True) -> dict[str, forms.Field]:
    """One field for each fact that is needed; at the counter short ones, whose proof is seen at once."""
    found: dict[str, forms.Field] = {
        f"quantity_{per}": IntegerField(
            label=needed.counted_label(per),
            help_text=_("Chỉ thu khi bạn yêu cầu thêm; không cần thì ghi 0.") if per in needed.on_request else "",
            initial=needed.least(per),
            required=required,
            widget=forms.TextInput(attrs=_WIDTH),
        )
        for per in needed.counted
    }
    if needed.bands:
        found["value"] = Money(
            label=_("Giá trị (đồng)") if at_counter else _("Giá trị để tính phí (đồng)"),
            help_text=_value_hint(needed, short=at_counter),
            required=required,
        )
    if at_counter and found:
        next(iter(found.values())).widget.attrs["data-key"] = "F4"
    if needed.reliefs:
        found["exemptions"] = forms.MultipleChoiceField(
            label=_("Miễn, giảm (đã xem giấy tờ)") if at_counter else _("Bạn thuộc diện được miễn, giảm nào?"),
            help_text="" if at_counter else _relief_hint(),
            choices=[(relief.key, f"{relief.local_text()} ({relief.share()})") for relief in needed.reliefs],
            required=False,
            widget=TickedChoices,
        )
    return found


def _value_hint(needed: Needed, *, short: bool) -> str:
    """Hints are put on the page as they are, so the names in them are escaped here."""
    fee = escape(needed.value_label())
    if short:
        return fee
    return _("%(fee)s tính theo giá trị. Ghi có hay không có dấu chấm đều được, ví dụ 1.500.000.000.") % {"fee": fee}


def _relief_hint() -> str:
    return _(
        "Đánh dấu diện của bạn; không thuộc diện nào thì để trống. Đính kèm giấy tờ chứng minh ở phần giấy tờ: "
        "bộ phận một cửa xem rồi mới áp dụng."
    )


def given_inputs(needed: Needed, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The cleaned answers as `inputs.validate_inputs` takes them; a number that cannot be read stays out, not 1."""
    return {
        "quantities": {per: cleaned.get(f"quantity_{per}", -1) for per in needed.counted},
        "value": cleaned.get("value"),
        "exemptions": cleaned.get("exemptions") or [],
    }


def initial(said: Mapping[str, Any]) -> dict[str, Any]:
    """Fee facts as the fields show them."""
    shown = {f"quantity_{per}": number for per, number in (said.get("quantities") or {}).items()}
    if said.get("value") is not None:
        shown["value"] = said["value"]
    return {**shown, "exemptions": list(said.get("exemptions") or ())}


def written_values(text: Mapping[str, str]) -> dict[str, Any]:
    """Answers that were typed and not saved, as the fields show them."""
    ticked = [name.removeprefix("exemptions--") for name in text if name.startswith("exemptions--")]
    return {**text, "exemptions": ticked}


def field_names(needed: Needed) -> set[str]:
    """Every name that the page may send."""
    ticks = {f"exemptions--{relief.key}" for relief in needed.reliefs}
    return {*(f"quantity_{per}" for per in needed.counted), *({"value"} if needed.bands else ()), *ticks}


def add_mistakes(form: forms.Form, judged: inputs.Judged) -> None:
    """Each mistake at its field, unless the field has said already what is wrong with it."""
    for name, sentence in judged.mistakes:
        field = name.replace("quantities.", "quantity_")
        if field not in form.errors:
            form.add_error(field, sentence)


class FeeForm(forms.Form):
    """What the fee depends on. After `is_valid`, `facts` are judged fee facts; before, those that can be read."""

    def __init__(self, needed: Needed, data: Any = None, *, required: bool = True, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.needed = needed
        self.fields |= fields_for(needed, required=required)
        self.facts: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        judged = inputs.validate_inputs(self.needed, given_inputs(self.needed, cleaned))
        self.facts = judged.facts
        add_mistakes(self, judged)
        return cleaned


def reckoned_inputs(needed: Needed, data: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(fee facts of a form that is still being typed, what is wrong with it so far); numbers stand at the least."""
    least = {f"quantity_{per}": str(needed.least(per)) for per in needed.counted}
    form = FeeForm(needed, {**least, **data}, required=False)
    if form.is_valid():
        return form.facts, []
    return form.facts, [str(sentence) for sentences in form.errors.values() for sentence in sentences]
