"""The double-entry ledger: transactions whose lines come to nought. Entries are only added; balances are sums."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.charges import Charge, Payment
from payments.models.refunds import Refund
from payments.models.strays import StrayMoney

_APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


class LedgerTransaction(models.Model):
    """Something that happened to money. `key` names the happening, so that it cannot be entered twice."""

    class Kind(models.TextChoices):
        CHARGED = "charged", _("Phải thu")
        CANCELLED = "cancelled", _("Hủy khoản thu")
        PAID = "paid", _("Đã nộp")
        STRAY = "stray", _("Tiền chưa rõ")
        CORRECTED = "corrected", _("Bên thu hộ báo lại cho đúng")
        APPLIED = "applied", _("Ghi tiền thừa vào khoản thu")
        REFUND_GRANTED = "refund_granted", _("Quyết định hoàn")
        REFUNDED = "refunded", _("Đã hoàn")
        ARRIVED = "arrived", _("Tiền về tài khoản")
        EXPLAINED = "explained", _("Dòng sao kê được giải thích")
        REVERSED = "reversed", _("Ngân hàng đảo khoản đã nộp")
        CASH_CLOSED = "cash_closed", _("Chốt quỹ tiền mặt")
        WRITTEN_OFF = "written_off", _("Xử lý chênh lệch")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    agency_code = models.CharField(max_length=35)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)

    kept = Kept()
    sealed = Sealed("ledger", {1: ("kind", "key", "agency_code", "at", "by", "note")})

    class Meta:
        indexes = [models.Index(fields=["agency_code", "at"])]
        triggers = [_APPEND_ONLY]


class LedgerLine(models.Model):
    """One side of a transaction. A debit is positive, a credit negative; `place` tells accounts of one kind apart (the
    collection account, the cashier)."""

    class Account(models.TextChoices):
        OWED = "owed", _("Phải thu")
        INCOME = "income", _("Phí, lệ phí")
        CLEARING = "clearing", _("Tiền bên thu hộ đã báo, chưa thấy trên sao kê")
        BANK = "bank", _("Tài khoản ngân hàng")
        CASH = "cash", _("Tiền mặt của thủ quỹ")
        SAFE = "safe", _("Tiền mặt đã chốt, chờ nộp ngân hàng")
        STRAY = "stray", _("Tiền chờ xử lý")
        REFUND = "refund", _("Tiền phải hoàn")
        COST = "cost", _("Phí ngân hàng")
        TRANSFER = "transfer", _("Đã chuyển Kho bạc")
        DIFFERENCE = "difference", _("Chênh lệch")

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="lines")
    account = models.CharField(max_length=10, choices=Account.choices)
    place = models.CharField(max_length=80, blank=True)
    amount = models.BigIntegerField()
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="ledger_lines")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="ledger_lines")
    stray = models.ForeignKey(StrayMoney, models.PROTECT, null=True, related_name="ledger_lines")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="ledger_lines")

    kept = Kept()
    sealed = Sealed(
        "ledger-lines",
        {1: ("transaction_id", "account", "place", "amount", "charge_id", "payment_id", "stray_id", "refund_id")},
    )

    class Meta:
        indexes = [models.Index(fields=["account", "place"])]
        constraints = [models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_line_has_amount")]
        triggers = [
            _APPEND_ONLY,
            # Lines come together, in one statement, and that statement's lines of each transaction come to nought.
            pgtrigger.Trigger(
                name="comes_to_nought",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),
                func="""
                    IF EXISTS (SELECT FROM added GROUP BY transaction_id HAVING sum(amount) <> 0) THEN
                        RAISE EXCEPTION 'the lines of a ledger transaction do not come to nought'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]
