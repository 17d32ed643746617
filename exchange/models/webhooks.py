"""What is told to other systems by HTTP. How each attempt went stands in `journal.models.OutgoingCall`."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exchange.models.systems import ConnectedSystem


class WebhookEndpoint(models.Model):
    """An address of a connected system that is told what happens to dossiers.

    `secret` signs; `former_secret` signs beside it until `former_secret_ends_at`, so that the other side can change
    over in its own time.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    system = models.ForeignKey(ConnectedSystem, models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=120)
    former_secret = models.CharField(max_length=120, blank=True)
    former_secret_ends_at = models.DateTimeField(null=True)
    actions = models.JSONField(default=list)  # names of the life cycle's actions; empty: all
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "url"], condition=models.Q(active=True), name="webhook_address_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} → {self.url}"


class WebhookMessage(models.Model):
    """One event for one endpoint. It is sent only when every earlier one of the same dossier has arrived there.

    `uid` stays the same in every attempt and every replay of the message: the receiver knows a repetition by it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi")
        DELIVERED = "delivered", _("Đã nhận")
        PARKED = "parked", _("Cần xem lại")
        WITHHELD = "withheld", _("Ngoài phạm vi của hệ thống")

    uid = models.UUIDField(default=uuid.uuid4)
    endpoint = models.ForeignKey(WebhookEndpoint, models.PROTECT, related_name="messages")
    event = models.ForeignKey("dossiers.DossierEvent", models.PROTECT, related_name="+")
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="webhook_event_once"),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at__isnull=True)),
                name="webhook_delivered_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], name="webhook_waiting", condition=models.Q(state="waiting")),
            # which messages of a dossier stand before another one
            models.Index(
                fields=["endpoint", "dossier", "event"],
                name="webhook_order",
                condition=models.Q(state__in=("waiting", "parked")),
            ),
            models.Index(fields=["dossier", "id"], name="webhook_of_dossier"),
        ]
