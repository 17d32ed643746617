"""What people type about official forms: an administrator a wording, a leader who signs."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.fields import CarriedNumber, IntegerField, tidied
from reports.forms import wording as worded
from reports.forms.definitions import OfficialForm
from reports.forms.signing import LONGEST_NAME, LONGEST_TITLE, Signer
from reports.forms.wording import FormWording, WordedColumn
from reports.indicators import MEASURES

MOST_TITLE_LINES = 4


def _lines(text: str) -> list[str]:
    """What was typed line by line, without empty lines."""
    return [line for one in text.splitlines() if (line := str(tidied(one)))]


class WordingForm(forms.Form):
    """The wording of an official form. A column without a place is left out; places order the columns."""

    official = forms.CharField(label=worded.LABELS["official"])
    title = forms.CharField(label=worded.LABELS["title"], widget=forms.Textarea(attrs={"rows": 2}))
    rows_head = forms.CharField(label=worded.LABELS["rows_head"])
    unit = forms.CharField(label=worded.LABELS["unit"])
    cut_off = forms.CharField(
        label=worded.LABELS["cut_off"],
        help_text=gettext_lazy("{first} và {last} được thay bằng ngày đầu và ngày cuối của kỳ."),
    )
    notes = forms.CharField(
        label=worded.LABELS["notes"],
        help_text=gettext_lazy("Mỗi dòng một ý; để trống nếu không có."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    prepared_by = forms.CharField(
        label=worded.LABELS["prepared_by"],
        help_text=gettext_lazy("Để trống thì biểu không có chỗ ký này."),
        required=False,
    )
    signed_by = forms.CharField(
        label=worded.LABELS["signed_by"],
        help_text=gettext_lazy(
            "{signer_title} được thay bằng quyền hạn, chức vụ của người ký, ví dụ TM. Ủy ban nhân dân và Chủ tịch. "
            "Mỗi dòng một ý."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    recipients = forms.CharField(
        label=worded.LABELS["recipients"],
        help_text=gettext_lazy("Mỗi dòng một nơi; để trống nếu không in."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirmed = forms.BooleanField(
        label=gettext_lazy("Đã đối chiếu với văn bản ban hành biểu này"),
        help_text=gettext_lazy("Trang của biểu thôi nhắc rằng các cột chưa được xác nhận."),
        required=False,
    )
    revision = CarriedNumber(min_value=-1)

    def __init__(self, *given: Any, form: OfficialForm, shown: FormWording, revision: int, **options: Any) -> None:
        self._form = form
        texts = {name: getattr(shown, name) for name in worded.LABELS}
        texts |= {name: "\n".join(texts[name]) for name in ("notes", "recipients")}
        initial = {**texts, "confirmed": shown.confirmed, "revision": revision}
        heads = {column.measure: column.head for column in (*form.columns, *shown.columns)}
        places = {measure: place for place, measure in enumerate(shown.measures, worded.FIRST_COLUMN)}
        self._measures = [*places, *(name for name in form.measures if name not in places)]
        self._further = [name for name in worded.further_measures(form) if name not in places]
        for measure in (*self._measures, *self._further):
            initial[f"place_{measure}"] = places.get(measure)
            initial[f"head_{measure}"] = heads.get(measure, str(MEASURES[measure].label))
        super().__init__(*given, initial=initial, **options)
        for measure in (*self._measures, *self._further):
            self.fields[f"place_{measure}"] = IntegerField(
                label=_("Thứ tự"), required=False, min_value=1, max_value=99,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
            )  # fmt: skip
            self.fields[f"head_{measure}"] = forms.CharField(label=_("Tiêu đề cột"), required=False)

    @property
    def texts(self) -> list[Any]:
        return [self[name] for name in (*worded.LABELS, "confirmed")]

    @property
    def columns(self) -> list[dict[str, Any]]:
        return [self._column(measure) for measure in self._measures]

    @property
    def further_columns(self) -> list[dict[str, Any]]:
        """What the form may count too, and does not now."""
        return [self._column(measure) for measure in self._further]

    def _column(self, measure: str) -> dict[str, Any]:
        return {
            "measure": MEASURES[measure],
            "needed": worded.needed_measures(self._form).get(measure, ""),
            "place": self[f"place_{measure}"],
            "head": self[f"head_{measure}"],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        places: dict[int, str] = {}
        for measure in (*self._measures, *self._further):
            place = cleaned[f"place_{measure}"]
            if place in places:
                self.add_error(f"place_{measure}", _("Đã có cột khác ở thứ tự %s. Hãy chọn số khác.") % place)
            elif place is not None:
                places[place] = measure
        self.wording = FormWording(
            columns=tuple(WordedColumn(places[place], cleaned[f"head_{places[place]}"]) for place in sorted(places)),
            confirmed=cleaned["confirmed"],
            **dict(self._texts(cleaned)),
        )
        for field, sentence in worded.wording_problems(self._form, self.wording):
            missing = field not in worded.LABELS and field not in self.wording.measures
            name = field if field in worded.LABELS else f"place_{field}" if missing else f"head_{field}"
            if not self.has_error(name):
                self.add_error(name, sentence)
        return cleaned

    def _texts(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        for name in worded.LABELS:
            text = cleaned[name]
            if name in ("notes", "recipients"):
                yield name, tuple(_lines(text))
            else:
                yield name, "\n".join(_lines(text)) if name == "signed_by" else " ".join(text.split())


class SignerForm(forms.Form):
    """Who signs a form that is closed, as it is printed."""

    signer_title = forms.CharField(
        label=gettext_lazy("Quyền hạn, chức vụ của người ký"),
        help_text=gettext_lazy("Mỗi dòng một ý, ví dụ: TM. Ủy ban nhân dân; KT. Chủ tịch; Phó Chủ tịch."),
        max_length=LONGEST_TITLE,
        widget=forms.Textarea(attrs={"rows": 3, "class": "govuk-!-width-one-half"}),
    )
    signer = forms.CharField(
        label=gettext_lazy("Họ tên người ký"),
        help_text=gettext_lazy("Để trống thì biểu chừa chỗ ký và ghi tên bằng tay."),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
    )

    def clean_signer_title(self) -> str:
        lines = _lines(self.cleaned_data["signer_title"])
        if len(lines) > MOST_TITLE_LINES:
            raise forms.ValidationError(_("Nhiều nhất %s dòng. Hãy rút gọn.") % MOST_TITLE_LINES)
        return "\n".join(lines)

    @property
    def chosen(self) -> Signer:
        return Signer(self.cleaned_data["signer_title"], str(tidied(self.cleaned_data["signer"])))
