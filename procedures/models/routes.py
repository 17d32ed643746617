"""Internal routes as kept: immutable versions of a list of steps, and what an import of routes found."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

_NO_DRAFT = pgtrigger.Condition("OLD.status <> 'draft'")


class Route(models.Model):
    """One version of an internal route: of an edition, of a procedure whatever its edition, or the standard of a level.

    Within that it may be for one case and for one settling agency. A draft may be changed and thrown away; what is in
    force never changes, a later version replaces it. `steps` is the list that `procedures.routes.steps` reads.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        IN_FORCE = "in_force", _("Đang áp dụng")
        REPLACED = "replaced", _("Đã thay thế")

    class Source(models.TextChoices):
        CARRIED = "carried", _("Danh mục kèm sản phẩm")
        EDITOR = "editor", _("Soạn trên trang")
        IMPORT = "import", _("Nhập từ bảng")

    edition = models.ForeignKey("procedures.Edition", models.CASCADE, null=True, related_name="routes")
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, null=True, related_name="routes")
    level = models.CharField(max_length=10, blank=True)  # of a standard route only
    case = models.SlugField(blank=True)
    agency_key = models.SlugField(blank=True)  # agencies.Agency.key; empty: whoever settles
    territory_code = models.CharField(max_length=5, blank=True)  # one commune's own among agencies of one key
    number = models.PositiveIntegerField(null=True)  # of the version; given when it comes into force
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    source = models.CharField(max_length=7, choices=Source.choices, default=Source.EDITOR)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=300, blank=True)  # the document that approves the route
    steps = models.JSONField(default=list)
    # What an import could not know, each {"step", "kind", "text", "settled"}; open ones keep a draft a draft.
    doubts = models.JSONField(default=list)
    edited_at = models.DateTimeField(default=timezone.now)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_label = models.CharField(max_length=200, blank=True)
    in_force_at = models.DateTimeField(null=True)
    in_force_label = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "procedure", "level", "case", "agency_key", "territory_code"],
                condition=models.Q(status="in_force"),
                nulls_distinct=False,
                name="one_route_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(edition__isnull=False, procedure__isnull=True, level="")
                | models.Q(edition__isnull=True, procedure__isnull=False, level="")
                | (models.Q(edition__isnull=True, procedure__isnull=True) & ~models.Q(level="")),
                name="route_of_one_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(number__isnull=False, in_force_at__isnull=False),
                name="route_in_force_is_numbered",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="immutable",
                operation=pgtrigger.UpdateOf(
                    "edition_id",
                    "procedure_id",
                    "level",
                    "case",
                    "agency_key",
                    "territory_code",
                    "number",
                    "name",
                    "name_en",
                    "decision",
                    "steps",
                    "doubts",
                    "in_force_at",
                )
                | pgtrigger.Delete,
                condition=_NO_DRAFT,
            ),
            pgtrigger.FSM(
                name="forward_only",
                field="status",
                transitions=[("draft", "in_force"), ("in_force", "replaced")],
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RouteImport(models.Model):
    """One reading of a table of routes and what it found; `report` is written by `procedures.routes.importing`."""

    file_name = models.CharField(max_length=255)
    file_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.CharField(max_length=200, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
