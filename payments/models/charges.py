"""What is owed, how it is asked for, and the receipt. Amounts are whole đồng."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.accounts import CollectionAccount


class Charge(models.Model):
    """What is owed for one payable record, line by line. Its state is derived from confirmed payments."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # in the page's address
    owner = models.CharField(max_length=120, db_index=True)  # opaque reference, e.g. "dossier:<uuid>"
    reason = models.CharField(max_length=40, default="fee")  # one open charge per owner and reason
    title = models.CharField(max_length=300)
    # What reports count it under, as the app above names it: a procedure's code and name.
    category = models.CharField(max_length=40, blank=True)
    category_name = models.CharField(max_length=300, blank=True)
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
            ),
            2: (
                "uid",
                "owner",
                "reason",
                "title",
                "category",
                "category_name",
                "payer_name",
                "agency_code",
                "agency_name",
                "lines",
                "amount",
                "created_at",
            ),
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
    """One attempt to pay a charge. `failed` is not final; `confirmed` is, unless the bank takes its money back."""

    class State(models.TextChoices):
        CREATED = "created", _("Chờ thanh toán")
        CONFIRMED = "confirmed", _("Đã thanh toán")
        FAILED = "failed", _("Chưa thành công")
        EXPIRED = "expired", _("Hết hạn")
        REVERSED = "reversed", _("Ngân hàng đã đảo")

    class Method(models.TextChoices):
        VIETQR = "vietqr", _("Chuyển khoản VietQR")
        VNPAY = "vnpay", _("VNPAY")
        POS = "pos", _("Thẻ tại quầy")
        CASH = "cash", _("Tiền mặt")

    charge = models.ForeignKey(Charge, models.PROTECT, related_name="payments")
    method = models.CharField(max_length=10, choices=Method.choices)
    reference = models.CharField(max_length=25, unique=True)  # in the transfer's purpose, ASCII, ≤ 25 characters
    amount = models.BigIntegerField()
    account = models.ForeignKey(CollectionAccount, models.PROTECT, null=True, related_name="payments")
    qr_payload = models.CharField(max_length=400, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CREATED)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    provider_transaction = models.CharField(max_length=80, blank=True)
    asked_at = models.DateTimeField(null=True)  # last time the provider was asked about it
    taken_by = models.CharField(max_length=200, blank=True)  # cashier, for cash and cards
    taken_by_account = models.BigIntegerField(null=True)

    kept = Kept(may_change=("state", "confirmed_at", "provider_transaction", "asked_at"))
    # What becomes of it is in the journal ("payment_confirmed") and in the provider's calls.
    sealed = Sealed(
        "payments",
        {
            1: ("charge_id", "method", "reference", "amount", "qr_payload", "created_at", "expires_at", "taken_by"),
            2: (
                "charge_id",
                "method",
                "reference",
                "amount",
                "account_id",
                "qr_payload",
                "created_at",
                "expires_at",
                "taken_by",
                "taken_by_account",
            ),
        },
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="created"), name="payment_waiting"),
            models.Index(
                fields=["taken_by_account", "confirmed_at"],
                condition=models.Q(taken_by_account__isnull=False),
                name="payment_taken",
            ),
        ]
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
                condition=~models.Q(state__in=("confirmed", "reversed")) | models.Q(confirmed_at__isnull=False),
                name="confirmed_has_time",
            ),
        ]


class Receipt(models.Model):
    """A numbered receipt, never altered: what turns out wrong is put right by another one that adjusts it.

    Numbered in the agency's series (`form_symbol`, `serial`); where it has none, by its own numbers of the year.
    """

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("Biên lai")
        ADJUSTMENT = "adjustment", _("Biên lai điều chỉnh")

    # Of the original: the payment that settled the charge.
    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="receipt")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ORIGINAL)
    adjusts = models.ForeignKey("self", models.PROTECT, null=True, related_name="adjustments")
    form_symbol = models.CharField(max_length=20, blank=True)
    serial = models.CharField(max_length=10, blank=True)
    number = models.CharField(max_length=40)
    amount = models.BigIntegerField(null=True)  # negative when money went back; None: the payment's (older receipts)
    ground = models.CharField(max_length=300, blank=True)  # why it adjusts
    agency_code = models.CharField(max_length=35)
    paper_code = models.CharField(max_length=24, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)

    kept = Kept(may_change=("paper_code",))
    sealed = Sealed(
        "receipts",
        {
            1: ("payment_id", "number", "agency_code", "issued_at"),
            2: (
                "payment_id",
                "kind",
                "adjusts_id",
                "form_symbol",
                "serial",
                "number",
                "amount",
                "ground",
                "agency_code",
                "issued_at",
            ),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_code", "form_symbol", "serial", "number"], name="receipt_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="original", payment__isnull=False, adjusts__isnull=True)
                | models.Q(kind="adjustment", payment__isnull=True, adjusts__isnull=False),
                name="receipt_original_or_adjusts",
            ),
        ]


class ReceiptSignature(models.Model):
    """A receipt as data, signed by the agency that collected: the XML file byte for byte, and whose certificate it was.

    Never altered: the file proves itself, and `signed_at` is our own record of when it was made.
    """

    receipt = models.OneToOneField(Receipt, models.PROTECT, primary_key=True, related_name="signature")
    content = models.BinaryField()
    signer = models.CharField(max_length=200)
    issuer = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    kept = Kept()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(content=b""), name="receipt_signature_not_empty"),
        ]
