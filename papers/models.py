"""Official documents as such: issued once, immutable, checkable by anyone through their code."""

from django.db import models
from django.utils import timezone
import pgtrigger


class Paper(models.Model):
    """One issued paper. A correction is a new paper that names the old one (`replaces`)."""

    code = models.CharField(max_length=24, unique=True)  # random, in the QR: /track/paper/<code>
    form = models.CharField(max_length=40)  # "tnhs", "hdhs" … as named by the room that issues it
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=60)  # number on the paper, from a gap-free series per agency and year
    agency_code = models.CharField(max_length=35)
    agency_name = models.CharField(max_length=200)
    owner = models.CharField(max_length=120, db_index=True)  # opaque reference, e.g. "dossier:H05…-0001"
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
        constraints = [models.UniqueConstraint(fields=["agency_code", "form", "number"], name="paper_number_once")]
        triggers = [pgtrigger.Protect(name="immutable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
