"""The checklist of a draft: which papers it asks for, and the files on its lines."""

from collections.abc import Iterable

from django.db import transaction

from accounts.actors import Actor
from digitization import uploads
from digitization.models import StoredFile
from dossiers.filing import authorisation as file_for_another
from dossiers.filing import declaration, paper_files
from dossiers.filing.open_pages import locked_draft
from dossiers.models import Dossier, DossierDocument
from procedures.editions.papers import papers_of_case
from procedures.models import RequiredDocument


def required_documents(dossier: Dossier) -> list[RequiredDocument]:
    """The checklist of the dossier's edition for its case, without what has a page of its own here."""
    filled = declaration.stands_for(dossier)
    found = [d for d in papers_of_case(dossier.edition, dossier.case) if d.key != (filled or None)]
    # The paper that authorises has a page of its own.
    own = file_for_another.own_paper(dossier) if file_for_another.is_asked(dossier) else None
    return [d for d in found if own is None or d.pk != own.pk]


@transaction.atomic
def attach_file(
    dossier: Dossier,
    required: RequiredDocument | None,
    file: StoredFile | None,
    *,
    name: str = "",
    later: bool = False,
) -> DossierDocument:
    """Put a file on a line of the checklist, behind those that are there; a line without one may be brought later.

    Raises Refused when the line has as many as it takes.
    """
    draft = locked_draft(dossier)
    if required is None:
        return DossierDocument.objects.create(
            dossier=draft, kind=DossierDocument.Kind.OTHER, name=name, file=file, position=1000
        )
    line, _made = DossierDocument.objects.update_or_create(
        dossier=draft,
        required_document=required,
        defaults={"name": required.name, "position": required.position, "later": later and file is None},
    )
    if file is not None:
        paper_files.set_files(line, [*line.files, file])
    return line


@transaction.atomic
def bring_later(dossier: Dossier, required: RequiredDocument, *, later: bool) -> None:
    """Note that a paper is brought on paper, or is not; a line with a file stays as it is."""
    draft = locked_draft(dossier)
    line = DossierDocument.objects.filter(dossier=draft, required_document=required).first()
    if line is None or line.file_id is None:
        attach_file(draft, required, None, later=later)


@transaction.atomic
def detach_file(dossier: Dossier, line: DossierDocument, file: StoredFile) -> None:
    """Take one file of a paper back; with its last file the line goes."""
    draft = locked_draft(dossier)
    line = DossierDocument.objects.select_related("file").get(pk=line.pk, dossier=draft)
    left = [each for each in line.files if each != file]
    if left:
        paper_files.set_files(line, left)
    else:
        line.delete()
    discard_files(draft, [file])


def discard_files(draft: Dossier, files: Iterable[StoredFile]) -> None:
    """Files that were sent for this draft alone are not kept once they have no line on it."""
    for file in files:
        if file.owner == draft.reference:
            uploads.discard_file(file)


@transaction.atomic
def move_file_up(dossier: Dossier, line: DossierDocument, file: StoredFile) -> None:
    """Put a file of a paper before the one in front of it."""
    locked_draft(dossier)
    line.refresh_from_db()
    if file in line.files:
        paper_files.move_file_up(line, file)


@transaction.atomic
def join_photos(dossier: Dossier, line: DossierDocument, *, name: str, by: Actor) -> StoredFile:
    """Make one PDF of a paper's photos. Raises Refused, uploads.UploadRefused."""
    locked_draft(dossier)
    line.refresh_from_db()
    return paper_files.join_photos_of(line, name=name, by=by)
