"""Telling people: one row per message and channel, never doubled, never with an attachment."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.versions import Version, version_constraints, version_triggers


class Channel(models.TextChoices):
    PORTAL = "portal", _("Trên cổng")
    EMAIL = "email", _("Thư điện tử")
    SMS = "sms", _("Tin nhắn SMS")
    ZALO = "zalo", _("Tin nhắn Zalo")


# Channels that leave the portal, and those that a gateway carries and reports on.
OUTSIDE = (Channel.EMAIL, Channel.SMS, Channel.ZALO)
CARRIED = (Channel.SMS, Channel.ZALO)


class Notice(models.Model):
    Channel = Channel

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ gửi")
        HELD = "held", _("Chờ thư gộp buổi sáng")
        SENT = "sent", _("Đã gửi")
        DELIVERED = "delivered", _("Đã đến máy người nhận")
        FAILED = "failed", _("Không gửi được")

    key = models.CharField(max_length=200)  # what is told, once: "received:H05…-0001"
    kind = models.CharField(max_length=40, blank=True)  # of notices.kinds
    urgent = models.BooleanField(default=False)  # sent in quiet hours too
    channel = models.CharField(max_length=8, choices=Channel.choices)
    account = models.ForeignKey("accounts.Account", models.CASCADE, null=True, related_name="notices")
    address = models.CharField(max_length=200, blank=True)  # e-mail address or telephone number; empty on the portal
    language = models.CharField(max_length=2, default="vi")
    subject = models.CharField(max_length=300)
    body = models.TextField()  # of a secret kind: emptied once sent
    link = models.CharField(max_length=300, blank=True)
    # Told in turn while this one cannot be: [{"channel", "address", "subject", "body"}]
    fallbacks = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=300, blank=True)
    # Our own reference at the gateway; the gateway's; and whether it may have the message without our knowing.
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider_id = models.CharField(max_length=80, blank=True)
    in_doubt = models.BooleanField(default=False)
    begun_at = models.DateTimeField(null=True)  # first attempt
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # when the gateway was last asked what became of it
    read_at = models.DateTimeField(null=True)
    digest = models.ForeignKey("self", models.SET_NULL, null=True, related_name="gathered")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "channel", "account", "address"], nulls_distinct=False, name="notice_never_doubled"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="notice_delivered_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account"], name="notice_unread", condition=models.Q(channel="portal", read_at__isnull=True)
            ),
            models.Index(fields=["next_attempt_at"], name="notice_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["next_attempt_at"], name="notice_held", condition=models.Q(state="held")),
            models.Index(fields=["-id"], name="notice_failed", condition=models.Q(state="failed")),
            models.Index(
                fields=["sent_at"],
                name="notice_unreported",
                condition=models.Q(state="sent", channel__in=("sms", "zalo")),
            ),
            models.Index(fields=["account", "-id"]),
        ]


class ContactChoice(models.Model):
    """How somebody wants to be told outside the portal: the channels they agreed to, in their order."""

    account = models.OneToOneField("accounts.Account", models.CASCADE, related_name="contact_choice")
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices), default=list)
    morning_digest = models.BooleanField(default=False)  # staff: one e-mail of due soon and overdue a morning
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channels__contained_by=["email", "sms", "zalo"]), name="contact_choice_outside"
            )
        ]


class Wording(Version):
    """A text of the administrators' in place of the shipped one (version 0). Written by `notices.wording`."""

    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField()

    class Meta:
        ordering = ["kind", "channel", "language", "-number"]
        constraints = [
            *version_constraints("wording", ["kind", "channel", "language"]),
            models.UniqueConstraint(
                fields=["kind", "channel", "language"],
                condition=models.Q(status__in=["draft", "submitted"]),
                name="one_wording_draft",
            ),
        ]
        triggers = version_triggers("kind", "channel", "language", "subject", "body")
