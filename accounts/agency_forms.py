"""What administrators fill in to add an agency, place it, and give it weekly hours."""

from datetime import time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.staff_forms import free_code
from agencies.calendars import Hours
from agencies.fields import NamedChoiceField
from agencies.models import Agency, Territory, WorkCalendar
from agencies.opening import weekly_hours
from core.fields import DateField, PhoneField, TimeField
from vietnam.dates import WEEKDAYS

SPANS = ("first", "second")  # of a day, such as morning and afternoon


class _PlaceFields(forms.Form):
    """What adding and placing have in common."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=200, required=False)
    parent = NamedChoiceField(
        label=_("Trực thuộc"),
        queryset=Agency.objects.none(),
        required=False,
        empty_label=_("Không trực thuộc cơ quan nào"),
    )
    calendar = NamedChoiceField(label=_("Lịch làm việc"), queryset=WorkCalendar.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = Agency.objects.valid()  # type: ignore[attr-defined]
        self.fields["calendar"].queryset = WorkCalendar.objects.order_by("base_id", "name")  # type: ignore[attr-defined]


class PlaceForm(_PlaceFields):
    """Name, parent and calendar of an agency that there is."""


class NewAgencyForm(_PlaceFields):
    kind = forms.ChoiceField(label=_("Loại"), choices=Agency.Kind.choices)
    key = forms.SlugField(
        label=_("Khóa trong bảng thẩm quyền"),
        help_text=_(
            "Chữ không dấu, ví dụ justice; mỗi địa bàn một khóa một cơ quan. Bảng thẩm quyền gọi cơ quan bằng khóa này."
        ),
        max_length=50,
    )
    code = forms.CharField(label=_("Mã định danh"), max_length=35, help_text=_("Ví dụ H05.160."))
    territory = NamedChoiceField(label=_("Địa bàn"), queryset=Territory.objects.none(), empty_label=_("Chọn địa bàn"))
    short_name = forms.CharField(label=_("Tên viết tắt"), max_length=80, required=False)
    phone = PhoneField(label=_("Điện thoại"), required=False)
    email = forms.EmailField(label=_("Thư điện tử"), required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    valid_from = DateField(label=_("Hoạt động từ ngày"), initial=timezone.localdate)
    field_order = ("kind", "name", "name_en", "short_name", "code", "key", "territory", "parent", "calendar")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["territory"].queryset = Territory.objects.valid()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        return free_code(self.cleaned_data["code"], None)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        key, territory = given.get("key"), given.get("territory")
        if key and territory and Agency.objects.filter(key=key, territory=territory, valid_to__isnull=True).exists():
            self.add_error("key", _("Địa bàn này đã có cơ quan mang khóa đó. Hãy chọn khóa khác."))
        return given

    def agency(self) -> Agency:
        """The agency as filled in, not saved."""
        return Agency(**self.cleaned_data)


class HoursForm(forms.Form):
    """Two spans for each day of the week; an empty day is a day off."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for weekday in range(len(WEEKDAYS["vi"])):
            for span, words in zip(SPANS, (_("Buổi sáng"), _("Buổi chiều")), strict=True):
                for edge, said in (("opens", _("từ")), ("closes", _("đến"))):
                    self.fields[f"{edge}_{span}_{weekday}"] = TimeField(
                        label=f"{words}, {said}",
                        required=False,
                        widget=forms.TimeInput(
                            {"type": "time", "class": "govuk-input--width-10 oss-hours__time"}, format="%H:%M"
                        ),
                    )
            self.fields[f"reception_{weekday}"] = forms.BooleanField(
                label=_("Chỉ tiếp nhận, không tính vào thời hạn"), required=False
            )

    @classmethod
    def initial_of(cls, calendar: WorkCalendar) -> dict[str, Any]:
        """The hours as they are, its own or those it has from its base."""
        found: dict[str, Any] = {}
        seen: dict[int, int] = {}
        for row in weekly_hours([calendar])[calendar.pk]:
            place = seen.get(row.weekday, 0)
            seen[row.weekday] = place + 1
            if place < len(SPANS):
                found[f"opens_{SPANS[place]}_{row.weekday}"] = row.opens
                found[f"closes_{SPANS[place]}_{row.weekday}"] = row.closes
                found[f"reception_{row.weekday}"] = not row.counts
        return found

    def days(self) -> list[dict[str, Any]]:
        """For the page: each weekday with its fields."""
        return [
            {
                "name": name,
                "spans": [[self[f"{edge}_{span}_{weekday}"] for edge in ("opens", "closes")] for span in SPANS],
                "reception": self[f"reception_{weekday}"],
            }
            for weekday, name in enumerate(WEEKDAYS["en" if get_language() == "en" else "vi"])
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        self.hours: list[Hours] = []
        for weekday in range(7):
            before: time | None = None
            for span in SPANS:
                opens, closes = given.get(f"opens_{span}_{weekday}"), given.get(f"closes_{span}_{weekday}")
                if opens is None and closes is None:
                    continue
                if opens is None or closes is None or closes <= opens:
                    self.add_error(
                        f"closes_{span}_{weekday}", _("Hãy nhập cả giờ mở và giờ đóng, giờ đóng sau giờ mở.")
                    )
                elif before is not None and opens < before:
                    self.add_error(f"opens_{span}_{weekday}", _("Buổi chiều bắt đầu sau khi buổi sáng kết thúc."))
                else:
                    before = closes
                    self.hours.append(Hours(weekday, opens, closes, not given.get(f"reception_{weekday}")))
        if not self.errors and not any(span.counts for span in self.hours):
            self.add_error(None, _("Tuần phải có ít nhất một buổi làm việc tính vào thời hạn."))
        return given
