"""Money that came and settled nothing: too much, too little, twice, too late, or for nobody knows what."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.charges import Charge, Payment


class StrayMoney(models.Model):
    """One sum on the cashier's list. What is left of it is its balance in the ledger; closed when that is nought."""

    class Kind(models.TextChoices):
        PARTIAL = "partial", _("Nộp thiếu")
        OVER = "over", _("Nộp thừa")
        TWICE = "twice", _("Nộp hai lần")
        CANCELLED = "cancelled", _("Nộp sau khi khoản thu đã hủy")
        AGAIN = "again", _("Nộp lại bằng mã cũ sau khi ngân hàng đảo")
        UNKNOWN = "unknown", _("Không rõ khoản thu")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    agency_code = models.CharField(max_length=35, blank=True)
    place = models.CharField(max_length=80)  # the collection account it came to, as in the ledger
    provider = models.CharField(max_length=20)
    transaction = models.CharField(max_length=80)  # the provider's, or the statement line's
    amount = models.BigIntegerField()
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="strays")  # for which it came
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="strays")  # through which it came
    purpose = models.CharField(max_length=500, blank=True)  # as the payer wrote it
    payer = models.CharField(max_length=200, blank=True)
    arrived_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)  # the payer was asked what it is for
    note = models.CharField(max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True)

    kept = Kept(may_change=("asked_at", "note", "closed_at"))
    sealed = Sealed(
        "strays",
        {
            1: (
                "kind",
                "agency_code",
                "place",
                "provider",
                "transaction",
                "amount",
                "charge_id",
                "payment_id",
                "arrived_at",
            ),
            2: (
                "kind",
                "agency_code",
                "place",
                "provider",
                "transaction",
                "amount",
                "charge_id",
                "payment_id",
                "purpose",
                "payer",
                "arrived_at",
            ),
        },
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency_code", "id"], condition=models.Q(closed_at__isnull=True), name="stray_open")
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "transaction"], name="stray_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="stray_positive"),
        ]
