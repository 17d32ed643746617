"""PINs with which somebody follows a dossier in detail without signing in."""

import uuid

from django.db import models

from dossiers.models.case import Dossier


class TrackingPin(models.Model):
    """A PIN that was sent to the applicant because one visitor asked for it; good once, in that visitor's browser.

    Tries are counted here and not in a cache: a code of six digits must not be guessed when that is away.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)  # kept by the visitor's session
    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="+")
    pin_hash = models.CharField(max_length=128, blank=True)  # empty until it is sent
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["dossier", "asked_at"], name="pins_of_dossier")]


class OtherCode(models.Model):
    """A code under which another system knows the dossier, for ever: whoever holds a slip with it finds the dossier.

    `key` is what counts of the code: its letters and digits (dossiers.search.code_key).
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="other_codes")
    system = models.CharField(max_length=80)  # whose code it is
    code = models.CharField(max_length=80)
    key = models.CharField(max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["key", "system"], name="other_code_once")]

    def __str__(self) -> str:
        return self.code
