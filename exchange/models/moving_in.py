"""Dossiers of another system on their way in: the rows of a file with what became of each."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MovingBatch(models.Model):
    """One file of another system. `mapping` is YAML, `folder` where its files lie on this machine.

    Its rows can be deleted while none of them has become a dossier; afterwards the batch is withdrawn.
    """

    class Work(models.TextChoices):
        CHECK = "check", _("Đang kiểm tra")
        FORCE = "force", _("Đang đưa vào dùng")
        WITHDRAW = "withdraw", _("Đang rút lại")

    system = models.CharField(max_length=80)  # whose dossiers they are; names their old codes for ever
    file_name = models.CharField(max_length=200)
    mapping = models.TextField()
    folder = models.CharField(max_length=500, blank=True)
    staged_at = models.DateTimeField(default=timezone.now)
    staged_by = models.CharField(max_length=200)
    total = models.PositiveIntegerField(default=0)
    work = models.CharField(max_length=10, choices=Work.choices, blank=True)  # what a worker does with it now
    cursor = models.PositiveIntegerField(default=0)  # number of the last row that a check has seen
    by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")  # who asked for that
    checked_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)  # when the first of it was written
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # of the withdrawal

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.system}: {self.file_name}"


class MovingRow(models.Model):
    """One row; `data` is as it came and goes when the dossier is written. `problems` and `notes`:
    [{"code", "field", …}] in the words of `exchange.moving_in.report`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Chưa kiểm tra")
        GOOD = "good", _("Sẵn sàng")
        WRONG = "wrong", _("Cần sửa")
        WRITTEN = "written", _("Đã đưa vào dùng")
        TAKEN_BACK = "taken_back", _("Đã rút lại")
        KEPT = "kept", _("Giữ lại vì đã có người xử lý")

    batch = models.ForeignKey(MovingBatch, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=80, blank=True)  # the other system's
    data = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="moving_row_number")]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="moving_row_state"),
            models.Index(fields=["batch", "code"], name="moving_row_code"),
        ]
