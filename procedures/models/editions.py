"""What happened to an edition, and what a source said last of a procedure."""

import pgtrigger
from django.conf import settings
from django.db import models


class EditionAct(models.Model):
    """One act in an edition's life (procedures.editions.lifecycle), or its publication as it came. Append-only."""

    edition = models.ForeignKey("procedures.Edition", models.PROTECT, related_name="acts")
    act = models.CharField(max_length=30)
    from_status = models.CharField(max_length=10, blank=True)
    to_status = models.CharField(max_length=10)
    at = models.DateTimeField()
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    actor = models.CharField(max_length=200)
    automatic = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Offer(models.Model):
    """What a source said last of a procedure where another, higher one speaks for it. Its next word is compared
    with this, so that only what the source itself has changed is put before a person."""

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="offers")
    origin = models.CharField(max_length=10)
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=64)
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "origin"], name="offer_once")]
