"""Agencies that merge, are split or end: what two people decide, and what was moved by it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.versions import Version, version_constraints, version_triggers
from dossiers.models.case import Dossier
from journal.kept import Kept

_CONTENT = ("agency_id", "kind", "successor_id", "field_keys", "first_day", "document")


class AgencyChange(Version):
    """One change of who there is, from a day on. Written by `dossiers.reorganisation`; in force means decided, and
    carried out by workers once its day has come."""

    class Kind(models.TextChoices):
        MERGE = "merge", _("Sáp nhập vào cơ quan khác")
        SPLIT = "split", _("Chia, tách: chuyển một số lĩnh vực sang cơ quan khác")
        END = "end", _("Kết thúc hoạt động, không còn việc")

    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    successor = models.ForeignKey("agencies.Agency", models.PROTECT, null=True, related_name="+")
    field_keys = models.JSONField(default=list)  # procedures.Field.key; of a split
    first_day = models.DateField()  # from which the agency is no more, or the fields are the other's
    document = models.CharField(max_length=200)  # the decision it rests on
    began_at = models.DateTimeField(null=True)  # carried out from then on
    finished_at = models.DateTimeField(null=True)
    moved = models.PositiveIntegerField(default=0)  # dossiers
    cursor = models.BigIntegerField(default=0)  # id of the last dossier seen
    folder_cursor = models.BigIntegerField(default=0)
    # What was moved beside dossiers, so that it can be taken back: {"posts": [[old, new, last day or null, whether the
    # new one was made for it]], "desks": [[id, number, calendar or null]], "parts": [ids], "feedback": [ids],
    # "hand_overs": […], "accounts": [ids], "competence": [{…row, "now": key}]}
    carried = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)  # why it could not be carried out on its day
    taken_back_at = models.DateTimeField(null=True)  # all of it, once undone

    class Meta:
        ordering = ["-id"]
        constraints = [
            *version_constraints("agency_change", ["agency", "kind", "successor", "first_day"]),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(status__in=["draft", "submitted"]), name="agency_change_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(kind="end", successor__isnull=True)
                | Q(kind__in=["merge", "split"], successor__isnull=False) & ~Q(successor=F("agency")),
                name="agency_change_has_successor",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(began_at__isnull=False), name="agency_change_begins_first"
            ),
        ]
        triggers = version_triggers(*_CONTENT)

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.kind}"

    @property
    def reference(self) -> str:
        return f"agency_change:{self.pk}"


class MovedDossier(models.Model):
    """One dossier that a change moved, and how it stood before."""

    change = models.ForeignKey(AgencyChange, models.PROTECT, related_name="dossiers")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    # {"settling": bool, "receiving": bool, "step": id or null, "step_holder": post or null, "holder": post or null,
    # "opinions": [ids]}
    before = models.JSONField()
    taken_back = models.BooleanField(default=False)

    kept = Kept(may_change=("taken_back",), may_go=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["change", "dossier"], name="moved_once_a_change")]
