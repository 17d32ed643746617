"""What the head's page counts. Each measure is a condition on dossiers, so that the number on the page and the list
behind it are the same question.

A finished dossier is judged as `vietnam.working_time.standing` judges it: late after its due moment, early when it was
finished on a day before the due day, on time otherwise. An open one stands by the working time that is left.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dossiers.deadlines.clock import soon_before
from dossiers.models import OPEN_STATES, Dossier, State, UnopenedLink
from payments.models import Payment
from vietnam import working_time

_FINISHED = (State.DONE, State.RETURNED)
_RUNNING = (State.RECEIVED, State.PROCESSING)
_PAUSED = (State.SUPPLEMENT, State.FINANCIAL)


@dataclass(frozen=True)
class Asked:
    """What is counted: happenings from `since` until before `until`, and what is open at `at`.

    `soon_before`: for each working calendar (by id) the moment before which a due date is near.
    """

    since: datetime
    until: datetime
    at: datetime
    soon_before: Mapping[int, datetime]


Condition = Callable[[Asked], Q]


class Family(Enum):
    """Measures that one statement counts together, over the rows that an index finds for them."""

    RECEIVED = "received"
    FINISHED = "finished"
    NOW = "now"
    FEES = "fees"


_ROWS: dict[Family, Condition] = {
    Family.RECEIVED: lambda asked: Q(received_at__gte=asked.since, received_at__lt=asked.until),
    Family.FINISHED: lambda asked: Q(state__in=_FINISHED, finished_at__gte=asked.since, finished_at__lt=asked.until),
    Family.NOW: lambda asked: Q(state__in=(State.FILED, *OPEN_STATES)),
    Family.FEES: lambda asked: Q(fee_settled_at__gte=asked.since, fee_settled_at__lt=asked.until, fee_amount__gt=0),
}


@dataclass(frozen=True)
class Measure:
    """`order` is the date its list is sorted by, the nearest first; "id" is the newest first."""

    name: str
    label: str | Promise
    means: str | Promise
    family: Family
    condition: Condition
    order: str = "id"

    @property
    def of_period(self) -> bool:
        """Whether it counts what happened in the period, or what is so now."""
        return self.family is not Family.NOW


def _everything(asked: Asked) -> Q:
    return Q()


def _early(asked: Asked) -> Q:
    return Q(LessThan(_day("finished_at"), _day("due_at")), finished_at__lte=F("due_at"))


def _on_time(asked: Asked) -> Q:
    return Q(GreaterThanOrEqual(_day("finished_at"), _day("due_at")), finished_at__lte=F("due_at"))


def _day(moment: str) -> TruncDate:
    return TruncDate(moment, tzinfo=working_time.VIETNAM)


def _open(asked: Asked) -> Q:
    return Q(state__in=OPEN_STATES, received_at__isnull=False)


def _in_time(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__gte=asked.at) & _by_calendar(asked, "due_at__gte")


def _due_soon(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__gte=asked.at) & _by_calendar(asked, "due_at__lt")


def _missed(asked: Asked) -> Q:
    return Q(state__in=_RUNNING, due_at__lt=min(asked.at, asked.until))


def _by_calendar(asked: Asked, lookup: str) -> Q:
    """`lookup` against the near moment of the settling agency's calendar."""
    calendars: dict[datetime, list[int]] = {}
    for calendar_id, moment in asked.soon_before.items():
        calendars.setdefault(moment, []).append(calendar_id)
    found = Q(pk__in=[])
    for moment, ids in calendars.items():
        found |= Q(**{"settling_agency__calendar__in": ids, lookup: moment})
    return found


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("received", _("Đã tiếp nhận"), _("Hồ sơ được tiếp nhận trong kỳ."), Family.RECEIVED, _everything),
        Measure("finished", _("Đã giải quyết"), _("Hồ sơ có kết quả trong kỳ."), Family.FINISHED, _everything),
        Measure("early", _("Sớm hạn"), _("Có kết quả vào một ngày trước ngày hẹn trả."), Family.FINISHED, _early),
        Measure(
            "on_time", _("Đúng hạn"), _("Có kết quả trong ngày hẹn trả, không quá giờ hẹn."), Family.FINISHED, _on_time
        ),
        Measure(
            "late",
            _("Quá hạn"),
            _("Có kết quả sau giờ hẹn trả."),
            Family.FINISHED,
            lambda asked: Q(finished_at__gt=F("due_at")),
        ),
        Measure(
            "finished_unlimited",
            _("Không quy định thời hạn"),
            _("Có kết quả; thủ tục không quy định thời hạn nên không xét sớm hay muộn."),
            Family.FINISHED,
            lambda asked: Q(due_at__isnull=True),
        ),
        Measure(
            "open", _("Đang giải quyết"), _("Đã tiếp nhận, chưa có kết quả, lúc này."), Family.NOW, _open, "due_at"
        ),
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
            lambda asked: Q(Exists(UnopenedLink.objects.filter(dossier=OuterRef("pk"), opened_at=None))),
        ),
        Measure("fees", _("Đã nộp phí, lệ phí"), _("Hồ sơ nộp đủ phí, lệ phí trong kỳ."), Family.FEES, _everything),
        Measure(
            "fees_noncash",
            _("Không dùng tiền mặt"),
            _("Phí, lệ phí nộp trong kỳ bằng cách khác tiền mặt."),
            Family.FEES,
            lambda asked: ~Q(fee_method=Payment.Method.CASH),
        ),
    )
}


