"""The form that a procedure asks to be filled in, as kept: immutable versions of a layout and its JSON Schema."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.versions import Version, version_constraints, version_triggers


class Questionnaire(Version):
    """One version of a procedure's form. A new edition keeps the version in force until another is put in force.

    `layout` is what `procedures.questionnaire.layout` reads; `rules` is the JSON Schema made from it, which judges
    answers. Written by `procedures.questionnaire.versions`.
    """

    class Source(models.TextChoices):
        BUNDLED = "carried", _("Danh mục kèm sản phẩm")
        EDITOR = "editor", _("Soạn trên trang")

    procedure = models.ForeignKey("procedures.Procedure", models.CASCADE, related_name="questionnaires")
    source = models.CharField(max_length=7, choices=Source.choices, default=Source.EDITOR)
    layout = models.JSONField(default=dict)
    rules = models.JSONField(default=dict)

    class Meta:
        constraints = version_constraints("questionnaire", ["procedure"])
        triggers = version_triggers("procedure_id", "layout")

    def __str__(self) -> str:
        return str(self.layout.get("title", ""))
