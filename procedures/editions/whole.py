"""The published edition of a procedure with all that a filing asks of it, in one statement."""

from django.db.models import OuterRef

from core.children import ChildRows, keep_children, read_children
from core.versions import Status
from procedures.models import Edition, FeeLine, Questionnaire, RequiredDocument
from procedures.questionnaire.versions import keep_form

_PAPERS = ChildRows(RequiredDocument.objects.filter(edition=OuterRef("pk")).order_by("position"))
_FEES = ChildRows(FeeLine.objects.filter(edition=OuterRef("pk")).order_by("position"))
_FORM = ChildRows(Questionnaire.objects.filter(procedure=OuterRef("procedure"), status=Status.IN_FORCE).order_by("pk"))


def whole_edition(code: str) -> Edition | None:
    """The edition in force of the procedure `code`, with its field, papers, fees and form; None when there is none."""
    editions = Edition.objects.select_related("procedure", "field").filter(
        procedure__code=code, status=Edition.Status.PUBLISHED
    )
    edition = editions.annotate(papers_read=_PAPERS, fees_read=_FEES, form_read=_FORM).first()
    if edition is None:
        return None
    keep_children(edition.documents, read_children(RequiredDocument, edition.papers_read))
    keep_children(edition.fee_lines, read_children(FeeLine, edition.fees_read))
    keep_form(edition, next(iter(read_children(Questionnaire, edition.form_read)), None))
    return edition
