"""What may be asked for: fields, procedures, events of life, and the imports they came by."""

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Named

if TYPE_CHECKING:
    from procedures.models.editions import Edition


class Channel(models.TextChoices):
    ONLINE = "online", _("Trực tuyến")
    COUNTER = "counter", _("Trực tiếp")
    POST = "post", _("Bưu chính")


class FactState(models.TextChoices):
    CONFIRMED = "confirmed", _("Đã xác nhận")
    TO_BE_CONFIRMED = "to_be_confirmed", _("Chờ xác nhận")


class Field(Named):
    """A field of administration (lĩnh vực)."""

    key = models.SlugField(unique=True, max_length=120)
    code = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    search_key = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=600, db_collation="C")

    class Meta:
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Procedure(models.Model):
    class Kind(models.TextChoices):
        RECEIVABLE = "receivable", _("Tiếp nhận tại tỉnh")
        REFERRED = "referred", _("Nộp tại bộ, ngành")
        INTERNAL = "internal", _("Thủ tục nội bộ")

    code = models.CharField(max_length=20, unique=True)  # national code, e.g. 1.001193
    kind = models.CharField(max_length=10, choices=Kind.choices)
    current = models.OneToOneField("Edition", models.PROTECT, null=True, related_name="+")
    # Folded words of title, synonyms, field and code, written with the current edition.
    search_text = models.TextField(blank=True)
    search_vector = SearchVectorField(null=True)
    popularity = models.IntegerField(default=0)  # breaks ties in search; recounted from dossiers

    class Meta:
        indexes = [GinIndex(fields=["search_vector"])]

    def __str__(self) -> str:
        return self.code

    @property
    def in_force(self) -> "Edition":
        """The published edition, of a procedure that is known to have one."""
        assert self.current is not None
        return self.current


class ImportRun(models.Model):
    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    report = models.CharField(max_length=300, blank=True)  # name in storage
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=200, blank=True)


class LifeEvent(models.Model):
    key = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    hint = models.CharField(max_length=300, blank=True)
    hint_en = models.CharField(max_length=300, blank=True)
    icon = models.SlugField(blank=True)
    version = models.PositiveIntegerField(default=1)
    procedures = models.ManyToManyField(Procedure, related_name="life_events")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
