"""Legal time: pauses, every change of a due date with its ground, what was noticed, and calendar changes."""

from django.db import models
from django.utils import timezone

from dossiers.models.case import Dossier


class Pause(models.Model):
    """Time that does not count, only for the reasons of the life-cycle table."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20)  # supplement | financial | excluded (by a sector law)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="pause_forward",
            )
        ]


class DueDateChange(models.Model):
    """Every change of the due date, with its ground."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="due_date_changes")
    ground = models.CharField(max_length=20)  # received | resumed | restarted | extended | calendar | corrected
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Crossing(models.Model):
    """Due soon or overdue, noticed once per crossing of one due date."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="crossings")
    kind = models.CharField(max_length=10)  # due_soon | overdue | apology
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "due_at"], name="crossing_once")]


class Recalendar(models.Model):
    """One counting anew of open dossiers after a calendar changed: a bounded stream that can be taken up again."""

    calendars = models.JSONField()  # ids of the calendars that count differently now
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=timezone.now)
    cursor = models.BigIntegerField(default=0)  # id of the last dossier seen
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
