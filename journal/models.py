"""What happened and what must still be told. Subjects are opaque references: nothing here knows what they are."""

import pgtrigger
from django.db import models
from django.utils import timezone


class Entry(models.Model):
    """One line of the append-only history of anything that is not a dossier's own event."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=200)  # e.g. "post:12 Nguyễn Văn A", "system:lgsp"
    origin = models.CharField(max_length=200, blank=True)  # address and channel the act came from
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=80)
    subject = models.CharField(max_length=120)  # e.g. "procedure:1.001193"
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-id"])]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class OutboxMessage(models.Model):
    """Work for later, recorded in the transaction of its cause. `key` makes recording it twice harmless."""

    topic = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["available_at", "id"],
                name="outbox_waiting",
                condition=models.Q(done_at__isnull=True, parked_at__isnull=True),
            )
        ]


class IdempotencyKey(models.Model):
    """A key that a caller sent with a request, and the reference of what it made."""

    scope = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]


class NumberSeries(models.Model):
    """The last number given in a series; one row a series, locked while a number is taken."""

    scope = models.CharField(max_length=160, unique=True)
    last = models.BigIntegerField(default=0)
