"""The official papers of a dossier: the forms of Circular 03/2025/TT-VPCP, Annex I, and those for handing over.

One module a form: what it gathers (`gather`, plain JSON), the words it may use (`Vocabulary`) and those that it uses
until an administrator words it otherwise (`Wording`). Fields come from the forms in use; those of 2025 are not all
confirmed. Papers are in Vietnamese whatever language pages are read in.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation

from accounts.actors import Actor
from agencies.models import Agency
from dossiers.letters import (
    apology,
    completion,
    control_slip,
    destruction,
    handover,
    papers_receipt,
    receipt,
    refusal,
    register,
    stop,
)
from dossiers.letters.letter import Form, Letter
from dossiers.models import Dossier
from papers import issue as papers
from papers import templates
from papers.issue import Marks
from papers.issuers import Issuer
from papers.layout import Sheet
from papers.models import Paper
from papers.wording import Wording

_TRIAL = "BẢN XEM THỬ"

OF_A_DOSSIER: dict[str, Letter] = {
    letter.form.key: letter
    for letter in (
        receipt.LETTER,
        completion.LETTER,
        refusal.LETTER,
        apology.LETTER,
        stop.LETTER,
        control_slip.LETTER,
        papers_receipt.LETTER,
    )
}
# Every form whose wording may be edited, in the order of the official list.
FORMS: dict[str, Form] = {
    form.key: form
    for form in (
        *(letter.form for letter in OF_A_DOSSIER.values()),
        register.FORM,
        handover.BETWEEN_AGENCIES,
        handover.BETWEEN_SHIFTS,
        destruction.FORM,
    )
}


def letter_facts(form: str, dossier: Dossier, *, by: Actor, at: datetime, facts: dict[str, Any]) -> dict[str, Any]:
    """What the paper `form` would say of the dossier, as plain JSON."""
    with translation.override("vi"):
        return OF_A_DOSSIER[form].gather(dossier, by=by, at=at, facts=facts)


def issue_letter(
    form: str,
    dossier: Dossier,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any],
    replaces: Paper | None = None,
) -> Paper:
    """Issue the paper `form` of a dossier that the caller has locked and given its code; returns the paper.

    `facts` are those of the action (reason, items …). `replaces` is the issued paper that this one corrects. Must run
    in the action's transaction; the number goes back to its series when that is rolled back.
    """
    letter = OF_A_DOSSIER[form]
    issuer = Issuer.of(letter.issuing_agency(dossier, by))
    gathered = letter_facts(form, dossier, by=by, at=at, facts=facts)
    with translation.override("vi"):
        version, worded = templates.worded(form, letter.form.wording)
        return papers.issue_paper(
            form=form,
            title=worded.title,
            number=papers.next_number(issuer, form, worded.sign, at=at),
            agency=issuer,
            owner=dossier.reference,
            facts=gathered,
            draw=lambda marks: letter.form.draw(worded, gathered, marks),
            by=by.label,
            at=at,
            replaces=replaces,
            template_version=version,
        )


def trial_letter(form: Form, worded: Wording, *, agency: Agency, at: datetime) -> bytes:
    """PDF/A of a simulated case in these words, marked as a trial on each page; takes no number, keeps nothing."""
    issuer = Issuer.of(agency)
    example = form.vocabulary.example()
    if form is register.FORM:
        day = timezone.localdate(at)

        def draw(marks: Marks) -> Sheet | bytes:
            return register.draw_register(
                worded, marks, [example], since=day.replace(day=1), until=day, watermark=_TRIAL
            )
    else:

        def draw(marks: Marks) -> Sheet | bytes:
            return form.draw(worded, example, marks)

    with translation.override("vi"):
        return papers.trial_paper(draw, title=worded.title, sign=worded.sign, agency=issuer, at=at, watermark=_TRIAL)
