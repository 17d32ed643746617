"""Dossiers that people filed at another system and that come to us."""

from django.db import models
from django.utils import timezone


class Arrival(models.Model):
    """One dossier of another system: which of its versions we have seen there, and which we have taken in.

    It waits while `taken_version` is not `seen_version` and it is neither parked nor set aside. `version` is whatever
    the other side names its changes by; `files` are its ids of the files that we have.
    """

    system = models.CharField(max_length=40)  # name of a connector
    external_id = models.CharField(max_length=80)
    seen_version = models.CharField(max_length=40)
    taken_version = models.CharField(max_length=40, blank=True)
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, null=True, related_name="arrivals")
    files = models.JSONField(default=list)
    found_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["system", "external_id"], name="arrives_once")]
        indexes = [
            models.Index(fields=["system", "seen_version"], name="arrival_seen"),
            models.Index(
                fields=["system", "available_at", "id"],
                name="arrival_waiting",
                condition=~models.Q(taken_version=models.F("seen_version"))
                & models.Q(parked_at__isnull=True, set_aside_at__isnull=True),
            ),
        ]
