"""Official documents as such: issued once, immutable, checkable by anyone through their code."""

import pgtrigger
from django.db import models
from django.utils import timezone


class Paper(models.Model):
    """One issued paper. A correction is a new paper that names the old one (`replaces`)."""

    code = models.CharField(max_length=24, unique=True)  # random, in the QR: /track/paper/<code>
    form = models.CharField(max_length=40)  # "receipt", "apology" … as named by the room that issues it
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60)  # as printed, "12/TNHS"; a series begins anew each year
    year = models.PositiveSmallIntegerField()  # of the number: the local year of issue
    agency_code = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    owner = models.CharField(max_length=120, db_index=True)  # opaque reference, e.g. "dossier:<uuid>"
    language = models.CharField(max_length=5, default="vi")
    facts = models.JSONField()  # what was printed, field by field
    file = models.CharField(max_length=300)  # name in storage
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)
    issued_by = models.CharField(max_length=200)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "form", "year", "number"], name="paper_number_once"),
            # A chain of corrections, never a tree: the newest of a chain is the one that holds.
            models.UniqueConstraint(fields=["replaces"], name="paper_replaced_once"),
        ]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
