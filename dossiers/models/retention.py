"""Dossiers whose time of keeping is over: lists of them that two people decide on, and what became of each."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q

from core.versions import Version, version_constraints, version_triggers
from dossiers.models.case import Dossier

# What one list holds at most: a person reads it before they sign it.
LARGEST_LIST = 200


class DestructionList(Version):
    """One list of an agency. In force means approved by a second person; then a worker destroys what it names.

    Written by `dossiers.lifecycle.retention`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    agency = models.ForeignKey("agencies.Agency", models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    paper_code = models.CharField(max_length=24, blank=True)  # the certificate, once all is done

    class Meta:
        ordering = ["-id"]
        constraints = [
            *version_constraints("destruction", ["uid"]),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(status__in=["draft", "submitted"]),
                name="destruction_one_list_of_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, paper_code="")
                | Q(finished_at__isnull=False, status="in_force") & ~Q(paper_code=""),
                name="destruction_finished_is_certified",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-id"], name="destruction_of_agency")]
        triggers = version_triggers("uid", "agency_id")

    def __str__(self) -> str:
        return str(self.uid)


class DestructionItem(models.Model):
    """One dossier of a list, by which period it is due, and what became of it."""

    list = models.ForeignKey(DestructionList, models.CASCADE, related_name="items")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="destructions")
    period = models.ForeignKey("procedures.RetentionPeriod", models.PROTECT, related_name="+")
    ended_on = models.DateField()
    kept_reason = models.CharField(max_length=300, blank=True)  # why somebody who read the list keeps it
    kept_until = models.DateField(null=True)
    destroyed_at = models.DateTimeField(null=True)
    hindrance = models.CharField(max_length=40, blank=True)  # code of what stood against it when its turn came

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "dossier"], name="destruction_item_once"),
            models.CheckConstraint(
                condition=Q(kept_reason="", kept_until__isnull=True)
                | ~Q(kept_reason="") & Q(kept_until__isnull=False, destroyed_at__isnull=True),
                name="kept_with_reason_and_end",
            ),
        ]
        triggers = [
            # What the second person approves is what was submitted.
            pgtrigger.Trigger(
                name="as_submitted",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("list_id", "dossier_id", "period_id", "ended_on", "kept_reason", "kept_until"),
                func="""
                    IF (SELECT status FROM dossiers_destructionlist WHERE id = NEW.list_id) <> 'draft' THEN
                        RAISE EXCEPTION 'the items of a submitted list stay as they are';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
