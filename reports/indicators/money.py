"""Indicators of fees and charges, by the day on which they were settled."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dossiers.statistics.tallies import Tallied
from payments.models import Payment
from reports.indicators.kinds import DECISION_766, Family, Measure, everything


def _without_cash(_asked: object) -> Q:
    return ~Q(fee_method=Payment.Method.CASH)


MONEY = (
    Measure(
        "fees",
        _("Đã nộp phí, lệ phí"),
        _("Hồ sơ nộp đủ phí, lệ phí trong kỳ."),
        Family.FEES,
        everything,
        source=DECISION_766,
        tallied=Tallied(("fees",)),
    ),
    Measure(
        "fees_noncash",
        _("Không dùng tiền mặt"),
        _("Phí, lệ phí nộp trong kỳ bằng cách khác tiền mặt."),
        Family.FEES,
        _without_cash,
        source=DECISION_766,
        tallied=Tallied(("fees_noncash",)),
    ),
    Measure(
        "fees_due_sum",
        _("Phí, lệ phí phải nộp"),
        _("Tổng phí, lệ phí của hồ sơ tiếp nhận trong kỳ, đã nộp hay chưa."),
        Family.RECEIVED,
        lambda asked: Q(fee_amount__gt=0),
        sums="fee_amount",
        tallied=Tallied(("fees_due_sum",)),
    ),
    Measure(
        "fees_sum",
        _("Phí, lệ phí đã nộp"),
        _("Tổng phí, lệ phí nộp đủ trong kỳ."),
        Family.FEES,
        everything,
        sums="fee_amount",
        tallied=Tallied(("fees_sum",)),
    ),
    Measure(
        "fees_noncash_sum",
        _("Đã nộp không dùng tiền mặt"),
        _("Tổng phí, lệ phí nộp trong kỳ bằng cách khác tiền mặt."),
        Family.FEES,
        _without_cash,
        sums="fee_amount",
        tallied=Tallied(("fees_noncash_sum",)),
    ),
)
