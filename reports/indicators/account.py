"""The columns of form II.06: an account of a period that balances by construction.

It is about every dossier received before the end of the period that had not ended before its beginning. Each came in
by one of three ways (columns 4 to 6), and each was settled in the period (8 to 10) or was still being settled at its
end (12 and 13). What was stopped counts as settled on time, what is paused as being settled in time, as the form says.
"""

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from dossiers.models import RETURN_STEP, Opinion, StepRun, SupplementRequest
from procedures.models import Channel
from reports.indicators.kinds import CIRCULAR_02, FINISHED, Asked, Condition, Family, Measure, Text
from reports.indicators.settling import early_by, on_time_by

_JUDGED = Q(state__in=FINISHED, due_at__isnull=False)


def in_account(asked: Asked) -> Q:
    return Q(received_at__lt=asked.until) & (
        Q(finished_at__gte=asked.since)
        | Q(finished_at__isnull=True, closed_at__isnull=True)
        | Q(finished_at__isnull=True, closed_at__gte=asked.since)
    )


def _settled(asked: Asked) -> Q:
    closed = Q(finished_at__isnull=True, closed_at__lt=asked.until)
    return Q(finished_at__lt=asked.until) | closed


def _unsettled(asked: Asked) -> Q:
    return (
        Q(finished_at__gte=asked.until)
        | Q(finished_at__isnull=True, closed_at__isnull=True)
        | Q(finished_at__isnull=True, closed_at__gte=asked.until)
    )


def _column(number: str, name: str, label: Text, means: Text, condition: Condition) -> tuple[str, Measure]:
    return number, Measure(f"form_{name}", label, means, Family.ACCOUNT, condition, source=CIRCULAR_02)


_OF_FORM: tuple[tuple[str, Measure], ...] = (
    _column(
        "3",
        "received",
        _("Tiếp nhận, tổng số"),
        _("Tiếp nhận trong kỳ và từ kỳ trước chuyển qua."),
        lambda asked: Q(),
    ),
    _column(
        "4",
        "online",
        _("Tiếp nhận trong kỳ, trực tuyến"),
        _("Tiếp nhận trong kỳ, nộp trực tuyến."),
        lambda asked: Q(received_at__gte=asked.since, channel=Channel.ONLINE),
    ),
    _column(
        "5",
        "direct",
        _("Tiếp nhận trong kỳ, trực tiếp, bưu chính"),
        _("Tiếp nhận trong kỳ tại quầy hoặc qua bưu chính."),
        lambda asked: Q(received_at__gte=asked.since) & ~Q(channel=Channel.ONLINE),
    ),
    _column(
        "6",
        "carried",
        _("Từ kỳ trước"),
        _("Tiếp nhận trước kỳ, đến đầu kỳ chưa xong."),
        lambda asked: Q(received_at__lt=asked.since),
    ),
    _column(
        "7",
        "settled",
        _("Đã giải quyết, tổng số"),
        _("Có kết quả hoặc dừng giải quyết trong kỳ."),
        _settled,
    ),
    _column(
        "8",
        "early",
        _("Đã giải quyết, trước hạn"),
        _("Có kết quả trong kỳ vào một ngày trước ngày hẹn trả."),
        lambda asked: _settled(asked) & _JUDGED & early_by("due_at"),
    ),
    _column(
        "9",
        "on_time",
        _("Đã giải quyết, đúng hạn"),
        _("Có kết quả trong ngày hẹn trả, không quy định thời hạn, hoặc dừng giải quyết, trong kỳ."),
        lambda asked: _settled(asked) & (~Q(state__in=FINISHED) | Q(due_at__isnull=True) | on_time_by("due_at")),
    ),
    _column(
        "10",
        "late",
        _("Đã giải quyết, quá hạn"),
        _("Có kết quả trong kỳ, sau giờ hẹn trả."),
        lambda asked: _settled(asked) & _JUDGED & Q(finished_at__gt=F("due_at")),
    ),
    _column(
        "11",
        "process",
        _("Đang giải quyết, tổng số"),
        _("Đã tiếp nhận, đến hết kỳ chưa xong."),
        _unsettled,
    ),
    _column(
        "12",
        "process_in_time",
        _("Đang giải quyết, trong hạn"),
        _("Đến hết kỳ chưa xong, chưa quá hạn, đang tạm dừng hoặc không quy định thời hạn."),
        lambda asked: _unsettled(asked) & (Q(due_at__isnull=True) | Q(due_at__gte=asked.end)),
    ),
    _column(
        "13",
        "process_late",
        _("Đang giải quyết, quá hạn"),
        _("Đến hết kỳ chưa xong và đã qua giờ hẹn trả."),
        lambda asked: _unsettled(asked) & Q(due_at__lt=asked.end),
    ),
)


