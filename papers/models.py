"""Official documents as such: issued once, immutable, checkable by anyone through their code."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.versions import Version, version_constraints, version_triggers
from journal.kept import Kept, Sealed


class Paper(models.Model):
    """One issued paper. A correction is a new paper that names the old one (`replaces`)."""

    code = models.CharField(max_length=24, unique=True)  # random, in the QR: /track/paper/<code>
    form = models.CharField(max_length=40)  # "receipt", "apology" … as named by the app that issues it
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
    template_version = models.PositiveIntegerField(default=0)  # of the form's wording; 0: the one its app carries

    kept = Kept()
    # A proof is shown to whoever has the paper: it binds the file, and of what is personal only hashes.
    sealed = Sealed(
        "papers",
        {
            1: (
                "code",
                "form",
                "title",
                "number",
                "year",
                "agency_code",
                "agency_name",
                "owner",
                "language",
                "facts",
                "file",
                "size",
                "sha256",
                "issued_at",
                "issued_by",
                "replaces_id",
                "template_version",
            )
        },
        blinded=frozenset({"owner", "facts", "file", "issued_by", "replaces_id"}),
        salt="code",
    )

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


class PaperTemplate(Version):
    """One version of a form's wording (`papers.wording.Wording`), numbered from its draft on. Written only by
    `papers.templates`."""

    form = models.CharField(max_length=40)
    wording = models.JSONField()

    class Meta:
        ordering = ["form", "-number"]
        constraints = [
            *version_constraints("template", ["form"]),
            models.UniqueConstraint(
                fields=["form"], condition=models.Q(status__in=["draft", "submitted"]), name="template_one_draft"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="template_number_from_1"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "submitted"]) | ~models.Q(reason=""),
                name="template_has_its_ground",
            ),
        ]
        triggers = version_triggers("form", "wording")

    def __str__(self) -> str:
        return f"{self.form} {self.number}"


class PaperRun(models.Model):
    """Papers of many pages that a worker makes, volume by volume; each volume is a `Paper` of owner `<form>:<uid>`."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        RUNNING = "running", _("Đang lập")
        READY = "ready", _("Đã lập xong")
        PARKED = "parked", _("Không lập được")

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    key = models.CharField(max_length=80, unique=True)  # asking twice makes one run
    form = models.CharField(max_length=40)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    asked = models.JSONField()  # what it covers, in the words of its form
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["agency", "form", "-id"], name="paper_runs_of_agency"),
            models.Index(
                fields=["state", "heartbeat_at"],
                name="paper_run_unfinished",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(rows_done__lte=models.F("rows")), name="paper_run_rows"),
        ]

    @property
    def owner(self) -> str:
        return f"{self.form}:{self.uid}"

    def volumes(self) -> "models.QuerySet[Paper]":
        return Paper.objects.filter(owner=self.owner).order_by("id")
