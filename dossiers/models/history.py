"""What happened to a dossier: the append-only events, and corrections, which two people make."""

from typing import Any

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from dossiers.models.case import Dossier
from journal.kept import Kept, Sealed


class DossierEvent(models.Model):
    """The append-only history: who, when, from where, what changed."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events", db_index=False)
    revision = models.PositiveIntegerField()
    action = models.CharField(max_length=40)
    from_state = models.PositiveSmallIntegerField(null=True)
    to_state = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now)
    post = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+", db_index=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    actor = models.CharField(max_length=200)  # name and title as they were
    automatic = models.BooleanField(default=False)
    system = models.CharField(max_length=120, blank=True)  # the connected system that acted; then `account` is empty
    origin = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)
    public = models.BooleanField(default=True)  # shown to the applicant

    kept = Kept()
    sealed = Sealed(
        "dossier-events",
        {
            1: (
                "dossier_id",
                "revision",
                "action",
                "from_state",
                "to_state",
                "at",
                "recorded_at",
                "post_id",
                "account_id",
                "actor",
                "automatic",
                "system",
                "origin",
                "request_id",
                "reason",
                "facts",
                "public",
            )
        },
    )

    class Meta:
        ordering = ["dossier_id", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "revision"], name="event_revision_once"),
            models.CheckConstraint(
                condition=models.Q(system="") | models.Q(account__isnull=True), name="a_system_is_no_person"
            ),
        ]
        indexes = [
            models.Index(fields=["system", "dossier"], name="event_of_system", condition=~models.Q(system="")),
            models.Index(fields=["at"], name="event_reminded", condition=models.Q(action="remind")),  # few, for reports
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    @property
    def local_actor(self) -> str:
        """Who acted, with the title in the reader's language; the history keeps it in the product's.

        Of an automatic rule it keeps the name, which says nothing to people.
        """
        if self.automatic:
            return gettext("Hệ thống tự thực hiện")
        name, comma, title = self.actor.partition(", ")
        return f"{name}, {gettext(title)}" if comma and self.post_id else self.actor


def who_acted(by: Actor) -> dict[str, Any]:
    """The fields of an event that say who acts and from where; for many events asked once."""
    return {
        "post": by.post,
        "account": by.account,
        "actor": by.label[:200],
        "automatic": by.channel == "automatic",
        "system": by.connected_system[:120],
        "origin": by.origin[:200],
        "request_id": by.request_id,
    }


class Participation(models.Model):
    """Who appraised a dossier and who decided on it: each person takes one part, whichever posts they hold.

    Written by `dossiers.lifecycle.four_eyes`.
    """

    class Part(models.TextChoices):
        APPRAISED = "appraised", _("Thẩm định")
        DECIDED = "decided", _("Phê duyệt")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="participations", db_index=False)
    account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part.choices)
    at = models.DateTimeField()

    kept = Kept()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "account"], name="appraises_or_decides"),
            models.CheckConstraint(condition=models.Q(part__in=("appraised", "decided")), name="part_known"),
        ]


class Correction(models.Model):
    """A mistake put right: one person says what is wrong, a second one confirms. Never a silent rewind."""

    class Kind(models.TextChoices):
        REOPEN = "reopen", _("Mở lại hồ sơ đã kết thúc nhầm")
        LIMIT = "limit", _("Thời hạn giải quyết ghi sai")
        AGENCY = "agency", _("Chuyển sai cơ quan giải quyết")
        OWNER = "owner", _("Tên người đứng tên hồ sơ ghi sai")
        CONTENT = "content", _("Nội dung đề nghị ghi sai")
        PHONE = "phone", _("Điện thoại liên hệ ghi sai")
        RETURN = "return", _("Cách nhận kết quả ghi sai")
        COUNTS = "counts", _("Số bản giấy tờ ghi sai")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    change = models.JSONField(default=dict)  # {"old": …, "new": …} as plain values
    reason = models.TextField()
    asked_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, related_name="+")
    asked_by_account = models.ForeignKey("accounts.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.StaffPost", models.PROTECT, null=True, related_name="+")
    decided_by_account = models.ForeignKey("accounts.Account", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    note = models.TextField(blank=True)

    kept = Kept(
        # Who decided and how; the words go when the dossier is destroyed.
        may_change=("decided_by", "decided_by_account", "decided_at", "confirmed", "note", "change", "reason")
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(decided_at__isnull=True), name="one_open_correction"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by_account__isnull=True)
                | (
                    models.Q(decided_at__isnull=False, decided_by_account__isnull=False)
                    & ~models.Q(decided_by_account=models.F("asked_by_account"))
                ),
                name="correction_by_a_second_person",
            ),
        ]
