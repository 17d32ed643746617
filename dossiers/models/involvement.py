"""Which agency has to do with which dossier, and why: what staff see and what their lists are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from dossiers.models.case import Dossier
from dossiers.models.states import State

CLOSED_STATES = (State.NOT_RECEIVED, State.STOPPED, State.RETURNED)  # nobody has anything to do any more

_LISTED = ("agency", "listed_at", "dossier")
_SHOWN = ("kind", "state", "suspended", "step_role", "holder", "edition", "step_act")
_RUNNING = models.Q(kind__in=(1, 2), state__in=(State.PROCESSING, State.WITHDRAWN))
_PAUSED = models.Q(kind__in=(1, 2)) & (
    models.Q(state__in=(State.SUPPLEMENT, State.FINANCIAL)) | models.Q(state=State.PROCESSING, suspended=True)
)


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
    edition = models.ForeignKey(  # the dossier's
        "procedures.Edition", models.DO_NOTHING, null=True, related_name="+", db_index=False, db_constraint=False
    )
    step_act = models.CharField(max_length=50, blank=True)  # what the dossier's running step carries; not for counters
    # When the step is due; for a counter when a filing is to be answered, or since when its result waits.
    listed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agency", "dossier", "kind"], name="involved_agency"),
            # One for each list, which is counted, paged, narrowed and offers its choices from it alone.
            models.Index(fields=_LISTED, include=_SHOWN, name="involved_running", condition=_RUNNING),
            models.Index(fields=_LISTED, include=_SHOWN, name="involved_paused", condition=_PAUSED),
            models.Index(
                fields=["agency", "dossier"],
                include=_SHOWN,
                name="involved_settled",
                condition=models.Q(kind__in=(1, 2), state=State.DONE),
            ),
            models.Index(fields=_LISTED, name="involved_returns", condition=models.Q(kind=5, state=State.DONE)),
            models.Index(fields=["agency", "listed_at", "dossier"], name="involved_asked", condition=models.Q(kind=3)),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.get_kind_display()} {self.dossier_id}"


WORK_KINDS = (Involvement.Kind.SETTLES, Involvement.Kind.STEP)
OFFICE_KINDS = (*WORK_KINDS, Involvement.Kind.ASKED, Involvement.Kind.CONSULTED)
