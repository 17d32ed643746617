"""The form that the applicant filled in online, as the paper that it stands for: a working aid without number."""

from datetime import date, datetime, time

from django.utils import timezone

from dossiers.filing import declaration
from dossiers.models import Dossier
from procedures.questionnaire import printing
from procedures.questionnaire.layout import read_layout


def of_dossier(dossier: Dossier, *, at: datetime) -> bytes | None:
    """PDF/A dated as it was filled in; None when no form was filled in."""
    questionnaire = declaration.given_on(dossier)
    if questionnaire is None:
        return None
    given = date.fromisoformat(dossier.answers[declaration.KEY]["on"])
    local = timezone.localtime(at)
    return printing.render_form(
        read_layout(questionnaire.layout),
        declaration.answer_values(dossier),
        communes=declaration.commune_names(),
        at=datetime.combine(given, time(), tzinfo=local.tzinfo),
        addressed_to=dossier.settling_agency.name if dossier.settling_agency else "",
        applicant=dossier.filer.full_name,
        case=dossier.case,
    )
