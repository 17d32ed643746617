"""Wordings of forms that administrators keep: drafts, the one in force, and all that were in force before.

Version 0 of a form is the wording that its own app brings along; what is stored begins at 1 and goes the way of
`core.versions`. Every paper says under which version it was issued.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from core.second_person import Author
from core.versions import UNDECIDED, Status, Workflow
from journal import audit_log
from papers import wording
from papers.models import PaperTemplate
from papers.wording import Vocabulary, Wording


class TemplateWorkflow(Workflow[PaperTemplate]):
    """Of forms whose words are `vocabulary`."""

    model = PaperTemplate
    scope = ("form",)
    needs_reason = True

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def record(self, verb: str, version: PaperTemplate, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"paper_template.{verb}", f"paper_template:{version.form}", by=by, version=version.number, **facts
        )

    def blockers(self, version: PaperTemplate) -> list[str]:
        found = wording.wording_problems(Wording.read(version.wording), self.vocabulary)
        return [problem.sentence for problem in found]

    def begin_template(self, form: str, origin: Wording, *, by: Author, at: datetime) -> PaperTemplate:
        """The form's draft: the one that waits, or a new one that starts from `origin`."""
        if waiting := draft_of(form):
            return waiting
        last = PaperTemplate.objects.filter(form=form).aggregate(last=Max("number"))["last"] or 0
        draft = PaperTemplate(form=form, number=last + 1, wording=origin.as_json())
        try:
            with transaction.atomic():
                return self.begin_draft(draft, by=by, at=at)
        except IntegrityError:  # somebody else began one at the same moment
            return PaperTemplate.objects.get(form=form, status__in=UNDECIDED)


def worded(form: str, bundled: Wording) -> tuple[int, Wording]:
    """(version, wording) in force for a form; `bundled` when none is stored."""
    stored = PaperTemplate.objects.filter(form=form, status=Status.IN_FORCE).only("number", "wording").first()
    return (stored.number or 0, Wording.read(stored.wording)) if stored else (0, bundled)


def of_version(form: str, version: int, bundled: Wording) -> Wording | None:
    if version == 0:
        return bundled
    stored = PaperTemplate.objects.filter(form=form, number=version).first()
    return Wording.read(stored.wording) if stored else None


def draft_of(form: str) -> PaperTemplate | None:
    """What was begun for a form and is not decided."""
    return PaperTemplate.objects.filter(form=form, status__in=UNDECIDED).first()