def _late(asked: Asked) -> Q:
    return _settled(asked) & _JUDGED & Q(finished_at__gt=F("due_at")) | _unsettled(asked) & Q(due_at__lt=asked.end)


_OPINION = Q(
    Exists(
        Opinion.objects.filter(dossier=OuterRef("pk")).filter(Q(ended_at__gt=F("due_at")) | Q(ended_at__isnull=True))
    )
)
_SUPPLEMENT = Q(Exists(SupplementRequest.objects.filter(dossier=OuterRef("pk"))))
_OVERRAN = StepRun.objects.judged().filter(dossier=OuterRef("pk"), used_minutes__gt=F("minutes"))


def _by_step(asked: Asked) -> Q:
    """A step overran its time, or one that still runs is past its end."""
    stuck = StepRun.objects.filter(dossier=OuterRef("pk"), finished_at__isnull=True, due_at__lt=asked.end)
    return Q(Exists(_OVERRAN)) | Q(Exists(stuck.exclude(key=RETURN_STEP)))


# Why a dossier is late (form II.07): the first of these that holds, so that each late dossier has one cause.
CAUSES: tuple[Measure, ...] = tuple(
    Measure(f"cause_{name}", label, means, Family.ACCOUNT, condition, source=CIRCULAR_02)
    for name, label, means, condition in (
        ("all", _("Quá hạn, tổng số"), _("Giải quyết quá hạn trong kỳ, hoặc đến hết kỳ chưa xong và quá hạn."), _late),
        (
            "opinion",
            _("Do ý kiến cơ quan khác"),
            _("Quá hạn; một cơ quan được hỏi trả lời sau hạn của mình hoặc chưa trả lời."),
            lambda asked: _late(asked) & _OPINION,
        ),
        (
            "step",
            _("Do bước nội bộ"),
            _(
                "Quá hạn; không do ý kiến cơ quan khác; một bước đã dùng quá thời gian của bước, "
                "hoặc đang quá hạn của bước."
            ),
            lambda asked: _late(asked) & ~_OPINION & _by_step(asked),
        ),
        (
            "supplement",
            _("Do phải bổ sung"),
            _("Quá hạn; không do hai nguyên nhân trên; hồ sơ đã phải bổ sung."),
            lambda asked: _late(asked) & ~_OPINION & ~_by_step(asked) & _SUPPLEMENT,
        ),
        (
            "other",
            _("Nguyên nhân khác"),
            _("Quá hạn; không do các nguyên nhân trên."),
            lambda asked: _late(asked) & ~_OPINION & ~_by_step(asked) & ~_SUPPLEMENT,
        ),
    )
)
ACCOUNT = (*(measure for _number, measure in _OF_FORM), *CAUSES)
# Number of the form's column: the measure's name.
FORM_COLUMNS: dict[int, str] = {int(number): measure.name for number, measure in _OF_FORM}
# The form's own checks: a column and those that add up to it.
FORM_CHECKS: tuple[tuple[int, tuple[int, ...]], ...] = ((3, (4, 5, 6)), (7, (8, 9, 10)), (11, (12, 13)), (3, (7, 11)))
