"""The procedure's own form (tờ khai) in a dossier: which version is asked, what was answered, what is still wrong.

Answers are kept in the dossier under ``form``: {"questionnaire": pk, "on": day, "values": {…}} by the questions' stable
ids. They are judged as of the day they were given, by the version they were given on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import isfinite
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from agencies.models import Territory
from core.refusals import Refused
from dossiers.filing.open_pages import is_done
from dossiers.models import OPEN_STATES, Dossier, State
from journal import audit_log
from procedures.models import Questionnaire
from procedures.questionnaire import counting, prefilling, values, versions
from procedures.questionnaire.answers import typed
from procedures.questionnaire.layout import Layout, read_layout
from procedures.questionnaire.schema import Context
from procedures.questionnaire.validation import ValidatedAnswers, revalidate_answers, validate_answers
from procedures.questionnaire.web import AnswerForm

SECTION = "declaration"
KEY = "form"


def form_in_force(dossier: Dossier) -> Questionnaire | None:
    """The form that the procedure asks now."""
    return versions.form_of(dossier.edition)


def given_on(dossier: Dossier) -> Questionnaire | None:
    """The version on which the dossier's answers were given; None when there are none."""
    kept = dossier.answers.get(KEY)
    return Questionnaire.objects.filter(pk=kept["questionnaire"]).first() if kept else None


def answer_values(dossier: Dossier) -> dict[str, Any]:
    return dict((dossier.answers.get(KEY) or {}).get("values", {}))


