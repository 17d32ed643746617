"""What banks say came and went: statements, their lines, what each line is, and days that are closed."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.accounts import CollectionAccount
from payments.models.charges import Payment
from payments.models.strays import StrayMoney

_APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


# How banks write a day.
DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%Y%m%d", "%d/%m/%y", "%m/%d/%Y", "%d/%m/%Y %H:%M:%S")


class StatementMapping(models.Model):
    """How a bank's CSV says what; column heads as they stand in the file."""

    class Decimal(models.TextChoices):
        NONE = "none", _("Không có phần lẻ (1500000)")
        COMMA = "comma", _("Phẩy trước phần lẻ, chấm giữa các nhóm số")
        POINT = "point", _("Chấm trước phần lẻ, phẩy giữa các nhóm số")

    name = models.CharField(max_length=80, unique=True)
    encoding = models.CharField(max_length=20, default="utf-8-sig")
    delimiter = models.CharField(max_length=1, default=",")
    date_column = models.CharField(max_length=80)
    date_format = models.CharField(max_length=30, default="%d/%m/%Y")
    amount_column = models.CharField(max_length=80, blank=True)  # signed; or the two below
    credit_column = models.CharField(max_length=80, blank=True)
    debit_column = models.CharField(max_length=80, blank=True)
    decimal = models.CharField(max_length=5, choices=Decimal.choices, default=Decimal.COMMA)
    reference_column = models.CharField(max_length=80, blank=True)
    purpose_column = models.CharField(max_length=80)
    payer_column = models.CharField(max_length=80, blank=True)
    balance_column = models.CharField(max_length=80, blank=True)  # after the line

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_column="") | ~Q(credit_column=""), name="mapping_has_amounts")
        ]

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """One imported statement; the file is kept as it was."""

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        MT940 = "mt940", "MT940"
        CAMT053 = "camt053", "camt.053"

    account = models.ForeignKey(CollectionAccount, models.PROTECT, related_name="statements")
    format = models.CharField(max_length=8, choices=Format.choices)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    first_day = models.DateField()
    last_day = models.DateField()
    opening = models.BigIntegerField(null=True)  # None where the file does not say
    closing = models.BigIntegerField(null=True)
    lines_read = models.PositiveIntegerField()
    lines_new = models.PositiveIntegerField()
    pending = models.PositiveIntegerField(default=0)  # entries that are no money yet, left out
    imported_by = models.CharField(max_length=200)
    imported_at = models.DateTimeField(default=timezone.now)

    kept = Kept()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "sha256"], name="statement_file_once")]
        triggers = [_APPEND_ONLY]


# What the first form of a line's seal hashes.
_TOLD_FIRST = (
    "statement_id",
    "account_id",
    "fingerprint",
    "day",
    "value_day",
    "amount",
    "reversal",
    "bank_reference",
    "purpose",
    "payer",
    "references",
)


