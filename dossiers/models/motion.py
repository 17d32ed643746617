"""Motion along the internal route: the steps as they ran, and opinions asked of other bodies meanwhile."""

from typing import Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from dossiers.models.case import Dossier

RETURN_STEP = "return"  # of every route the last one; it begins when the result exists
# Steps that ended and whose time speaks for or against somebody: of the settling, which ends with the result (state 9),
# not of waiting for it to be fetched; what was broken off before its time was over neither kept nor overran it.
JUDGED = (
    models.Q(used_minutes__isnull=False)
    & ~models.Q(key=RETURN_STEP)
    & (models.Q(broken_off=False) | models.Q(used_minutes__gt=models.F("minutes")))
)


class StepRunQuerySet(models.QuerySet["StepRun"]):
    def judged(self) -> Self:
        return self.filter(JUDGED)


class StepRun(models.Model):
    """One step of the internal route as it ran: who had it, planned and real times."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(db_index=False)
    act = models.SlugField(
        blank=True, db_index=False
    )  # which step of the life-cycle table it carries, where that is not its key
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=14)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+", db_index=False)
    minutes = models.PositiveIntegerField()  # planned working minutes
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    used_minutes = models.PositiveIntegerField(null=True)
    # Its time ended, its work was never done: the dossier was stopped, or went on to the right agency.
    broken_off = models.BooleanField(default=False)

    objects = StepRunQuerySet.as_manager()

    class Meta:
        ordering = ["dossier_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(finished_at__isnull=True), name="one_running_step"
            )
        ]
        indexes = [
            # Steps stand about in the order in which they end; a tree of them was larger and not used for a month.
            BrinIndex(fields=["finished_at"], name="step_ended", pages_per_range=16, autosummarize=True),
            models.Index(fields=["holder", "finished_at"], name="step_held", condition=models.Q(holder__isnull=False)),
        ]

    @property
    def carries(self) -> str:
        """The life-cycle table's name of this step; an agency's own route may have two of one sort."""
        return self.act or self.key

    @property
    def follows_the_result(self) -> bool:
        """The result waits to be fetched: nobody is early or late any more."""
        return self.key == RETURN_STEP


class UnopenedLink(models.Model):
    """A dossier that a step of the route was to open and could not: it waits for people until it is opened."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="unopened_links")
    step_key = models.SlugField()
    procedure_code = models.CharField(max_length=20)
    reason = models.TextField()  # the refusal, as a sentence
    since = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["dossier", "step_key"], name="one_unopened_link_a_step")]
        indexes = [models.Index(fields=["dossier"], name="link_unopened", condition=models.Q(opened_at__isnull=True))]


class Opinion(models.Model):
    """What a consulted body is asked, side by side with the others, each within its own limit.

    Waiting for one another is no ground to stop the dossier's clock; the time used is counted as the body's own.
    """

    class View(models.TextChoices):
        AGREES = "agrees", _("Đồng ý")
        AGREES_IF = "agrees_if", _("Đồng ý có điều kiện")
        DISAGREES = "disagrees", _("Không đồng ý")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="opinions")
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    question = models.TextField()
    minutes = models.PositiveIntegerField()  # working minutes given
    asked_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    used_minutes = models.PositiveIntegerField(null=True)
    answered_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    view = models.CharField(max_length=10, choices=View.choices, blank=True)  # empty when closed without an answer
    answer = models.TextField(blank=True)
    file = models.ForeignKey("digitization.StoredFile", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "agency"], condition=models.Q(ended_at__isnull=True), name="one_open_opinion"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("asked_at")),
                name="opinion_forward",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "due_at"], name="opinion_open", condition=models.Q(ended_at__isnull=True))
        ]
