"""Indicators of what is open now. An open dossier stands by the working time that is left."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dossiers.models import OPEN_STATES, State, UnopenedLink
from reports.indicators.kinds import Asked, Family, Measure

_RUNNING = (State.RECEIVED, State.PROCESSING)
_PAUSED = (State.SUPPLEMENT, State.FINANCIAL)


def _open(asked: Asked) -> Q:
    return Q(state__in=OPEN_STATES, received_at__isnull=False)


def _in_time(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__gte=asked.at) & _by_calendar(asked, "due_at__gte")


def _due_soon(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__gte=asked.at) & _by_calendar(asked, "due_at__lt")


def _missed(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__lt=asked.end)


def _by_calendar(asked: Asked, lookup: str) -> Q:
    """`lookup` against the near moment of the competent agency's calendar."""
    calendars: dict[datetime, list[int]] = {}
    for calendar_id, moment in asked.soon_before.items():
        calendars.setdefault(moment, []).append(calendar_id)
    found = Q(pk__in=[])
    for moment, ids in calendars.items():
        found |= Q(**{"settling_agency__calendar__in": ids, lookup: moment})
    return found


STANDING = (
    Measure("open", _("Đang giải quyết"), _("Đã tiếp nhận, chưa có kết quả, lúc này."), Family.NOW, _open, "due_at"),
    Measure(
        "in_time",
        _("Trong hạn"),
        _("Còn nhiều thời gian làm việc hơn mức báo sắp đến hạn."),
        Family.NOW,
        _in_time,
        "due_at",
    ),
    Measure(
        "due_soon",
        _("Sắp đến hạn"),
        _("Thời gian làm việc còn lại không quá mức báo sắp đến hạn."),
        Family.NOW,
        _due_soon,
        "due_at",
    ),
    Measure(
        "overdue",
        _("Đang quá hạn"),
        _("Đã qua giờ hẹn trả, chưa có kết quả."),
        Family.NOW,
        lambda asked: Q(state__in=_RUNNING, due_at__lt=asked.at),
        "due_at",
    ),
    Measure(
        "missed",
        _("Quá hạn, chưa có kết quả đến hết kỳ"),
        _("Giờ hẹn trả đã qua trước khi hết kỳ mà đến lúc này chưa có kết quả; tính là trễ trong tỷ lệ."),
        Family.NOW,
        _missed,
        "due_at",
    ),
    Measure(
        "paused",
        _("Tạm dừng"),
        _("Chờ người nộp bổ sung giấy tờ hoặc nộp tiền; thời hạn không tính."),
        Family.NOW,
        lambda asked: Q(state__in=_PAUSED, received_at__isnull=False),
    ),
    Measure(
        "open_unlimited",
        _("Không quy định thời hạn"),
        _("Đang giải quyết; thủ tục không quy định thời hạn."),
        Family.NOW,
        lambda asked: Q(state__in=_RUNNING, due_at__isnull=True),
    ),
    Measure(
        "unanswered",
        _("Chờ tiếp nhận trực tuyến"),
        _("Hồ sơ nộp trực tuyến mà bộ phận một cửa chưa trả lời."),
        Family.NOW,
        lambda asked: Q(state=State.FILED),
        "answer_due_at",
    ),
    Measure(
        "unanswered_late",
        _("Trả lời trễ"),
        _("Hồ sơ nộp trực tuyến đã qua hạn trả lời của bộ phận một cửa."),
        Family.NOW,
        lambda asked: Q(state=State.FILED, answer_due_at__lt=asked.at),
        "answer_due_at",
    ),
    Measure(
        "links_unopened",
        _("Liên thông chưa mở được"),
        _("Hồ sơ mà quy trình phải mở một hồ sơ liên thông và chưa mở được."),
        Family.NOW,
        # Those few are read once; asked of each dossier in turn they were half the time of the head's page.
        lambda asked: Q(pk__in=UnopenedLink.objects.filter(opened_at=None).order_by().values("dossier")),
    ),
)
