"""Adding an agency, and giving one another name, parent, calendar or weekly hours: for administrators."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import upkeep
from accounts.administration import administered_agencies, administers_calendar, require_province
from accounts.agency_forms import HoursForm, NewAgencyForm, PlaceForm
from accounts.models import StaffPost
from accounts.permissions import open_to
from accounts.views.calendars import foreseen_page, was_foreseen
from agencies.impact_preview import preview_following, preview_hours
from agencies.models import Agency, WorkCalendar
from core.refusals import Refused

Role = StaffPost.Role
_FORM = ["GET", "HEAD", "POST"]


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def add(request: HttpRequest) -> HttpResponse:
    require_province(request.actor)
    form = NewAgencyForm(request.POST or request.kept or None)
    if request.method == "POST" and form.is_valid():
        try:
            agency = upkeep.add_agency(form.agency(), by=request.actor)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
        else:
            messages.success(request, _("Đã thêm cơ quan. Hãy giao vị trí cho cán bộ và xem bảng thẩm quyền."))
            return redirect("manage-agency", pk=agency.pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/manage/agency_add.html", {"form": form}, status=status)


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name, parent or calendar."""
    require_province(request.actor)
    agency = get_object_or_404(Agency.objects.select_related("calendar"), pk=pk)
    initial = {name: getattr(agency, name) for name in ("name", "name_en")}
    initial |= {"parent": agency.parent_id, "calendar": agency.calendar_id}
    form = PlaceForm(request.POST or request.kept or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        calendar = form.cleaned_data["calendar"]
        if calendar != agency.calendar and not was_foreseen(request, calendar):
            return foreseen_page(
                request,
                calendar,
                form,
                preview_following(agency, calendar, today=timezone.localdate()),
                what=_("%(agency)s theo lịch này") % {"agency": agency.local_name},
                here=reverse("manage-agency-place", args=[pk]),
                back=reverse("manage-agency", args=[pk]),
            )
        try:
            upkeep.place_agency(agency, today=timezone.localdate(), by=request.actor, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.sentence))
        else:
            messages.success(request, _("Đã lưu. Nếu lịch đổi, hạn trả của hồ sơ đang mở được tính lại."))
            return redirect("manage-agency", pk=pk)
    status = 422 if form.errors else 200
    return render(request, "accounts/manage/agency_place.html", {"agency": agency, "form": form}, status=status)


@open_to(Role.ADMINISTRATOR)
@require_POST
def own_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A calendar of the agency's own, then on to its hours."""
    agency = get_object_or_404(administered_agencies(request.actor), pk=pk)
    own = upkeep.give_own_calendar(agency, today=timezone.localdate(), by=request.actor)
    messages.success(request, _("Cơ quan nay có lịch riêng. Hãy nhập giờ làm việc hằng tuần."))
    return redirect("manage-calendar-hours", key=own.key)


@open_to(Role.ADMINISTRATOR, refills=True)
@require_http_methods(_FORM)
def hours(request: HttpRequest, key: str) -> HttpResponse:
    """The weekly hours of a calendar; what they would move is shown before they are kept."""
    calendar = get_object_or_404(WorkCalendar.objects.select_related("base"), key=key)
    if not administers_calendar(request.actor, calendar):
        raise PermissionDenied
    form = HoursForm(request.POST or request.kept or None, initial=HoursForm.initial_of(calendar))
    if request.method == "POST" and form.is_valid():
        if not was_foreseen(request, calendar):
            return foreseen_page(
                request,
                calendar,
                form,
                preview_hours(calendar, form.hours, today=timezone.localdate()),
                what=_("Giờ làm việc hằng tuần"),
                here=reverse("manage-calendar-hours", args=[key]),
                back=reverse("manage-calendar", args=[key]),
            )
        upkeep.change_weekly_hours(calendar, form.hours, today=timezone.localdate(), by=request.actor)
        messages.success(request, _("Đã lưu giờ làm việc; hạn trả đang được tính lại."))
        return redirect("manage-calendar", key=key)
    status = 422 if form.errors else 200
    context = {
        "calendar": calendar,
        "form": form,
        "followers": Agency.objects.valid().filter(calendar=calendar).count(),
    }
    return render(request, "accounts/manage/calendar_hours.html", context, status=status)