class StatementLine(models.Model):
    """One booking of the bank. `amount` is what it does to the balance: reversals have their sign already."""

    class State(models.TextChoices):
        OPEN = "open", _("Chưa rõ")
        MATCHED = "matched", _("Khớp")
        EXPLAINED = "explained", _("Đã giải thích")

    class Reason(models.TextChoices):
        STRAY = "stray", _("Tiền của người dân, chưa rõ khoản: đưa vào danh sách tiền chờ xử lý")
        SETTLEMENT = "settlement", _("Bên thu hộ hoặc máy thẻ chuyển về")
        CASH = "cash", _("Nộp tiền mặt đã chốt")
        REFUND = "refund", _("Tiền hoàn đã chi")
        REVERSAL = "reversal", _("Ngân hàng đảo một bút toán")
        COST = "cost", _("Phí ngân hàng")
        INTEREST = "interest", _("Lãi tiền gửi")
        TRANSFER = "transfer", _("Chuyển Kho bạc")
        OTHER = "other", _("Lý do khác")

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    account = models.ForeignKey(CollectionAccount, models.PROTECT, related_name="lines")
    # What makes the line itself, the same in every file that tells of it.
    fingerprint = models.CharField(max_length=64)
    batch = models.CharField(max_length=64, blank=True)  # of the entry that it is a transaction of, as one booking
    day = models.DateField()  # booked
    value_day = models.DateField()
    amount = models.BigIntegerField()
    reversal = models.BooleanField(default=False)
    bank_reference = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    references = ArrayField(models.CharField(max_length=25), default=list)  # ours, found in it
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    explanation = models.CharField(max_length=300, blank=True)
    settled_by = models.CharField(max_length=200, blank=True)
    settled_at = models.DateTimeField(null=True)

    kept = Kept(may_change=("state", "reason", "explanation", "settled_by", "settled_at"))
    sealed = Sealed("statement-lines", {1: _TOLD_FIRST, 2: (*_TOLD_FIRST[:3], "batch", *_TOLD_FIRST[3:])})

    class Meta:
        ordering = ["day", "id"]
        indexes = [
            models.Index(fields=["account", "day"]),
            models.Index(fields=["account", "id"], condition=Q(state="open"), name="statement_line_open"),
            models.Index(fields=["account", "batch"], condition=~Q(batch=""), name="statement_line_batch"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "fingerprint"], name="statement_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="statement_line_has_amount"),
            models.CheckConstraint(
                condition=Q(state="open", reason="")
                | Q(state="matched")
                | (Q(state="explained") & ~Q(reason="") & ~Q(explanation="")),
                name="statement_line_explained_with_reason",
            ),
        ]


class LineMatch(models.Model):
    """That a line holds the money of a payment, or stray money; a line may hold several."""

    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="matches")
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="line_match")
    stray = models.OneToOneField(StrayMoney, models.PROTECT, null=True, related_name="line_match")
    amount = models.BigIntegerField()

    kept = Kept()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, stray__isnull=True) | Q(payment__isnull=True, stray__isnull=False),
                name="line_matches_payment_or_stray",
            )
        ]
        triggers = [_APPEND_ONLY]


class DayClosing(models.Model):
    """That a day of an account balances: opening and lines give the closing balance, and the ledger says the same."""

    account = models.ForeignKey(CollectionAccount, models.PROTECT, related_name="closings")
    day = models.DateField()
    opening = models.BigIntegerField()
    moved = models.BigIntegerField()
    closing = models.BigIntegerField()
    in_transit = models.BigIntegerField(default=0)  # reported by the provider, not on the statement yet
    note = models.CharField(max_length=300, blank=True)
    closed_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField(default=timezone.now)

    kept = Kept()
    sealed = Sealed(
        "day-closings",
        {1: ("account_id", "day", "opening", "moved", "closing", "in_transit", "note", "closed_by", "closed_at")},
    )

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="day_closed_once"),
            models.CheckConstraint(condition=Q(closing=F("opening") + F("moved")), name="day_balances"),
            models.CheckConstraint(condition=Q(in_transit=0) | ~Q(note=""), name="money_in_transit_is_explained"),
        ]
        triggers = [_APPEND_ONLY]


class CashClosing(models.Model):
    """A cashier's cash, counted and handed to the safe; what is missing or too much has its reason."""

    cashier = models.BigIntegerField()  # account
    cashier_label = models.CharField(max_length=200)
    agency_code = models.CharField(max_length=35)
    day = models.DateField()
    expected = models.BigIntegerField()
    counted = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    notes = models.JSONField(default=dict)  # how many of each banknote
    paper_code = models.CharField(max_length=24, blank=True)
    closed_at = models.DateTimeField(default=timezone.now)

    kept = Kept(may_change=("paper_code",))
    sealed = Sealed(
        "cash-closings",
        {1: ("cashier", "cashier_label", "agency_code", "day", "expected", "counted", "reason", "notes", "closed_at")},
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(counted__gte=0), name="cash_counted"),
            models.CheckConstraint(
                condition=Q(counted=F("expected")) | ~Q(reason=""), name="cash_difference_has_reason"
            ),
        ]
