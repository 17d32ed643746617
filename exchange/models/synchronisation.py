"""How far other systems know our dossiers, and where they say something else."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Synchronisation(models.Model):
    """One dossier and one other system: which of our revisions it was told, and its own name for the dossier.

    A dossier waits to be told while `told_revision` is behind `wanted_revision` and it is not parked.
    """

    system = models.CharField(max_length=40)  # name of a connector
    dossier = models.ForeignKey("dossiers.Dossier", models.PROTECT, related_name="synchronisations")
    external_id = models.CharField(max_length=80, blank=True)
    wanted_revision = models.PositiveIntegerField(default=0)
    told_revision = models.PositiveIntegerField(default=0)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "dossier"], name="synchronised_once"),
            models.UniqueConstraint(
                fields=["system", "external_id"], condition=~models.Q(external_id=""), name="external_id_once"
            ),
            models.CheckConstraint(
                condition=models.Q(told_revision__lte=models.F("wanted_revision")), name="told_what_was_wanted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["system", "available_at", "id"],
                name="synchronisation_waiting",
                condition=models.Q(parked_at__isnull=True, told_revision__lt=models.F("wanted_revision")),
            ),
            models.Index(fields=["system", "compared_at"], name="synchronisation_compared"),
        ]


class Difference(models.Model):
    """A point in which another system disagrees with us about a dossier; it stays, with how it ended."""

    class Ended(models.TextChoices):
        AGREED = "agreed", _("Hai bên đã giống nhau")
        NOTED = "noted", _("Đã xem, để nguyên")

    synchronisation = models.ForeignKey(Synchronisation, models.CASCADE, related_name="differences")
    field = models.CharField(max_length=60)  # the other system's name of it
    ours = models.CharField(max_length=300, blank=True)
    theirs = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["synchronisation", "field"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_difference_a_field",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="difference_open", condition=models.Q(ended_at__isnull=True))]
