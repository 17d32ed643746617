"""Telling people: one row per message and channel, never doubled, never with an attachment."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Notice(models.Model):
    class Channel(models.TextChoices):
        PORTAL = "portal", _("Trên cổng")
        EMAIL = "email", _("Thư điện tử")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi")
        SENT = "sent", _("Đã gửi")
        FAILED = "failed", _("Không gửi được")

    key = models.CharField(max_length=200)  # what is told, once: "received:H05…-0001"
    channel = models.CharField(max_length=8, choices=Channel.choices)
    account = models.ForeignKey("accounts.Account", models.CASCADE, null=True, related_name="notices")
    address = models.CharField(max_length=200, blank=True)  # e-mail address; empty on the portal
    language = models.CharField(max_length=2, default="vi")
    subject = models.CharField(max_length=300)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "account", "address"], nulls_distinct=False, name="notice_never_doubled"
            )
        ]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="notice_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["account", "-id"]),
        ]
