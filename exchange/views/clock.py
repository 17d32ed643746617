"""A due date for a hypothetical start, with its reasons."""

from datetime import time

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agencies.calendars import calendar_of
from agencies.models import Agency
from dossiers.deadlines.clock import AFTERNOON_RULE
from dossiers.lifecycle import Refused
from vietnam import working_time


class DueDate(APIView):
    """`start` (ISO 8601), `amount` (5, "1,5" or 1.5), `unit`; if need be `agency` (code), `received_after_rule=1`."""

    public = True
    refuses_query = True  # by 422, with a sentence
    audience = frozenset({"public"})

    @extend_schema(
        parameters=[
            OpenApiParameter("start", str, required=True, description="ISO 8601; without an offset, local time"),
            OpenApiParameter("amount", str, required=True, description='such as 5, "1,5" or 1.5'),
            OpenApiParameter("unit", str, enum=list(working_time.Unit), default="working_day"),
            OpenApiParameter("agency", str, description="code of the agency whose calendar counts"),
            OpenApiParameter("received_after_rule", str, description="1: after 15:00 counts as the next working day"),
        ],
        responses={200: {"type": "object"}},
    )
    def get(self, request: Request) -> Response:
        given = request.query_params
        start = _instant(given.get("start", ""))
        period = _period(given.get("amount", "0"), given.get("unit", "working_day"))
        agency = _agency(given.get("agency", ""))
        rule: time | None = AFTERNOON_RULE if given.get("received_after_rule") in ("1", "true") else None
        try:
            found = working_time.due(calendar_of(agency), start, period, after_hour_rule=rule)
        except working_time.OutsideCalendar as error:
            raise Refused(
                "outside_calendar", _("Thời hạn này chạy ra ngoài lịch làm việc đã có."), field="start"
            ) from error
        return Response(working_time.to_json(found))


def _period(amount: str, unit: str) -> working_time.Period:
    example = _("Thời hạn không hợp lệ. Ví dụ: amount=5&unit=working_day. Đơn vị: %(units)s.")
    try:
        number, known = working_time.parse_amount(amount), working_time.Unit(unit)
    except ValueError as error:
        raise Refused("bad_period", example % {"units": ", ".join(working_time.Unit)}) from error
    try:
        return working_time.Period(number, known)
    except working_time.InvalidPeriod as error:
        said = _("Số này không hợp với đơn vị: phải lớn hơn 0, tháng là số nguyên, trong ngày (at_once) là 0.")
        raise Refused("bad_period", said, field="amount") from error


def _instant(text: str):
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise Refused("bad_start", _("Thời điểm bắt đầu không hợp lệ. Ví dụ: 2026-11-23T09:10."), field="start")
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _agency(code: str) -> Agency:
    found = Agency.objects.filter(valid_to__isnull=True).select_related("calendar").order_by("id")
    wanted = {"code": code} if code else {"kind": Agency.Kind.PROVINCIAL_CENTRE}
    agency = found.filter(**wanted).first()
    if agency is None:
        raise Refused("unknown_agency", _("Không có cơ quan mang mã này."), field="agency")
    return agency