def stored_form(questionnaire: Questionnaire, answers: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What the dossier keeps of judged answers."""
    return {"questionnaire": questionnaire.pk, "on": on.isoformat(), "values": dict(answers)}


def counted_by_form(dossier: Dossier) -> set[str]:
    """What of the fee the form counts: by the answers, or by the form that a draft has yet to fill in."""
    found = given_on(dossier)
    if found is None and dossier.state == State.DRAFT and not is_done(dossier, SECTION):
        found = form_in_force(dossier)
    return set(counting.counting_questions(read_layout(found.layout))) if found else set()


def declared_quantities(dossier: Dossier) -> dict[str, int]:
    """Numbers that the fee is counted by, as the form's answers say them; empty when no form was filled in."""
    found = given_on(dossier)
    return counting.counted_answers(read_layout(found.layout), answer_values(dossier)) if found else {}


def commune_names(*, english: bool = False) -> dict[str, str]:
    """The communes an address may name, by code, in the order of the alphabet."""
    found = Territory.objects.filter(
        kind__in=(Territory.Kind.WARD, Territory.Kind.COMMUNE), valid_to__isnull=True
    ).order_by("sort_key")
    return {territory.code: territory.local_name if english else territory.name for territory in found}


def answer_form(
    dossier: Dossier,
    questionnaire: Questionnaire,
    data: Any = None,
    *,
    written: Mapping[str, str] | None = None,
    on: date,
    more: str = "",
) -> AnswerForm:
    """The page's form: sent answers, else what was typed (`written`), else what is kept, else what is known."""
    layout = read_layout(questionnaire.layout)
    shown = dict(written or {}) or typed(layout, answer_values(dossier) or _known(dossier, layout))
    communes = commune_names(english=True)
    return AnswerForm(
        layout,
        questionnaire.rules,
        data,
        typed=shown,
        communes=communes,
        around=Context(on, frozenset(communes)),
        case=dossier.case,
        documents=versions.documents_of(dossier.edition),
        more=more,
    )


def _known(dossier: Dossier, layout: Layout) -> dict[str, Any]:
    given = prefilling.Given(
        phone=dossier.contact_phone,
        email=dossier.contact_email,
        commune=str(dossier.answers.get("territory", "")),
        address=dossier.contact_address,
    )
    owner = dossier.owner_person or dossier.owner_enterprise
    return prefilling.proposed_answers(layout, owner=owner, filer=dossier.filer, given=given, communes=commune_names())


def declaration_content(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> str:
    """What is asked for in a line, as papers print it; empty when the form leaves it to the filer."""
    with translation.override("vi"):
        return values.content_text(read_layout(questionnaire.layout), answers, commune_names())


def writes_content(dossier: Dossier) -> bool:
    """Whether the form's answers say what is asked for, so that nobody has to."""
    found = form_in_force(dossier)
    return bool(found and found.layout.get("content"))


def answers_text(dossier: Dossier) -> list[values.Part]:
    """The answers by their labels, as the form had them; empty when no form was filled in."""
    if not dossier.answers.get(KEY):
        return []
    questionnaire = given_on(dossier)
    if questionnaire is None:
        return []
    return values.answers_text(read_layout(questionnaire.layout), answer_values(dossier), commune_names(english=True))


def validated_answers(dossier: Dossier, questionnaire: Questionnaire) -> ValidatedAnswers:
    """The kept answers judged again, for the case that the dossier has now."""
    on = date.fromisoformat(dossier.answers[KEY]["on"])
    layout = read_layout(questionnaire.layout)
    return revalidate_answers(layout, questionnaire.rules, answer_values(dossier), Context(on), dossier.case)


def answers_carried_over(
    questionnaire: Questionnaire, answers: Mapping[str, Any], *, on: date, case: str
) -> ValidatedAnswers:
    """Answers that another system brings by the questions' ids, judged and tidied as if they had been typed."""
    layout = read_layout(questionnaire.layout)
    around = Context(on, frozenset(commune_names()))
    known = layout.by_id()
    if unknown := [name for name in answers if name not in known]:
        return ValidatedAnswers(
            {}, tuple((name, str(_("Tờ khai không có câu hỏi này."))) for name in unknown), frozenset()
        )
    if not all(_finite(value) for value in answers.values()):
        return ValidatedAnswers({}, (("", str(_("Tờ khai có số quá lớn."))),), frozenset())
    found = revalidate_answers(layout, questionnaire.rules, answers, around, case)
    if found.mistakes:
        return found
    return validate_answers(layout, questionnaire.rules, typed(layout, found.values), around, case)


def _finite(value: Any) -> bool:
    """JSON can say 1e999, with which nobody can count."""
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    if isinstance(value, list):
        return all(map(_finite, value))
    return not isinstance(value, float) or isfinite(value)


def may_fill_at_counter(dossier: Dossier, by: Actor) -> bool:
    """Whether this desk may still put the form's answers on a dossier that came without them."""
    here = by.post is not None and by.post.agency_id == dossier.receiving_agency_id
    return here and dossier.state in (State.FILED, *OPEN_STATES) and not dossier.answers.get(KEY)


@transaction.atomic
def fill_at_counter(
    dossier: Dossier, questionnaire: Questionnaire, answers: Mapping[str, Any], *, by: Actor, on: date
) -> None:
    """Keep answers that the counter typed for the applicant. Once only; raises Refused."""
    locked = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if not may_fill_at_counter(locked, by):
        raise Refused("filled", _("Hồ sơ này đã có tờ khai hoặc đã kết thúc, nên không điền nữa."))
    locked.answers[KEY] = stored_form(questionnaire, answers, on)
    locked.save(update_fields=["answers"])
    audit_log.record_entry("dossier.form_filled", locked.reference, by=by, questionnaire=questionnaire.pk)


def wanted_documents(dossier: Dossier, questionnaire: Questionnaire | None) -> set[str]:
    """Keys of the papers that the answers make necessary."""
    if questionnaire is None or not dossier.answers.get(KEY):
        return set()
    shown = validated_answers(dossier, questionnaire).asked
    asked_ = read_layout(questionnaire.layout).by_id().values()
    return {q.document for q in asked_ if q.kind == "file" and q.required and q.id in shown}


def stands_for(dossier: Dossier) -> str:
    """Key of the required paper that the filled form is, so that none has to be sent; empty when none."""
    questionnaire = given_on(dossier)
    return str(questionnaire.layout.get("document", "")) if questionnaire else ""


def declared_paper(dossier: Dossier) -> str:
    """Name of the paper that the form filled in online is; empty when none was, or when a copy of it was handed in."""
    questionnaire = given_on(dossier)
    if questionnaire is None:
        return ""
    paper = dossier.edition.documents.filter(key=stands_for(dossier)).first()
    if paper is None:
        return str(questionnaire.layout.get("title", ""))
    return "" if dossier.documents.filter(required_document=paper).exists() else paper.name
