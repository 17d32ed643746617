"""The one writer of questionnaires: drafts that may change, versions in force that never do.

A draft comes into force by a second person when nothing is wrong with it, and replaces the version before in the same
transaction. A dossier keeps the version that its answers were given on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Account
from journal import audit_log
from procedures.editions.document import InvalidFacts
from procedures.models import Edition, Procedure, Questionnaire
from procedures.questionnaire import schema
from procedures.questionnaire.checking import Problem, layout_problems
from procedures.questionnaire.layout import Layout, read_layout, write_layout

Status = Questionnaire.Status


class QuestionnaireRefused(Exception):
    """The form cannot be changed or put in force; `sentences` say why and what to do."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


def in_force(procedure_id: int) -> Questionnaire | None:
    return Questionnaire.objects.filter(procedure_id=procedure_id, status=Status.IN_FORCE).first()


def save_draft(draft: Questionnaire, layout: Layout, *, by: Actor, at: datetime) -> Questionnaire:
    """Write a draft, new or changed; whoever saves it last cannot be who puts it in force.

    Raises QuestionnaireRefused.
    """
    with transaction.atomic():
        if draft.pk:
            _locked_draft(draft.pk)
        draft.status, draft.layout = Status.DRAFT, write_layout(layout)
        draft.rules = {}  # made when it comes into force
        draft.edited_at, draft.edited_label, draft.edited_by = at, by.label, by.account
        draft.save()
        _record("questionnaire.drafted", draft, by.label)
    return draft


def discard_draft(draft: Questionnaire, *, by: Actor) -> None:
    """Throw a draft away. Raises QuestionnaireRefused when it is a draft no longer."""
    with transaction.atomic():
        found = _locked_draft(draft.pk)
        _record("questionnaire.discarded", found, by.label)
        found.delete()


def put_in_force(draft: Questionnaire, *, by: Actor, at: datetime) -> Questionnaire:
    """Make a draft the version in force of its procedure. Raises QuestionnaireRefused."""
    with transaction.atomic():
        found = _locked_draft(draft.pk)
        if reasons := obstacles(found, by.account):
            raise QuestionnaireRefused(reasons)
        found.in_force_by = by.account
        return _into_force(found, by.label, at)


def obstacles(draft: Questionnaire, second: Account | None) -> list[str]:
    """Why a draft cannot come into force by this person, in sentences; empty when it can."""
    if second is None or draft.edited_by_id == second.pk:
        return [_("Người soạn tờ khai không tự đưa vào áp dụng. Hãy nhờ người quản lý danh mục khác kiểm tra.")]
    return [problem.sentence for problem in problems_of(draft.procedure, read_layout(draft.layout))]


def problems_of(procedure: Procedure, layout: Layout) -> list[Problem]:
    """What is wrong with a layout for this procedure as it is published now."""
    present = in_force(procedure.pk)
    return layout_problems(
        layout,
        documents=documents_of(procedure.in_force),
        cases=[case["key"] for case in procedure.in_force.facts.get("cases") or []],
        former=read_layout(present.layout) if present else None,
    )


def documents_of(edition: Edition) -> dict[str, str]:
    """Names of the edition's papers by key."""
    return {document.key: document.name for document in edition.documents.all()}


def carry_over(procedure: Procedure, layout: Layout, by: str, at: datetime) -> bool:
    """Bring a form that the product carries into force; whether that changed anything. Raises InvalidFacts.

    What a controller put in force stays.
    """
    present = in_force(procedure.pk)
    if present and (present.source != Questionnaire.Source.CARRIED or present.layout == write_layout(layout)):
        return False
    if wrong := problems_of(procedure, layout):
        raise InvalidFacts(procedure.code, [problem.sentence for problem in wrong])
    draft = Questionnaire(
        procedure=procedure,
        layout=write_layout(layout),
        source=Questionnaire.Source.CARRIED,
        edited_at=at,
        edited_label=by,
    )
    with transaction.atomic():
        draft.save()
        _into_force(draft, by, at)
    return True


def _locked_draft(pk: int) -> Questionnaire:
    found = Questionnaire.objects.select_for_update(of=("self",)).select_related("procedure__current").filter(pk=pk)
    draft = found.first()
    if draft is None:
        raise QuestionnaireRefused([_("Bản nháp này đã được bỏ.")])
    if draft.status != Status.DRAFT:
        raise QuestionnaireRefused([_("Tờ khai này đã áp dụng nên không sửa được nữa. Hãy soạn bản mới từ bản này.")])
    return draft


def _into_force(draft: Questionnaire, by: str, at: datetime) -> Questionnaire:
    # Two drafts of one procedure come into force one after the other.
    Procedure.objects.select_for_update(of=("self",)).get(pk=draft.procedure_id)
    former = in_force(draft.procedure_id)
    if former:
        former.status, former.ended_at = Status.REPLACED, at
        former.save(update_fields=["status", "ended_at"])
    last = Questionnaire.objects.filter(procedure=draft.procedure_id, number__isnull=False).order_by("-number").first()
    draft.number = (last.number or 0) + 1 if last else 1
    draft.rules = schema.build_schema(read_layout(draft.layout))
    draft.status, draft.in_force_at, draft.in_force_label = Status.IN_FORCE, at, by
    draft.save()
    _record("questionnaire.in_force", draft, by, replaces=former.number if former else None)
    return draft


def _record(verb: str, draft: Questionnaire, by: str, **facts: Any) -> None:
    subject = f"procedure:{draft.procedure.code}"
    audit_log.record_entry(
        verb, subject, actor=by, questionnaire=draft.pk, name=str(draft), number=draft.number, **facts
    )
