"""Legal time: pauses, every change of a due date with its ground, what was noticed, and calendar changes."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier
from dossiers.models.states import AlertKind, DueGround, PauseReason
from journal.kept import Kept


class Pause(models.Model):
    """Time that does not count, only for the reasons of the life-cycle table."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason.choices)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    kept = Kept(may_change=("ended_at",), may_go=True)

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
    ground = models.CharField(max_length=20, choices=DueGround.choices)
    old_due_at = models.DateTimeField(null=True)
    new_due_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    kept = Kept(may_go=True)

    class Meta:
        ordering = ["id"]


class DeadlineAlert(models.Model):
    """Due soon, overdue, overdue for long, or a letter to be prepared: noticed once for each due date."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=10, choices=AlertKind.choices)
    due_at = models.DateTimeField()
    noticed_at = models.DateTimeField()

    kept = Kept()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "kind", "due_at"], name="crossing_once")]
        db_table = "dossiers_crossing"


class DeadlineRecalculation(models.Model):
    """One counting anew of open dates after a calendar changed: a bounded stream that can be taken up again."""

    calendars = models.JSONField()  # ids of the calendars that count differently now
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=timezone.now)
    cursor = models.BigIntegerField(default=0)  # id of the last dossier seen
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)  # due dates
    moved_others = models.PositiveIntegerField(default=0)  # dates of other kinds
    feedback_cursor = models.BigIntegerField(default=0)  # complaints and suggestions come after the dossiers
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]


class MovedDate(models.Model):
    """One date that a counting anew moved, of whatever kind; the old one is kept here."""

    class Kind(models.TextChoices):
        DUE = "due", _("Hạn trả kết quả")
        STEP = "step", _("Hạn của bước đang làm")
        ANSWER = "answer", _("Hạn trả lời hồ sơ trực tuyến")
        SUPPLEMENT = "supplement", _("Hạn bổ sung giấy tờ")
        WAIT = "wait", _("Ngày hệ thống nhắc hoặc chuyển nơi lưu")
        OPINION = "opinion", _("Hạn cho ý kiến")
        MESSAGE = "message", _("Hạn trả lời tin nhắn")
        FOLDER = "folder", _("Hạn chuyển giấy tờ")
        FEEDBACK = "feedback", _("Hạn trả lời phản ánh, kiến nghị")

    recalculation = models.ForeignKey(DeadlineRecalculation, models.PROTECT, related_name="moves")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    record = models.BigIntegerField()  # id of the row that carries the date
    dossier = models.ForeignKey(Dossier, models.PROTECT, null=True, related_name="moved_dates")
    feedback = models.ForeignKey("dossiers.Feedback", models.PROTECT, null=True, related_name="moved_dates")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")  # whose time it is
    old_at = models.DateTimeField()
    new_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["recalculation", "kind", "record"], name="moved_once_a_recalculation"),
            models.CheckConstraint(
                condition=models.Q(dossier__isnull=True) ^ models.Q(feedback__isnull=True), name="moved_date_of_one"
            ),
        ]
        indexes = [models.Index(fields=["recalculation", "agency", "id"])]
