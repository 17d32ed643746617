"""What was reported: official forms kept as they were sent."""

import uuid

from django.db import models
from django.db.models import F, Q

from journal.kept import Kept


class KeptForm(models.Model):
    """An official form of a period as it was closed, with its figures. Later corrections make a further version."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    form = models.CharField(max_length=10)  # a key of reports.forms.definitions.FORMS
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")  # null: the province
    period = models.CharField(max_length=10)  # 2026-Q3, 2026
    first_day = models.DateField()
    last_day = models.DateField()
    version = models.PositiveSmallIntegerField()
    # {"rows": [{"level", "key", "name", "values": {column's number: figure}}], "total": {…}}
    content = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    automatic = models.BooleanField(default=False)

    kept = Kept()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "agency", "period", "version"], nulls_distinct=False, name="kept_form_version_once"
            ),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="kept_form_of_days"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period} ({self.version})"

    @property
    def owner(self) -> str:
        """The record reference of its paper."""
        return f"report-form:{self.uid}"
