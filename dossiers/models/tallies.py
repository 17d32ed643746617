"""What happened on which day: counts of dossiers kept by the database, so that no report reads them all."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from procedures.models import Channel


def _count() -> Any:
    """Null instead of 0, which takes no place: most of what a cell could count happens on other days."""
    return models.IntegerField(null=True)


def _sum() -> Any:
    return models.BigIntegerField(null=True)


class _Cell(models.Model):
    """What happened on a day in Vietnam to dossiers of a kind. References are the dossiers' own, which the database
    checks there; each is named as there, so that a condition on them holds for both."""

    day = models.DateField()
    settling_agency = models.ForeignKey(
        "agencies.Agency", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    receiving_agency = models.ForeignKey(
        "agencies.Agency", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    edition = models.ForeignKey(
        "procedures.Edition", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    worker = models.ForeignKey(
        "accounts.StaffPost", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )

    received = _count()
    fees_due_sum = _sum()  # of those received
    # Each that was settled is one of four, by the due date of now; with the one of its receipt one of three or none.
    early = _count()
    on_time = _count()
    late = _count()
    unlimited = _count()
    early_original = _count()
    on_time_original = _count()
    late_original = _count()
    refused = _count()
    digital_result = _count()
    returned_by_post = _count()
    not_received = _count()
    stopped = _count()
    fees = _count()
    fees_noncash = _count()
    fees_sum = _sum()
    fees_noncash_sum = _sum()

    class Meta:
        abstract = True


CELL = ("day", "settling_agency_id", "receiving_agency_id", "edition_id", "channel", "worker_id")
NUMBERS = tuple(
    field.name for field in _Cell._meta.local_fields if isinstance(field, (models.IntegerField, models.BigIntegerField))
)


class Tally(_Cell):
    """Dossiers of a cell, up to the changes that wait beside it. A month stands on its first day."""

    class Grain(models.IntegerChoices):
        DAY = 1, _("Ngày")
        MONTH = 2, _("Tháng")
        AGENCY_DAY = 3, _("Ngày của cơ quan")  # neither receiver nor edition nor channel told apart
        AGENCY_MONTH = 4, _("Tháng của cơ quan")
        WORKER_DAY = 5, _("Ngày của người thụ lý")  # of an agency, told apart by who works on it alone
        WORKER_MONTH = 6, _("Tháng của người thụ lý")

    grain = models.PositiveSmallIntegerField(choices=Grain.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "day", "settling_agency", "edition", "channel", "receiving_agency", "worker"],
                nulls_distinct=False,
                name="tally_cell",
            )
        ]
        indexes = [models.Index(fields=["grain", "settling_agency", "day"], name="tally_agency")]


class TallyChange(_Cell):
    """Written by triggers in the transaction of a change, one row more or fewer, so that nobody waits for a cell;
    added to the tallies by a task. Whoever reads adds both."""
