"""What providers told us, as it came and as it was judged."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from journal.kept import Kept, Sealed
from payments.models.charges import Payment


class RawCall(models.Model):
    """A callback byte for byte, committed before anything is made of it: what happens later, it has been received."""

    provider = models.CharField(max_length=20)
    method = models.CharField(max_length=6)
    query = models.TextField(blank=True)
    body = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)

    kept = Kept()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


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
        TAKEN_BACK = "taken_back", _("Bên thu hộ đã lấy lại tiền")

    class Kind(models.TextChoices):
        CALLBACK = "callback", _("Ngân hàng báo")
        ORDER = "order", _("Gửi lệnh thu")
        INQUIRY = "inquiry", _("Hỏi ngân hàng")
        REFUND = "refund", _("Yêu cầu hoàn")
        STATEMENT = "statement", _("Sao kê")

    provider = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    transaction = models.CharField(max_length=80, blank=True)
    payload = models.JSONField()
    outcome = models.CharField(max_length=14, choices=Outcome.choices)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="calls")
    raw = models.ForeignKey(RawCall, models.PROTECT, null=True, related_name="judged")
    received_at = models.DateTimeField(default=timezone.now)

    kept = Kept()
    sealed = Sealed(
        "provider-calls",
        {
            1: ("provider", "kind", "transaction", "payload", "outcome", "payment_id", "received_at"),
            2: ("provider", "kind", "transaction", "payload", "outcome", "payment_id", "raw_id", "received_at"),
        },
    )

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["provider", "transaction"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
