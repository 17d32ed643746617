"""How long the dossiers of a field, or of one procedure, are kept after they ended."""

from django.db import models
from django.db.models import Q

from core.versions import Version, version_constraints, version_triggers


class RetentionPeriod(Version):
    """One version of a period, with the text that sets it. A procedure's own goes before its field's; dossiers that
    neither speaks of are kept. Written by `procedures.review.retention`."""

    field = models.ForeignKey("procedures.Field", models.PROTECT, null=True, related_name="retention_periods")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, null=True, related_name="retention_periods")
    years = models.PositiveSmallIntegerField(null=True)  # whole years after the one in which it ended; none: for ever
    ground = models.CharField(max_length=300)

    class Meta:
        ordering = ["field", "procedure", "-number"]
        constraints = [
            *version_constraints("retention", ["field", "procedure"]),
            models.UniqueConstraint(
                fields=["field", "procedure"],
                condition=Q(status__in=["draft", "submitted"]),
                nulls_distinct=False,
                name="retention_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(field__isnull=False, procedure__isnull=True)
                | Q(field__isnull=True, procedure__isnull=False),
                name="retention_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(years__isnull=True) | Q(years__gte=1), name="retention_a_year_at_least"),
            models.CheckConstraint(condition=~Q(ground=""), name="retention_has_its_ground"),
        ]
        triggers = version_triggers("field_id", "procedure_id", "years", "ground")

    def __str__(self) -> str:
        return f"{self.field or self.procedure}: {self.years or '∞'}"
