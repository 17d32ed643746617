"""Wordings of official forms that administrators keep: the draft, the one in force, and all that were in force before.

Version 0 of a form is the wording of `reports.forms.definitions`; what is stored begins at 1 and goes the way of
`core.versions`. A kept form says under which version it was closed, and keeps its words.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.second_person import Author
from core.versions import Workflow
from journal import audit_log
from reports.forms.definitions import FORMS, OfficialForm
from reports.forms.printed import PrintedForm
from reports.forms.wording import FormWording, bundled_wording, wording_problems
from reports.models import FormTemplate


class FormTemplateWorkflow(Workflow[FormTemplate]):
    """The one writer of forms' wordings."""

    model = FormTemplate
    scope = ("form",)
    needs_reason = True

    def record(self, verb: str, version: FormTemplate, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"form_template.{verb}", f"form_template:{version.form}", by=by, version=version.number, **facts
        )

    def blockers(self, version: FormTemplate) -> list[str]:
        form = FORMS.get(version.form)
        if form is None:
            return [_("Không còn biểu mẫu này.")]
        return [sentence for _field, sentence in wording_problems(form, FormWording.read_json(version.wording))]


TEMPLATES = FormTemplateWorkflow()


def printed_in_force(form: OfficialForm) -> PrintedForm:
    stored = TEMPLATES.in_force(form=form.key)
    if stored is None:
        return PrintedForm(form, bundled_wording(form))
    return PrintedForm(form, FormWording.read_json(stored.wording), stored.number or 0)


def all_in_force() -> dict[str, PrintedForm]:
    """Every form as it is printed now, in one statement."""
    stored = {row.form: row for row in FormTemplate.objects.filter(status=FormTemplate.Status.IN_FORCE)}
    found = {}
    for key, form in FORMS.items():
        row = stored.get(key)
        wording = FormWording.read_json(row.wording) if row else bundled_wording(form)
        found[key] = PrintedForm(form, wording, (row.number or 0) if row else 0)
    return found


def printed_of_version(form: OfficialForm, number: int) -> PrintedForm | None:
    if number == 0:
        return PrintedForm(form, bundled_wording(form))
    stored = FormTemplate.objects.filter(form=form.key, number=number).first()
    return PrintedForm(form, FormWording.read_json(stored.wording), number) if stored else None


def draft_of(form: OfficialForm) -> FormTemplate | None:
    """What was begun for a form and is not decided."""
    return TEMPLATES.undecided(form=form.key)


def write_draft(form: OfficialForm, wording: FormWording, *, revision: int, by: Author, at: datetime) -> FormTemplate:
    """Begin the next wording, or write over the `revision` of the draft that the page was drawn with (-1: none).

    Raises core.refusals.Refused.
    """
    draft = draft_of(form) or FormTemplate(form=form.key)
    draft.wording = wording.as_json()
    return TEMPLATES.write_draft(draft, revision=revision, by=by, at=at)
