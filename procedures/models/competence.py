"""Which agency is competent, and how people propose to change it."""

from django.db import models

from core.versions import Version, version_constraints, version_triggers
from procedures.models.catalogue import FactState, Field, Procedure

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


class Competence(models.Model):
    """Who settles: the most specific row wins (procedure before field, then case, then place)."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, related_name="competences")
    field = models.ForeignKey(Field, models.CASCADE, null=True, related_name="competences")
    level = models.CharField(max_length=10)
    case = models.SlugField(blank=True)  # empty: in every case
    territory_code = models.CharField(max_length=5, blank=True)  # agencies.Territory.code; empty: everywhere
    agency_key = models.SlugField()  # agencies.Agency.key
    state = models.CharField(max_length=16, choices=FactState.choices)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "field", "level", "case", "territory_code"],
                nulls_distinct=False,
                name="competence_once",
            )
        ]
