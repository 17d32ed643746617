"""What happened on which day: counts of dossiers kept by the database, so that no report reads them all."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from procedures.models import Channel


class Counted(models.IntegerChoices):
    """What a dossier counts as, on the day in Vietnam on which it happened. A finished one is exactly one of four."""

    RECEIVED = 1, _("Đã tiếp nhận")
    EARLY = 2, _("Sớm hạn")
    ON_TIME = 3, _("Đúng hạn")
    LATE = 4, _("Quá hạn")
    UNLIMITED = 5, _("Không quy định thời hạn")


class _Cell(models.Model):
    """References are the dossiers' own, which the database checks there."""

    what = models.PositiveSmallIntegerField(choices=Counted.choices)
    day = models.DateField()
    agency = models.ForeignKey(  # that settles; none where none was found
        "agencies.Agency", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    edition = models.ForeignKey(
        "procedures.Edition", models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.CharField(max_length=8, choices=Channel.choices)
    number = models.IntegerField()

    class Meta:
        abstract = True


class Tally(_Cell):
    """Dossiers of a cell, up to the changes that wait beside it."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "what", "day", "edition", "channel"], nulls_distinct=False, name="tally_cell"
            )
        ]
        indexes = [models.Index(fields=["day"], name="tally_day")]


class TallyChange(_Cell):
    """Written by triggers in the transaction of a change, one row more or fewer, so that nobody waits for a cell;
    added to the tallies by a task. Whoever reads adds both."""
