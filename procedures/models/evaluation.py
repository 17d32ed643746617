"""How procedures fare in use: readers' votes, and proposals to change them with their decision."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClarityVote(models.Model):
    """Readers' answers of one day to "is this page easy to understand?"; nothing is kept of who answered."""

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="votes")
    day = models.DateField()
    clear = models.PositiveIntegerField(default=0)
    unclear = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["procedure", "day"], name="votes_of_a_day_once")]


class Improvement(models.Model):
    """A proposal about a procedure, from its evidence to its decision."""

    class Status(models.TextChoices):
        OPEN = "open", _("Chờ quyết định")
        ACCEPTED = "accepted", _("Chấp nhận, đang làm")
        REFUSED = "refused", _("Không chấp nhận")
        DONE = "done", _("Đã thực hiện")

    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="improvements")
    finding = models.CharField(max_length=30)  # procedures.review.evaluation.FINDINGS
    evidence = models.TextField()  # as the page showed it when the proposal was made
    proposal = models.TextField()
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    proposed_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decision = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "-id"], name="improvement_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("proposed_by")),
                name="improvement_four_eyes",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open") | models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="improvement_is_decided",
            ),
        ]
