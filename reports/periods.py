"""The days a report is about: this month, last month, a named month, quarter or year, or from a day to a day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
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
# A year, a quarter or a month by name: 2026, 2026-Q3, 2026-09.
_NAMED = re.compile(r"(2\d{3})(?:-Q([1-4])|-(0[1-9]|1[0-2]))?", re.ASCII)


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
        if self.key in LABELS:
            return LABELS[self.key]
        found = _NAMED.fullmatch(self.key)
        if found is None:
            return _("Tự chọn")
        year, quarter, month = found.groups()
        if quarter:
            return gettext("Quý %(quarter)s/%(year)s") % {"quarter": quarter, "year": year}
        return (
            gettext("Tháng %(month)s/%(year)s") % {"month": month, "year": year} if month else gettext("Năm %s") % year
        )

    @property
    def lasting(self) -> str:
        """The name of the same month, quarter or year on every later day; empty of days that somebody chose."""
        running = {
            "this_quarter": f"{self.first:%Y}-Q{(self.first.month + 2) // 3}",
            "this_year": f"{self.first:%Y}",
        }
        months = dict.fromkeys(("this_month", "last_month"), f"{self.first:%Y-%m}")
        return "" if self.key == CUSTOM else {**running, **months}.get(self.key, self.key)

    @property
    def query(self) -> dict[str, str]:
        """The parts of an address that name this period."""
        if self.key != CUSTOM:
            return {"period": self.key}
        return {"period": CUSTOM, "first": format_date(self.first), "last": format_date(self.last)}


def named(key: str, *, today: date) -> Period:
    """The period `key` of LABELS around `today`, or a year, quarter or month by its name; a running one ends today."""
    month = today.replace(day=1)
    if found := _NAMED.fullmatch(key):
        year, first, count = int(found[1]), 1, 12
        if found[2]:
            first, count = int(found[2]) * 3 - 2, 3
        elif found[3]:
            first, count = int(found[3]), 1
        begin = date(year, first, 1)
        following = date(year + (first + count > 12), (first + count - 1) % 12 + 1, 1)
        end = following - timedelta(days=1)
        return Period(key, begin, min(end, max(today, begin)))
    if key == "last_month":
        last = month - timedelta(days=1)
        return Period(key, last.replace(day=1), last)
    if key == "this_quarter":
        return Period(key, today.replace(month=today.month - (today.month - 1) % 3, day=1), today)
    if key == "this_year":
        return Period(key, today.replace(month=1, day=1), today)
    return Period(DEFAULT, month, today)


def is_named(key: str) -> bool:
    """Whether `key` names a period, or says that days are given."""
    return key in (*LABELS, CUSTOM) or _NAMED.fullmatch(key) is not None


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


def chosen(query: QueryDict, *, today: date, unasked: str = DEFAULT) -> tuple[Period, DaysForm]:
    """The period that an address asks for (`unasked` where it asks for none), and the form of its own days. Days that
    are none leave this month, and the form says what is wrong."""
    if query.get("period") != CUSTOM:
        period = named(query.get("period", unasked), today=today)
        return period, DaysForm(initial={"first": period.first, "last": period.last})
    form = DaysForm(query)
    if form.is_valid():
        return Period(CUSTOM, form.cleaned_data["first"], form.cleaned_data["last"]), form
    return named(DEFAULT, today=today), form


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)
