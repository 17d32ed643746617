"""Indicators of settling: how what was finished stands to its due date.

A finished dossier is judged as `vietnam.working_time.standing` judges it: late after its due moment, early when it was
finished on a day before the due day, on time otherwise. It is judged at state 9, against the lawful due date of now;
measures named `…_original` judge by the date that was promised at receipt.
"""

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from dossiers.models import DossierEvent, Outcome, Rating, ReturnMethod
from dossiers.models.tallies import NUMBERS
from dossiers.statistics.tallies import Tallied
from reports.indicators.kinds import CIRCULAR_02, DECISION_766, Condition, Family, Measure, Text, day_of, everything

_LETTERS = DossierEvent.objects.filter(dossier=OuterRef("pk"), action__in=("extend", "apologise"))
SATISFIED_STARS = 4


def early_by(due: str) -> Q:
    return Q(LessThan(day_of("finished_at"), day_of(due)), finished_at__lte=F(due))


def on_time_by(due: str) -> Q:
    return Q(GreaterThanOrEqual(day_of("finished_at"), day_of(due)), finished_at__lte=F(due))


def _rated(**stars: int) -> Condition:
    return lambda asked: Q(Exists(Rating.objects.filter(dossier=OuterRef("pk"), **stars)))


def _settled(
    name: str, label: Text, means: Text, condition: Condition, source: Text = CIRCULAR_02, *numbers: str
) -> Measure:
    tallied = Tallied(numbers or (name,)) if numbers or name in NUMBERS else None
    return Measure(name, label, means, Family.FINISHED, condition, source=source, tallied=tallied)


SETTLING = (
    _settled(
        "finished",
        _("Đã giải quyết"),
        _("Hồ sơ có kết quả trong kỳ."),
        everything,
        CIRCULAR_02,
        *("early", "on_time", "late", "unlimited"),
    ),
    _settled(
        "early",
        _("Sớm hạn"),
        _("Có kết quả vào một ngày trước ngày hẹn trả."),
        lambda asked: early_by("due_at"),
    ),
    _settled(
        "on_time",
        _("Đúng hạn"),
        _("Có kết quả trong ngày hẹn trả, không quá giờ hẹn."),
        lambda asked: on_time_by("due_at"),
    ),
    _settled("late", _("Quá hạn"), _("Có kết quả sau giờ hẹn trả."), lambda asked: Q(finished_at__gt=F("due_at"))),
    _settled(
        "late_with_letter",
        _("Quá hạn, có thư xin lỗi"),
        _("Có kết quả sau giờ hẹn trả; đã gửi thư xin lỗi hoặc gia hạn (mẫu 04)."),
        lambda asked: Q(Exists(_LETTERS), finished_at__gt=F("due_at")),
    ),
    _settled(
        "late_without_letter",
        _("Quá hạn, không có thư xin lỗi"),
        _("Có kết quả sau giờ hẹn trả; chưa lần nào gửi thư xin lỗi hoặc gia hạn (mẫu 04)."),
        lambda asked: Q(~Exists(_LETTERS), finished_at__gt=F("due_at")),
    ),
    _settled(
        "early_original",
        _("Sớm hạn theo ngày hẹn đầu"),
        _("Có kết quả vào một ngày trước ngày hẹn ghi khi tiếp nhận."),
        lambda asked: early_by("original_due_at"),
    ),
    _settled(
        "on_time_original",
        _("Đúng hạn theo ngày hẹn đầu"),
        _("Có kết quả trong ngày hẹn ghi khi tiếp nhận, không quá giờ hẹn."),
        lambda asked: on_time_by("original_due_at"),
    ),
    _settled(
        "late_original",
        _("Quá hạn theo ngày hẹn đầu"),
        _("Có kết quả sau giờ hẹn ghi khi tiếp nhận, kể cả khi hạn đã dời đúng luật."),
        lambda asked: Q(finished_at__gt=F("original_due_at")),
    ),
    _settled(
        "finished_unlimited",
        _("Không quy định thời hạn"),
        _("Có kết quả; thủ tục không quy định thời hạn nên không xét sớm hay muộn."),
        lambda asked: Q(due_at__isnull=True),
        CIRCULAR_02,
        "unlimited",
    ),
    _settled(
        "refused",
        _("Không chấp thuận"),
        _("Có kết quả trong kỳ và kết quả là không chấp thuận."),
        lambda asked: Q(outcome=Outcome.REFUSED),
    ),
    _settled(
        "digital_result",
        _("Kết quả điện tử"),
        _("Có kết quả trong kỳ và kết quả có bản điện tử."),
        lambda asked: Q(has_digital_result=True),
        source=DECISION_766,
    ),
    _settled(
        "returned_by_post",
        _("Trả qua bưu chính"),
        _("Có kết quả trong kỳ, người nộp chọn nhận qua bưu chính."),
        lambda asked: Q(return_method=ReturnMethod.POST),
    ),
    _settled("rated", _("Được đánh giá"), _("Có kết quả trong kỳ, người nộp đã cho điểm."), _rated(), DECISION_766),
    _settled(
        "satisfied",
        _("Hài lòng"),
        _("Có kết quả trong kỳ, người nộp cho từ 4 sao trên 5."),
        _rated(stars__gte=SATISFIED_STARS),
        DECISION_766,
    ),
)
