"""Lost second factors: given up by two administrators together."""

from django.db import models
from django.utils import timezone

from accounts.models.accounts import Account


class FactorRecovery(models.Model):
    """One administrator asks that somebody's second factors be taken away, another one decides."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="recoveries")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(decided_at__isnull=True), name="one_open_recovery"
            ),
            models.CheckConstraint(condition=~models.Q(asked_by=models.F("account")), name="recovery_of_another"),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_at__isnull=True, approved__isnull=True)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False, approved__isnull=False)
                & ~models.Q(decided_by=models.F("asked_by"))
                & ~models.Q(decided_by=models.F("account")),
                name="recovery_by_two",
            ),
        ]
