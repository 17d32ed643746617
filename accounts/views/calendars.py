"""Working calendars: which days are off or worked, by which document, and how sure that is."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.administration import administered_agencies, administers_calendar
from accounts.models import StaffPost
from accounts.permissions import open_to
from accounts.staff_forms import CalendarDayForm
from accounts.upkeep import change_calendar_day
from agencies.calendars import NoCalendarDays, calendar_of, own_and_inherited_days
from agencies.impact_preview import Impact, preview_impact
from agencies.models import CalendarDay, WorkCalendar
from agencies.opening import weekly_hours
from vietnam.dates import WEEKDAYS, InvalidDate, format_date, parse_date
from vietnam.working_time import OutsideCalendar, is_working_day

Role = StaffPost.Role


@open_to(Role.CONTROLLER, Role.ADMINISTRATOR)
def calendars(request: HttpRequest) -> HttpResponse:
    rows = WorkCalendar.objects.select_related("base").order_by("base_id", "name")
    if request.actor.role == Role.ADMINISTRATOR:
        own = administered_agencies(request.actor)
        used = Q(pk__in=own.values("calendar")) | Q(derived__in=own.values("calendar"))
        rows = rows.filter(used | Q(desk__agency__in=own.values("pk"))).distinct()
    rows = rows[:200]
    return render(request, "accounts/manage/calendars.html", {"calendars": rows})


@open_to(Role.CONTROLLER, Role.ADMINISTRATOR, refills=True)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, key: str) -> HttpResponse:
    """One year of a calendar; administrators add and take back days."""
    record = get_object_or_404(WorkCalendar.objects.select_related("base"), key=key)
    may_change = request.actor.role == Role.ADMINISTRATOR and administers_calendar(request.actor, record)
    if request.method == "POST" and not may_change:
        messages.error(request, _("Chỉ quản trị viên của mọi cơ quan dùng lịch này sửa được lịch."))
        return redirect("manage-calendar", key=key)
    if request.method == "POST" and "remove" in request.POST:
        return _take_back(request, record)
    form = CalendarDayForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid() and _changes_something(form, record):
        day = form.cleaned_data.pop("date")
        if not was_foreseen(request, record):
            return _day_foreseen(request, record, day, form.cleaned_data["kind"], form)
        change = change_calendar_day(record, day, by=request.actor, **form.cleaned_data)
        messages.success(
            request,
            _("Đã ghi ngày %(day)s. Lịch nay là bản số %(version)s; hạn trả đang được tính lại.")
            % {"day": format_date(day), "version": change.version},
        )
        return _to_year(record, day.year)
    year = _year(request)
    return render(
        request,
        "accounts/manage/calendar.html",
        {
            "calendar": record,
            "form": form,
            "year": year,
            "days": own_and_inherited_days(record, year),
            "hours": _hours_of_week(record),
            "years": _years(record),
            "may_change": may_change,
        },
    )


def was_foreseen(request: HttpRequest, record: WorkCalendar) -> bool:
    """Whether the dates that move were shown, of the calendar as it is now."""
    return request.POST.get("confirmed") == str(record.version)


def foreseen_page(
    request: HttpRequest,
    record: WorkCalendar,
    form: Form | None,
    consequences: Sequence[Impact],
    *,
    what: str,
    here: str,
    back: str,
    **more: str,
) -> HttpResponse:
    """What a change would move, before it is made. `what` says it; the form and `more` are sent `here` again."""
    fields = {name: request.POST[name] for name in (form.fields if form else ()) if name in request.POST}
    context = {
        "calendar": record,
        "what": what,
        "fields": fields | more | {"confirmed": str(record.version)},
        "consequences": consequences,
        "here": here,
        "back": back,
    }
    return render(request, "accounts/manage/calendar_change.html", context)


def _day_foreseen(
    request: HttpRequest, record: WorkCalendar, day: date, kind: str | None, form: Form | None = None
) -> HttpResponse:
    named = CalendarDay.Kind(kind).label if kind else _("theo lịch tuần hoặc lịch chung")
    here = reverse("manage-calendar", args=[record.key])
    more = {} if form else {"remove": day.isoformat()}
    consequences = preview_impact(record, day, kind=kind)
    what = f"{format_date(day)}: {named}"
    return foreseen_page(request, record, form, consequences, what=what, here=here, back=here, **more)


def _years(record: WorkCalendar) -> list[str]:
    """The years it covers, as written in addresses."""
    try:
        span = calendar_of(record)
    except NoCalendarDays:
        return []
    return [str(year) for year in range(span.first_day.year, span.last_day.year + 1)]


def _hours_of_week(record: WorkCalendar) -> list[dict[str, Any]]:
    """Office hours by weekday, its own or those it has from its base."""
    rows = weekly_hours([record])[record.pk]
    names = WEEKDAYS["en" if get_language() == "en" else "vi"]
    return [{"day": names[weekday], "rows": list(each)} for weekday, each in groupby(rows, lambda row: row.weekday)]


def _changes_something(form: CalendarDayForm, record: WorkCalendar) -> bool:
    """Refuse a day off that is off already by the week, a worked day that is worked already, and far years."""
    day, kind = form.cleaned_data["date"], form.cleaned_data["kind"]
    try:
        works = is_working_day(calendar_of(record), day)
    except (OutsideCalendar, NoCalendarDays):
        form.add_error("date", _("Lịch chưa có các ngày nghỉ của năm này, nên chưa thêm ngày được."))
        return False
    recorded = any(known.date == day for known in own_and_inherited_days(record, day.year))
    if not recorded and works == (kind == CalendarDay.Kind.WORK):
        problem = _("Ngày này vốn đã là ngày làm việc.") if works else _("Ngày này vốn đã là ngày nghỉ hằng tuần.")
        form.add_error("date", problem)
        return False
    return True


def _take_back(request: HttpRequest, record: WorkCalendar) -> HttpResponse:
    try:
        day = parse_date(request.POST["remove"])
    except InvalidDate:
        day = None
    if day is None or not record.days.filter(date=day).exists():
        messages.error(request, _("Ngày này không còn trong lịch; có thể người khác vừa sửa. Hãy xem lại."))
        return redirect("manage-calendar", key=record.key)
    if not was_foreseen(request, record):
        return _day_foreseen(request, record, day, None)
    change_calendar_day(record, day, kind=None, by=request.actor)
    messages.success(
        request, _("Đã bỏ ngày %(day)s khỏi lịch này; hạn trả đang được tính lại.") % {"day": format_date(day)}
    )
    return _to_year(record, day.year)


def _to_year(record: WorkCalendar, year: int) -> HttpResponse:
    return redirect(reverse("manage-calendar", kwargs={"key": record.key}, query={"year": year}))


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    plain = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if plain else timezone.localdate().year
