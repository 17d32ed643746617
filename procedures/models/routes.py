"""Internal routes as kept: immutable versions of a list of steps, and what an import of routes found."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.versions import Version, version_constraints, version_triggers


class Route(Version):
    """One version of an internal route: of an edition, of a procedure whatever its edition, or the standard of a level.

    Within that it may be for one case and for one competent agency. `steps` is the list that `procedures.routes.steps`
    reads. Written by `procedures.routes.versions`.
    """

    class Source(models.TextChoices):
        BUNDLED = "carried", _("Danh mục kèm sản phẩm")
        EDITOR = "editor", _("Soạn trên trang")
        IMPORT = "import", _("Nhập từ bảng")

    edition = models.ForeignKey("procedures.Edition", models.CASCADE, null=True, related_name="routes")
    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, null=True, related_name="routes")
    level = models.CharField(max_length=10, blank=True)  # of a standard route only
    case = models.SlugField(blank=True)
    agency_key = models.SlugField(blank=True)  # agencies.Agency.key; empty: whoever settles
    territory_code = models.CharField(max_length=5, blank=True)  # one commune's own among agencies of one key
    source = models.CharField(max_length=7, choices=Source.choices, default=Source.EDITOR)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=300, blank=True)  # the document that approves the route
    steps = models.JSONField(default=list)
    # What an import could not know, each {"step", "kind", "text", "settled"}; open ones keep a draft a draft.
    open_queries = models.JSONField(default=list)

    class Meta:
        constraints = [
            *version_constraints("route", ["edition", "procedure", "level", "case", "agency_key", "territory_code"]),
            models.CheckConstraint(
                condition=models.Q(edition__isnull=False, procedure__isnull=True, level="")
                | models.Q(edition__isnull=True, procedure__isnull=False, level="")
                | (models.Q(edition__isnull=True, procedure__isnull=True) & ~models.Q(level="")),
                name="route_of_one_owner",
            ),
        ]
        triggers = version_triggers(
            "edition_id",
            "procedure_id",
            "level",
            "case",
            "agency_key",
            "territory_code",
            "name",
            "name_en",
            "decision",
            "steps",
            "open_queries",
        )

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
