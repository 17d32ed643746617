"""The days a report is about: this month, last month, a quarter, a year, or from a day to a day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.fields import DateField
from vietnam.dates import format_date
from vietnam.working_time import VIETNAM

LABELS: dict[str, str | Promise] = {
    "this_month": _("Tháng này"),
    "last_month": _("Tháng trước"),
    "this_quarter": _("Quý này"),
    "this_year": _("Năm nay"),
}
CUSTOM = "custom"
DEFAULT = "this_month"
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Period:
    """Whole days in Vietnam, the first and the last included."""

    key: str
    first: date
    last: date

    @property
    def since(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        """The moment after the last day."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def label(self) -> str | Promise:
        return LABELS.get(self.key, _("Tự chọn"))

    @property
    def query(self) -> dict[str, str]:
        """The parts of an address that name this period."""
        if self.key != CUSTOM:
            return {"period": self.key}
        return {"period": CUSTOM, "first": format_date(self.first), "last": format_date(self.last)}


def named(key: str, *, today: date) -> Period:
    """The period `key` of LABELS around `today`; a running one ends today."""
    month = today.replace(day=1)
    if key == "last_month":
        last = month - timedelta(days=1)
        return Period(key, last.replace(day=1), last)
    if key == "this_quarter":
        return Period(key, today.replace(month=today.month - (today.month - 1) % 3, day=1), today)
    if key == "this_year":
        return Period(key, today.replace(month=1, day=1), today)
    return Period(DEFAULT, month, today)


class DaysForm(forms.Form):
    """From a day to a day, both included."""

    first = DateField(label=_("Từ ngày"))
    last = DateField(label=_("Đến ngày"))

    def clean(self) -> dict[str, date]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            self.add_error("last", _("Đến ngày: hãy chọn ngày này hoặc sau ngày bắt đầu."))
        for name, day in (("first", first), ("last", last)):
            if day and not EARLIEST <= day < date(9999, 1, 1):
                self.add_error(name, _("Hãy nhập ngày từ năm 2000 trở đi, ví dụ 01/11/2026."))
        return found


def chosen(query: QueryDict, *, today: date) -> tuple[Period, DaysForm]:
    """The period that an address asks for, and the form of its own days. Days that are none leave this month, and the
    form says what is wrong."""
    if query.get("period") != CUSTOM:
        period = named(query.get("period", DEFAULT), today=today)
        return period, DaysForm(initial={"first": period.first, "last": period.last})
    form = DaysForm(query)
    if form.is_valid():
        return Period(CUSTOM, form.cleaned_data["first"], form.cleaned_data["last"]), form
    return named(DEFAULT, today=today), form


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)
