"""Imports of results that were issued in former years, and what became of each row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ResultImport(models.Model):
    """One spreadsheet of one agency, however often its import is begun."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)  # of the sheet
    sheet = models.CharField(max_length=255)  # its name
    begun_by = models.CharField(max_length=200)
    begun_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "sha256"], name="result_import_once")]

    @property
    def reference(self) -> str:
        """By which its files name it (core/references.py)."""
        return f"import:{self.pk}"


class ImportedResult(models.Model):
    """A row of the sheet, once it was looked at."""

    class State(models.TextChoices):
        DONE = "done", _("đã nhập")
        KNOWN = "known", _("đã có trong sổ")
        REFUSED = "refused", _("không nhập được")

    run = models.ForeignKey(ResultImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet counts
    state = models.CharField(max_length=7, choices=State.choices)
    sentence = models.TextField(blank=True)
    document = models.OneToOneField("digitization.RegisteredDocument", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="imported_row_once"),
            models.CheckConstraint(
                condition=models.Q(state="done", document__isnull=False)
                | (~models.Q(state="done") & models.Q(document__isnull=True)),
                name="imported_row_has_its_document",
            ),
        ]
