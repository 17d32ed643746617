"""Filing for somebody who authorised it: what is stated, which paper is wanted, and the counter's check.

A number typed by the filer reveals and joins nothing (accounts.authorisations). The dossier has no owner on record
until a counter has checked the paper; it is not received before.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Authorisation
from digitization.models import StoredFile
from dossiers.filing.paper_files import set_files
from dossiers.models import Dossier, DossierDocument, FilingGround
from procedures.models import RequiredDocument
from vietnam.text import fold

SECTION = "authorisation"
_NAMES = ("van ban uy quyen", "giay uy quyen")


def is_asked(dossier: Dossier) -> bool:
    """Whether the filing needs a paper: one of another filing that a counter has confirmed needs none again."""
    return dossier.filing_ground == FilingGround.AUTHORISED and not _confirmed(dossier)


def _confirmed(dossier: Dossier) -> bool:
    return dossier.authorisation is not None and dossier.authorisation.confirmed_at is not None


def own_paper(dossier: Dossier) -> RequiredDocument | None:
    """The edition's own line for the paper, where it has one."""
    for paper in dossier.edition.documents.all():
        if paper.case in ("", dossier.case) and any(name in fold(paper.name) for name in _NAMES):
            return paper
    return None


def paper_line(dossier: Dossier) -> DossierDocument | None:
    """The paper as it was sent, or promised."""
    own = own_paper(dossier)
    for line in dossier.papers:
        if line.kind == DossierDocument.Kind.AUTHORITY or (own and line.required_document_id == own.pk):
            return line
    return None


def gap_sentence(dossier: Dossier) -> str:
    """What the filing still lacks of its authorisation; empty when nothing."""
    if not is_asked(dossier):
        return ""
    line = paper_line(dossier)
    if line is None or not (line.file_id or line.later):
        return _("Hãy gửi văn bản ủy quyền, hoặc chọn mang bản giấy đến quầy.")
    return ""


@transaction.atomic
def keep_paper(dossier: Dossier, files: Sequence[StoredFile], *, later: bool) -> None:
    """Put the paper's files, or the promise of it, on its line; new ones take the place of the old. The caller holds a
    draft."""
    own, line = own_paper(dossier), paper_line(dossier)
    if line is None:
        line = DossierDocument(dossier=dossier, kind=DossierDocument.Kind.AUTHORITY, position=900, originals=1)
        line.name = "Văn bản ủy quyền"
        if own is not None:
            line.kind, line.required_document = DossierDocument.Kind.COMPONENT, own
            line.name, line.position = own.name, own.position
    if line.file_id is None:
        line.later = later and not files
    line.save()
    if files:
        set_files(line, files)


def waits_for_check(dossier: Dossier) -> bool:
    return dossier.filing_ground == FilingGround.AUTHORISED and not _confirmed(dossier)


def own_dossier(dossier: Dossier, row: Authorisation) -> None:
    """Let the dossier belong to whom the confirmed authorisation is of. The caller saves."""
    dossier.authorisation = row
    dossier.owner_person, dossier.owner_enterprise = row.grantor_person, row.grantor_enterprise
