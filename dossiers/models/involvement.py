"""Which agency has to do with which dossier, and why: what staff see and what their lists are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from dossiers.models.case import Dossier
from dossiers.models.states import State

CLOSED_STATES = (State.NOT_RECEIVED, State.STOPPED, State.RETURNED)  # nobody has anything to do any more


class Involvement(models.Model):
    """Kept by triggers in the transaction of its cause, drawn from the view `dossiers_involvement_now`; never written
    by hand (docs/decisions/involvements.md). Nobody is involved in a citizen's draft, or in one that was deleted.

    Beside who and why it holds by what lists are counted and ordered, so that they read these short rows only.
    """

    class Kind(models.IntegerChoices):
        SETTLES = 1, _("Giải quyết")
        STEP = 2, _("Giữ bước hiện tại")  # and another agency settles, so that no work is listed twice
        ASKED = 3, _("Được hỏi ý kiến")
        CONSULTED = 4, _("Đã được hỏi ý kiến")
        COUNTER = 5, _("Tiếp nhận, hướng dẫn hoặc trả kết quả")

    pk = models.CompositePrimaryKey("dossier_id", "agency_id", "kind")
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="involvements", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    state = models.PositiveSmallIntegerField(choices=State.choices)
    suspended = models.BooleanField(default=False)
    # The step's role where the step is this agency's, else empty.
    step_role = models.CharField(max_length=14, blank=True)
    holder = models.ForeignKey(  # the dossier's, which the database holds to be a post
        "accounts.StaffPost", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    # When the step is due; for a counter when a filing is to be answered, or since when its result waits.
    listed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "dossier", "kind"], name="involved_agency"),
            models.Index(
                # Counters and pages of what is open are read from it alone.
                fields=["agency", "listed_at", "dossier"],
                include=["kind", "state", "suspended", "step_role", "holder"],
                name="involved_open",
                condition=~models.Q(state__in=CLOSED_STATES),
            ),
            models.Index(fields=["agency", "listed_at", "dossier"], name="involved_asked", condition=models.Q(kind=3)),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.get_kind_display()} {self.dossier_id}"


WORK_KINDS = (Involvement.Kind.SETTLES, Involvement.Kind.STEP)
OFFICE_KINDS = (*WORK_KINDS, Involvement.Kind.ASKED, Involvement.Kind.CONSULTED)
