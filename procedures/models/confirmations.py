"""Decisions of open queries that wait for a second person. Nobody sees them in public before that person approves."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Confirmation(models.Model):
    """One or many decisions that one person proposes and another approves or sends back as a whole."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Chờ người thứ hai duyệt")
        APPROVED = "approved", _("Đã duyệt")
        RETURNED = "returned", _("Đã trả lại")

    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_label = models.CharField(max_length=200)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    judged_label = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)  # of sending it back

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="approved")
                | (models.Q(judged_by__isnull=False) & ~models.Q(judged_by=models.F("proposed_by"))),
                name="confirmation_four_eyes",
            )
        ]
        triggers = [
            pgtrigger.FSM(
                name="judged_once", field="status", transitions=[("waiting", "approved"), ("waiting", "returned")]
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]


class ConfirmationItem(models.Model):
    """One decision of an open query: `value` as facts.decided takes it; `accept` False leaves the fact as it stands."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt")
        RETURNED = "returned", _("Đã trả lại")
        OVERTAKEN = "overtaken", _("Thủ tục đã đổi, không còn áp dụng")

    confirmation = models.ForeignKey(Confirmation, models.PROTECT, related_name="items")
    open_query = models.ForeignKey("procedures.OpenQuery", models.CASCADE, related_name="decisions")
    value = models.JSONField(null=True)
    accept = models.BooleanField(default=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.WAITING)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["open_query"],
                condition=models.Q(outcome="waiting"),
                name="one_decision_waiting_for_an_open_query",
            )
        ]
