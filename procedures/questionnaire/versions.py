"""The one writer of questionnaires (`core.versions`). A dossier keeps the version that its answers were given on."""

from datetime import datetime
from typing import Any

from core.versions import Status, Workflow
from journal import audit_log
from procedures.editions.document import InvalidFacts
from procedures.models import Edition, Procedure, Questionnaire
from procedures.questionnaire import schema
from procedures.questionnaire.checking import Problem, layout_problems
from procedures.questionnaire.layout import Layout, read_layout, write_layout


class QuestionnaireWorkflow(Workflow[Questionnaire]):
    model = Questionnaire
    scope = ("procedure_id",)
    derived = ("rules",)

    def record(self, verb: str, version: Questionnaire, by: str, **facts: Any) -> None:
        audit_log.record_entry(
            f"questionnaire.{verb}",
            f"procedure:{version.procedure.code}",
            by=by,
            questionnaire=version.pk,
            name=str(version),
            number=version.number,
            **facts,
        )

    def blockers(self, version: Questionnaire) -> list[str]:
        return [problem.sentence for problem in problems_of(version.procedure, read_layout(version.layout))]

    def prepare(self, version: Questionnaire) -> None:
        version.rules = schema.build_schema(read_layout(version.layout))


QUESTIONNAIRES = QuestionnaireWorkflow()
_READ = "_form_read"


def questionnaire_in_force(procedure_id: int) -> Questionnaire | None:
    return QUESTIONNAIRES.in_force(procedure_id=procedure_id)


def keep_form(edition: Edition, form: Questionnaire | None) -> None:
    """Let `form_of` know what was read together with the edition, for as long as this object of it lives."""
    edition.__dict__[_READ] = form


def form_of(edition: Edition) -> Questionnaire | None:
    """The form that the edition's procedure asks now."""
    if _READ in edition.__dict__:
        return edition.__dict__[_READ]
    return questionnaire_in_force(edition.procedure_id)


def problems_of(procedure: Procedure, layout: Layout) -> list[Problem]:
    """What is wrong with a layout for this procedure as it is published now."""
    present = questionnaire_in_force(procedure.pk)
    return layout_problems(
        layout,
        documents=documents_of(procedure.in_force),
        cases=[case["key"] for case in procedure.in_force.facts.get("cases") or []],
        former=read_layout(present.layout) if present else None,
    )


def documents_of(edition: Edition) -> dict[str, str]:
    """Names of the edition's papers by key."""
    return {document.key: document.name for document in edition.documents.all()}


def publish_bundled(procedure: Procedure, layout: Layout, by: str, at: datetime) -> bool:
    """Bring a form that the product brings along into force; whether that changed anything. Raises InvalidFacts.

    What a controller put in force stays.
    """
    present = questionnaire_in_force(procedure.pk)
    if present and (present.source != Questionnaire.Source.BUNDLED or _is_same(present, layout)):
        return False
    if wrong := problems_of(procedure, layout):
        raise InvalidFacts(procedure.code, [problem.sentence for problem in wrong])
    offered = Questionnaire(procedure=procedure, layout=write_layout(layout), source=Questionnaire.Source.BUNDLED)
    QUESTIONNAIRES.publish_bundled(offered, by=by, at=at)
    return True


def _is_same(present: Questionnaire, layout: Layout) -> bool:
    """Whether the version asks the same and judges it by the same rules, which change with the product."""
    return present.layout == write_layout(layout) and present.rules == schema.build_schema(layout)


__all__ = [
    "QUESTIONNAIRES",
    "Status",
    "documents_of",
    "form_of",
    "keep_form",
    "problems_of",
    "publish_bundled",
    "questionnaire_in_force",
]
