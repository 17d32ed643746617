"""The form that a procedure asks to be filled in, as kept: immutable versions of a layout and its JSON Schema."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Questionnaire(models.Model):
    """One version of a procedure's form. A new edition keeps the version in force until another is put in force.

    `layout` is what `procedures.questionnaire.layout` reads; `rules` is the JSON Schema made from it, which judges
    answers. A draft may be changed and thrown away; what is in force never changes, a later version replaces it.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        IN_FORCE = "in_force", _("Đang áp dụng")
        REPLACED = "replaced", _("Đã thay thế")

    class Source(models.TextChoices):
        CARRIED = "carried", _("Danh mục kèm sản phẩm")
        EDITOR = "editor", _("Soạn trên trang")

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="questionnaires")
    number = models.PositiveIntegerField(null=True)  # of the version; given when it comes into force
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    source = models.CharField(max_length=7, choices=Source.choices, default=Source.EDITOR)
    layout = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)
    edited_at = models.DateTimeField(default=timezone.now)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    edited_label = models.CharField(max_length=200, blank=True)
    in_force_at = models.DateTimeField(null=True)
    in_force_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    in_force_label = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure"], condition=models.Q(status="in_force"), name="one_questionnaire_in_force"
            ),
            models.UniqueConstraint(fields=["procedure", "number"], name="questionnaire_number_once"),
            models.CheckConstraint(
                condition=models.Q(status="draft") | models.Q(number__isnull=False, in_force_at__isnull=False),
                name="questionnaire_in_force_is_numbered",
            ),
            models.CheckConstraint(
                condition=models.Q(in_force_by__isnull=True)
                | models.Q(edited_by__isnull=True)
                | ~models.Q(in_force_by=models.F("edited_by")),
                name="questionnaire_four_eyes",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="immutable",
                operation=pgtrigger.UpdateOf("procedure_id", "number", "layout", "rules", "edited_by_id", "in_force_at")
                | pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.status <> 'draft'"),
            ),
            pgtrigger.FSM(
                name="forward_only",
                field="status",
                transitions=[("draft", "in_force"), ("in_force", "replaced")],
            ),
        ]

    def __str__(self) -> str:
        return str(self.layout.get("title", ""))
