"""Forms beside the steps: what a route is for, and the simulated dossier of a rehearsal."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import DateField, OwnFileInput, TimeField
from procedures.models import Channel, Edition, Route
from procedures.routes import context

MOST_BYTES = 5 * 1024 * 1024


class RouteForm(forms.ModelForm):
    """The head of a draft: its name, the document behind it, and where it holds."""

    class Meta:
        model = Route
        fields = ("name", "name_en", "decision", "case", "agency_key", "territory_code")
        labels = {
            "name": _("Tên quy trình"),
            "name_en": _("Tên tiếng Anh"),
            "decision": _("Văn bản phê duyệt"),
            "territory_code": _("Mã xã, phường"),
        }
        help_texts = {
            "decision": _("Số, ngày, cơ quan ban hành."),
            "territory_code": _("Chỉ ghi khi quy trình là của riêng một xã, phường."),
        }
        widgets = {"territory_code": forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"})}

    case = forms.ChoiceField(label=_("Trường hợp"), required=False)
    agency_key = forms.ChoiceField(label=_("Cơ quan giải quyết"), required=False)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].choices = [("", _("Mọi trường hợp")), *context.case_names(edition)]
        self.fields["agency_key"].choices = [("", _("Mọi cơ quan")), *context.agency_names().items()]

    def clean_territory_code(self) -> str:
        code = str(self.cleaned_data["territory_code"])
        if code and not (code.isascii() and code.isdigit() and len(code) == 5):
            raise forms.ValidationError(_("Mã xã, phường có năm chữ số."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("territory_code") and not cleaned.get("agency_key"):
            self.add_error("agency_key", _("Hãy chọn cơ quan của xã, phường đó."))
        return cleaned


class RehearsalForm(forms.Form):
    """When and how a simulated dossier is received."""

    day = DateField(label=_("Ngày nhận"))
    hour = TimeField(
        label=_("Giờ nhận"),
        help_text=_("Ví dụ 09:10."),
        input_formats=["%H:%M"],
        error_messages={"invalid": _("Hãy ghi giờ và phút, ví dụ 09:10.")},
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "inputmode": "numeric"}),
    )
    channel = forms.ChoiceField(label=_("Cách nộp"), choices=Channel.choices)
    case = forms.ChoiceField(label=_("Trường hợp"), required=False)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cases = context.case_names(edition)
        if cases:
            self.fields["case"].choices = [("", "–"), *cases]
        else:
            del self.fields["case"]

    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))


class RouteTableForm(forms.Form):
    table = forms.FileField(
        label=_("Bảng quy trình"),
        help_text=_("Tệp CSV, XLSX hoặc JSON, không quá 5 MB; xem các cột bên dưới."),
        widget=OwnFileInput,
    )

    def clean_table(self) -> Any:
        table = self.cleaned_data["table"]
        if table.size > MOST_BYTES:
            raise forms.ValidationError(_("Tệp lớn hơn 5 MB. Hãy chia bảng thành nhiều tệp."))
        return table
