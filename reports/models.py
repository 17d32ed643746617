"""What was reported: official forms kept as they were sent."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.versions import Version, version_constraints, version_triggers
from journal.kept import Kept
from vietnam.dates import format_date


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
    template = models.PositiveIntegerField(default=0)  # version of the wording it was closed with; 0: the bundled one
    wording = models.JSONField(null=True)  # those words, as reports.forms.wording keeps them; null: the bundled ones
    signer_title = models.CharField(max_length=300, blank=True)  # a line each, as printed
    signer = models.CharField(max_length=100, blank=True)  # empty: to be signed by hand

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


class FormTemplate(Version):
    """A wording of an official form (`reports.forms.wording.FormWording`) in place of the bundled one, version 0.
    Written only by `reports.forms.templates`."""

    form = models.CharField(max_length=10)  # a key of reports.forms.definitions.FORMS
    wording = models.JSONField()

    class Meta:
        ordering = ["form", "-number"]
        constraints = [
            *version_constraints("form_template", ["form"]),
            models.UniqueConstraint(
                fields=["form"], condition=Q(status__in=["draft", "submitted"]), name="form_template_one_draft"
            ),
        ]
        triggers = version_triggers("form", "wording")

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class SavedView(models.Model):
    """A table of figures that somebody named to open again: what its address asks for, never the figures."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    post = models.ForeignKey("accounts.StaffPost", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    # As reports.views.tables.Choice writes it; a running period such as "this_month" moves on with the days.
    query = models.CharField(max_length=500)
    shared = models.BooleanField(default=False)  # with everybody of the post's agency who reads reports
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["post", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class IndexEntry(models.Model):
    """Points of the service index that somebody entered: what cannot be computed. The newest of a criterion counts."""

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")  # null: the province
    period = models.CharField(max_length=10)  # 2026-09, 2026-Q3, 2026
    criterion = models.CharField(max_length=40)  # a key of reports.service_index.formulas
    points = models.DecimalField(max_digits=5, decimal_places=2)
    ground = models.CharField(max_length=300)
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=200)

    kept = Kept()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["period", "agency", "criterion", "-id"], name="index_entry_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=0, points__lte=100), name="index_entry_points"),
            models.CheckConstraint(condition=~Q(ground=""), name="index_entry_has_its_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.entered_by}, {format_date(timezone.localtime(self.entered_at))}: {self.ground}"
