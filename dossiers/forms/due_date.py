"""A hypothetical receipt: what the due date would be, and how it is counted."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.calendars import calendar_of
from agencies.models import Agency
from core.fields import DateField, DecimalField, TimeField
from dossiers.deadlines.clock import AFTERNOON_RULE
from vietnam import working_time
from vietnam.working_time import Unit

UNITS = (
    (Unit.WORKING_DAY, _("ngày làm việc")),
    (Unit.WORKING_HOUR, _("giờ làm việc")),
    (Unit.CALENDAR_DAY, _("ngày")),
    (Unit.CALENDAR_HOUR, _("giờ")),
    (Unit.MONTH, _("tháng")),
    (Unit.AT_ONCE, _("trong ngày")),
)


_MISFIT = _("Thời hạn này không hợp với đơn vị. Ví dụ 5 ngày làm việc, 2,5 ngày làm việc.")
_MISFITS = {
    Unit.MONTH: _("Thời hạn này không hợp với đơn vị: tháng phải là số nguyên. Nửa tháng hãy ghi là 15 ngày."),
    Unit.AT_ONCE: _("Thời hạn này không hợp với đơn vị: trong ngày thì hãy ghi 0."),
}


class AgencyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.local_name)


class DueDateForm(forms.Form):
    """`counted()` gives the due date with its explanation."""

    day = DateField(label=_("Ngày tiếp nhận"))
    hour = TimeField(
        label=_("Giờ tiếp nhận"),
        initial="09:00",
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
        error_messages={"invalid": _("Giờ tiếp nhận phải là giờ có thật, viết như 09:10.")},
    )
    amount = DecimalField(
        label=_("Thời hạn"),
        localize=True,
        min_value=0,
        max_value=3650,
        widget=forms.TextInput({"class": "govuk-input--width-5"}),
    )
    unit = forms.ChoiceField(label=_("Đơn vị"), choices=UNITS)
    agency = AgencyField(Agency.objects.none(), label=_("Cơ quan giải quyết"), empty_label=None)
    late = forms.BooleanField(label=_("Tiếp nhận sau 15 giờ thì tính từ ngày làm việc tiếp theo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        working = Agency.objects.valid(on=timezone.localdate()).select_related("calendar")
        field: Any = self.fields["agency"]
        field.queryset = working.exclude(kind=Agency.Kind.COMMUNE_CENTRE).order_by("kind", "sort_key")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.errors:
            return given
        start = timezone.make_aware(datetime.combine(given["day"], given["hour"] or time(9)))
        try:
            period = working_time.Period(given["amount"], Unit(given["unit"]))
            given["due"] = working_time.due(
                calendar_of(given["agency"]), start, period, after_hour_rule=AFTERNOON_RULE if given["late"] else None
            )
        except working_time.InvalidPeriod:
            self.add_error("amount", _MISFITS.get(given["unit"], _MISFIT))
        except working_time.OutsideCalendar:
            self.add_error("day", _("Ngày này nằm ngoài lịch làm việc đã có. Hãy chọn ngày khác."))
        return given
