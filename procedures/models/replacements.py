"""Papers that data replaces, as a table of procedure × paper × database × clause told by a resolution."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.second_person import Draft, second_person_constraint


class Replacement(Draft):
    """One row of such a table and what became of it here: one person proposes the paper it means, another approves."""

    class Status(models.TextChoices):
        APPLIED = "applied", _("Đã áp dụng")
        PROPOSED = "proposed", _("Chờ người thứ hai duyệt")
        DOUBTFUL = "doubtful", _("Chờ người chọn giấy tờ")
        NO_PAPER = "no_paper", _("Thủ tục không có giấy tờ giống thế")
        NO_PROCEDURE = "no_procedure", _("Chưa có thủ tục này")
        DISMISSED = "dismissed", _("Không áp dụng")

    code = models.CharField(max_length=20, db_index=True)
    procedure_name = models.CharField(max_length=2000)
    paper = models.CharField(max_length=2000)
    database = models.CharField(max_length=300)
    partly = models.BooleanField(default=False)  # the data say only a part of the paper, which is brought as before
    owner = models.CharField(max_length=300, blank=True)
    document = models.CharField(max_length=500, blank=True)  # the legal document that asks for the paper
    clause = models.CharField(max_length=500, blank=True)
    ministry = models.CharField(max_length=300, blank=True)
    basis = models.CharField(max_length=100, blank=True)  # what rules it
    row_sha256 = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=12, choices=Status.choices)
    document_key = models.CharField(max_length=80, blank=True)  # of the paper in the facts, once proposed
    imported_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["code", "id"]
        indexes = [models.Index(fields=["status", "id"], name="replacement_by_status")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status__in=["applied", "proposed"]) | ~models.Q(document_key=""),
                name="applied_to_a_paper",
            ),
            second_person_constraint(
                "replacement_by_a_second_person", decider="approved_by", undecided=~models.Q(status="applied")
            ),
        ]
