"""The cases that supervisors have opened."""

from django.db import models
from django.db.models import F, Q

from dossiers.models.case import Dossier
from journal.kept import Kept


class CaseOpening(models.Model):
    """A supervisor, who sees figures of every dossier, opened this one with its personal data for a time."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="openings")
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    kept = Kept()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "dossier", "until"], name="case_open_for")]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="opened_with_a_reason"),
            models.CheckConstraint(condition=Q(until__gt=F("opened_at")), name="opened_for_a_time"),
        ]