def rows_of(family: Family, asked: Asked) -> Q:
    """The dossiers that some measure of `family` may count."""
    return _ROWS[family](asked)


def measures_for(since: datetime, until: datetime, *, at: datetime) -> Asked:
    """What is asked, with the near moment of every calendar that an agency works by."""
    return Asked(since, until, at, soon_before(at))


def dossiers_listed(dossiers: QuerySet[Dossier], measure: Measure, asked: Asked) -> QuerySet[Dossier]:
    """The dossiers that `measure` counts."""
    return dossiers.filter(rows_of(measure.family, asked), measure.condition(asked))


def numbers(dossiers: QuerySet[Dossier], asked: Asked) -> dict[str, int]:
    """All measures of `dossiers`, by name, in one statement for each family."""
    found: dict[str, int] = {}
    for family in Family:
        found |= _rows(dossiers, family, asked).aggregate(**_counts(_of(family), asked))
    return found


def numbers_by_agency(dossiers: QuerySet[Dossier], asked: Asked) -> dict[int | None, dict[str, int]]:
    """All measures of each settling agency that has something to count, by id, in one statement for each family.

    Dossiers without a settling agency are counted under None, so that the sum of all is `numbers` of `dossiers`.
    """
    found: dict[int | None, dict[str, int]] = {}
    for family in Family:
        rows = _rows(dossiers, family, asked).order_by()
        for row in rows.values("settling_agency").annotate(**_counts(_of(family), asked)):
            own: dict[str, Any] = dict(row)
            pk = own.pop("settling_agency")
            found.setdefault(pk, dict.fromkeys(MEASURES, 0)).update(own)
    return found


def summed(rows: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The numbers of several agencies together."""
    found = dict.fromkeys(MEASURES, 0)
    for row in rows:
        for name, number in row.items():
            found[name] += number
    return found


def shares(counted: Mapping[str, int]) -> dict[str, float | None]:
    """Parts of a whole between 0 and 1, None of nothing.

    `on_time`: finished early or on time, of what was finished under a limit and of what should have been: whoever
    finishes nothing and lets it fall overdue has 0, not an unknown share. `noncash`: fees paid without cash.
    """
    in_time = counted["early"] + counted["on_time"]
    judged = in_time + counted["late"] + counted["missed"]
    return {
        "on_time": in_time / judged if judged else None,
        "noncash": counted["fees_noncash"] / counted["fees"] if counted["fees"] else None,
    }


def finished_in_time(since: datetime, until: datetime) -> tuple[int, int]:
    """(judged, early or on time) of all dossiers finished from `since` until before `until`."""
    asked = Asked(since, until, until, {})
    measures = [MEASURES[name] for name in ("early", "on_time", "late")]
    counted: dict[str, Any] = _rows(Dossier.objects.all(), Family.FINISHED, asked).aggregate(**_counts(measures, asked))
    return sum(counted.values()), counted["early"] + counted["on_time"]


def _of(family: Family) -> list[Measure]:
    return [measure for measure in MEASURES.values() if measure.family is family]


def _rows(dossiers: QuerySet[Dossier], family: Family, asked: Asked) -> QuerySet[Dossier]:
    return dossiers.filter(rows_of(family, asked))


def _counts(measures: Iterable[Measure], asked: Asked) -> dict[str, Count]:
    return {m.name: Count("pk", filter=m.condition(asked) or None) for m in measures}
