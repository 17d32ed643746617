"""One action on many dossiers: each checked by itself, an outcome for each."""

import uuid

from django.db import models
from django.utils import timezone

from dossiers.models.case import Dossier


class BulkRun(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    key = models.CharField(max_length=80, unique=True)  # asking twice makes one run
    action = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")
    # From where and by which request it was asked, for the history; workers find it here and not in the broker.
    origin = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class BulkItem(models.Model):
    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField()  # as the list was drawn; a dossier that moved on is refused
    done = models.BooleanField(null=True)  # null while it waits
    refusal = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["run", "dossier"], name="bulk_dossier_once")]
