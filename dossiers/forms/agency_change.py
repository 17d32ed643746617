"""What an administrator fills in to merge, split or end an agency."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.fields import NamedChoiceField
from agencies.models import Agency
from core.fields import DateField
from dossiers.models import AgencyChange
from dossiers.reorganisation.work import competence_of
from procedures.models import Field

Kind = AgencyChange.Kind


class FieldsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.local_name)


class AgencyChangeForm(forms.Form):
    kind = forms.ChoiceField(label=_("Thay đổi"), choices=Kind.choices, widget=forms.RadioSelect)
    successor = NamedChoiceField(
        label=_("Cơ quan tiếp nhận"),
        help_text=_("Để trống khi cơ quan kết thúc hoạt động mà không còn việc."),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Chọn cơ quan"),
    )
    fields_given = FieldsField(
        label=_("Lĩnh vực được chuyển"),
        help_text=_(
            "Chỉ khi chia, tách: hồ sơ đang mở và thẩm quyền của các lĩnh vực này chuyển sang cơ quan tiếp nhận."
        ),
        queryset=Field.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    first_day = DateField(
        label=_("Áp dụng từ ngày"),
        help_text=_("Hệ thống chuyển việc vào đầu ngày này; hôm nay thì chuyển ngay khi người thứ hai duyệt."),
    )
    document = forms.CharField(
        label=_("Văn bản làm căn cứ"),
        help_text=_("Số, ngày, cơ quan ban hành của nghị quyết hoặc quyết định."),
        max_length=200,
    )

    field_order = ("kind", "successor", "first_day", "document", "fields_given")

    def __init__(self, *args: Any, agency: Agency, **options: Any) -> None:
        super().__init__(*args, **options)
        self.agency = agency
        self.fields["successor"].queryset = Agency.objects.valid().exclude(pk=agency.pk)  # type: ignore[attr-defined]
        rows = competence_of(agency)
        own = Q(pk__in=rows.values("field")) | Q(pk__in=rows.values("procedure__current__field"))
        self.fields["fields_given"].queryset = Field.objects.filter(own)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        kind = said.get("kind")
        if kind in (Kind.MERGE, Kind.SPLIT) and not said.get("successor") and "successor" not in self.errors:
            self.add_error("successor", _("Hãy chọn cơ quan tiếp nhận việc."))
        if kind == Kind.SPLIT and not said.get("fields_given"):
            self.add_error("fields_given", _("Hãy chọn ít nhất một lĩnh vực được chuyển."))
        if said.get("first_day") and said["first_day"] < timezone.localdate():
            self.add_error("first_day", _("Hãy chọn hôm nay hoặc một ngày sau."))
        return said

    def fill(self, change: AgencyChange) -> AgencyChange:
        """The change as filled in, not saved."""
        said = self.cleaned_data
        change.agency, change.kind = self.agency, said["kind"]
        change.successor = None if said["kind"] == Kind.END else said["successor"]
        change.field_keys = [field.key for field in said["fields_given"]] if said["kind"] == Kind.SPLIT else []
        change.first_day, change.document = said["first_day"], said["document"]
        return change

    @staticmethod
    def initial_of(change: AgencyChange) -> dict[str, Any]:
        return {
            "kind": change.kind,
            "successor": change.successor_id,
            "fields_given": change.field_keys,
            "first_day": change.first_day,
            "document": change.document,
        }
