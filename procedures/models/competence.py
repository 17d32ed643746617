"""Who settles, as people propose to change it."""

from django.db import models

from core.versions import Version, version_constraints, version_triggers

_SCOPE = ["procedure", "field", "level", "case", "territory_code"]


class CompetenceChange(Version):
    """One version of who settles in a scope. In force, it is a row of `Competence`; written by
    `procedures.competence.table`."""

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, null=True, related_name="+")
    field = models.ForeignKey("procedures.Field", models.CASCADE, null=True, related_name="+")
    level = models.CharField(max_length=10)
    case = models.SlugField(blank=True)
    territory_code = models.CharField(max_length=5, blank=True)
    agency_key = models.SlugField(blank=True)  # empty: no row of this scope, so that a more general one holds
    # The row that held before this one came into force: {"agency_key", "state", "source"}; empty when there was none.
    replaced_row = models.JSONField(default=dict)

    class Meta:
        constraints = [
            *version_constraints("competence", _SCOPE),
            models.UniqueConstraint(
                fields=_SCOPE,
                condition=models.Q(status__in=["draft", "submitted"]),
                nulls_distinct=False,
                name="one_competence_draft",
            ),
        ]
        triggers = version_triggers("procedure_id", "field_id", "level", "case", "territory_code", "agency_key")
