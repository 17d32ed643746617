"""Ministries' specialised software that dossiers are pushed to, and how each of them stands there."""

from django.db import models
from django.utils.translation import gettext as _

from exchange.specialised_mapping import status_in_words


class SpecialisedSystem(models.Model):
    """`mapping` is YAML (exchange.specialised_mapping); `procedures` are the codes it names."""

    key = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=300)
    secret = models.CharField(max_length=200)  # bearer token that we show
    mapping = models.TextField()
    procedures = models.JSONField(default=list)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")  # in whose place results come
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SpecialisedDossier(models.Model):
    """One dossier at one such system: the revision it was given, and what was heard of it since."""

    system = models.ForeignKey(SpecialisedSystem, models.CASCADE, related_name="dossiers", db_index=False)
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="specialised")
    pushed_revision = models.PositiveIntegerField(default=0)
    version = models.CharField(max_length=80, blank=True)  # theirs, last heard
    status = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    heard_at = models.DateTimeField(null=True)  # when that changed
    result_version = models.CharField(max_length=80, blank=True)  # of the result that was attached
    available_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["system", "dossier"], name="specialised_once")]
        indexes = [models.Index(fields=["system", "available_at", "id"], name="specialised_due")]

    @property
    def status_in_words(self) -> str:
        if self.status:
            return status_in_words(self.status, self.system.mapping)
        return _("đã gửi, chưa có trả lời") if self.pushed_revision else _("chờ gửi")
