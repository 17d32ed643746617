"""Money: what is owed, how it is asked for, what came, and the receipt. Amounts are whole đồng."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed


class Charge(models.Model):
    """What is owed for one payable record, line by line. Its state is derived from confirmed payments."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in the page's address
    owner = models.CharField(max_length=120, db_index=True)  # opaque reference, e.g. "dossier:<uuid>"
    reason = models.CharField(max_length=40, default="fee")  # one open charge per owner and reason
    title = models.CharField(max_length=300)
    payer_name = models.CharField(max_length=250)
    agency_code = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    # [{"name", "name_en", "kind", "quantity", "unit_amount", "amount", "explanation", "explanation_en"}]
    lines = models.JSONField(default=list)
    amount = models.BigIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    kept = Kept(may_change=("settled_at", "cancelled_at"))
    sealed = Sealed(
        "charges",
        {
            1: (
                "uid",
                "owner",
                "reason",
                "title",
                "payer_name",
                "agency_code",
                "agency_name",
                "lines",
                "amount",
                "created_at",
            )
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "reason"],
                condition=models.Q(cancelled_at__isnull=True, settled_at__isnull=True),
                name="one_open_charge",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="charge_positive"),
            models.CheckConstraint(
                condition=models.Q(settled_at__isnull=True) | models.Q(cancelled_at__isnull=True),
                name="charge_settled_or_cancelled",
            ),
        ]


class Payment(models.Model):
    """One attempt to pay a charge. `failed` is not final; only `confirmed` is."""

    class State(models.TextChoices):
        CREATED = "created", _("Chờ thanh toán")
        CONFIRMED = "confirmed", _("Đã thanh toán")
        FAILED = "failed", _("Chưa thành công")
        EXPIRED = "expired", _("Hết hạn")

    class Method(models.TextChoices):
        VIETQR = "vietqr", _("Chuyển khoản VietQR")
        CASH = "cash", _("Tiền mặt")

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    reference = models.CharField(max_length=25, unique=True)  # in the transfer's purpose, ASCII, ≤ 25 characters
    amount = models.BigIntegerField()
    qr_payload = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    provider_transaction = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(null=True)  # last time the provider was asked about it
    taken_by = models.CharField(max_length=200, blank=True)  # cashier, for cash

    kept = Kept(may_change=("state", "confirmed_at", "provider_transaction", "asked_at"))
    # What becomes of it is in the journal ("payment_confirmed") and in the provider's calls.
    sealed = Sealed(
        "payments",
        {1: ("charge_id", "method", "reference", "amount", "qr_payload", "created_at", "expires_at", "taken_by")},
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="created"), name="payment_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["charge"], condition=models.Q(state="confirmed"), name="charge_confirmed_once"
            ),
            models.UniqueConstraint(
                fields=["method", "provider_transaction"],
                condition=~models.Q(provider_transaction=""),
                name="transaction_confirms_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive"),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed") | models.Q(confirmed_at__isnull=False),
                name="confirmed_has_time",
            ),
        ]


class ProviderCall(models.Model):
    """Every call a provider made or answered, kept whole and never altered."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Khớp, đã xác nhận")
        REPEATED = "repeated", _("Báo lặp lại")
        BAD_SIGNATURE = "bad_signature", _("Sai chữ ký")
        UNKNOWN = "unknown", _("Không rõ khoản thu")
        WRONG_AMOUNT = "wrong_amount", _("Sai số tiền")
        SURPLUS = "surplus", _("Trả thừa, chờ hoàn")
        NOT_PAID = "not_paid", _("Chưa trả")
        UNREADABLE = "unreadable", _("Không đọc được")
        UNREACHABLE = "unreachable", _("Không liên lạc được")

    class Kind(models.TextChoices):
        CALLBACK = "callback", _("Ngân hàng báo")
        ORDER = "order", _("Gửi lệnh thu")
        INQUIRY = "inquiry", _("Hỏi ngân hàng")

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    transaction = models.CharField(max_length=80, blank=True)
    payload = models.JSONField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="calls")
    received_at = models.DateTimeField(default=timezone.now)

    kept = Kept()
    sealed = Sealed(
        "provider-calls",
        {1: ("provider", "kind", "transaction", "payload", "outcome", "payment_id", "received_at")},
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["provider", "transaction"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Receipt(models.Model):
    """A numbered receipt; the number comes from a gap-free series per agency and year."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="receipt")
    number = models.CharField(max_length=40)
    agency_code = models.CharField(max_length=35)
    paper_code = models.CharField(max_length=24, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)

    kept = Kept(may_change=("paper_code",))
    sealed = Sealed("receipts", {1: ("payment_id", "number", "agency_code", "issued_at")})

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_code", "number"], name="receipt_number_once")]
