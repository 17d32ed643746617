"""What the source of an edition leaves unclear, until a controller decides."""

from django.db import models

from procedures.models.catalogue import Procedure
from procedures.models.editions import Edition


class OpenQuery(models.Model):
    """Something the source leaves unclear. Never guessed away: a controller decides, which makes a new edition."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="open_queries")
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="open_queries")
    kind = models.CharField(max_length=40)  # procedures.review.queries.KINDS
    path = models.CharField(max_length=120)  # where in the facts, e.g. "terms/online"
    raw = models.TextField(blank=True)
    proposal = models.JSONField(null=True)
    decision = models.JSONField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["procedure_id", "id"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "path"], name="open_query_once")]
        indexes = [
            models.Index(
                fields=["kind", "id"], name="open_query_undecided", condition=models.Q(decided_at__isnull=True)
            )
        ]
