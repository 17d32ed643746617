"""The official papers of a dossier: the forms of Circular 03/2025/TT-VPCP, Annex I.

One module a form: what it says (`gather`, plain JSON) apart from how it is drawn (`draw`). Fields come from the forms
in use; those of 2025 are not all confirmed. Papers are in Vietnamese whatever language pages are read in.
"""

from datetime import datetime
from typing import Any

from django.utils import translation

from accounts.actors import Actor
from dossiers.letters import apology, completion, control_slip, receipt, refusal, stop
from dossiers.letters.letter import Letter
from dossiers.models import Dossier
from papers import issue as papers
from papers.issuers import Issuer
from papers.models import Paper

FORMS: dict[str, Letter] = {
    letter.form: letter
    for letter in (
        receipt.LETTER,
        completion.LETTER,
        refusal.LETTER,
        apology.LETTER,
        stop.LETTER,
        control_slip.LETTER,
    )
}


def issue(
    form: str,
    dossier: Dossier,
    *,
    by: Actor,
    at: datetime,
    facts: dict[str, Any],
    replaces: Paper | None = None,
) -> Paper:
    """Issue the paper `form` of a dossier that the caller has locked and given its code; returns the paper.

    `facts` are those of the act (reason, items …). `replaces` is the issued paper that this one corrects. Must run in
    the act's transaction; the number goes back to its series when that is rolled back.
    """
    letter = FORMS[form]
    issuer = Issuer.of(letter.issuing_agency(dossier, by))
    with translation.override("vi"):
        said = letter.gather(dossier, by=by, at=at, facts=facts)
        return papers.issue(
            form=letter.form,
            title=letter.title,
            number=papers.next_number(issuer, letter.form, letter.sign, at=at),
            agency=issuer,
            owner=dossier.reference,
            facts=said,
            draw=lambda marks: letter.draw(said, marks),
            by=by.label,
            at=at,
            replaces=replaces,
        )
