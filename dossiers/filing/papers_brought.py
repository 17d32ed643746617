"""Papers that come after filing: counted and scanned at a counter, each on its line of the checklist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digitization.models import StoredFile
from dossiers.filing import declaration
from dossiers.filing.paper_files import set_files
from dossiers.models import Dossier, DossierDocument
from procedures.editions.papers import demanded_papers
from procedures.models import RequiredDocument


@dataclass(frozen=True)
class Brought:
    """One paper handed in: a line of the checklist, or any other one by its name. Counts are sheets of paper."""

    name: str
    document: RequiredDocument | None = None
    originals: int = 0
    copies: int = 0
    files: tuple[StoredFile, ...] = ()

    def as_recorded(self) -> dict[str, Any]:
        """As the history keeps it."""
        return {
            "name": self.name,
            "originals": self.originals,
            "copies": self.copies,
            "scanned": bool(self.files),
        }


def record_brought(dossier: Dossier, papers: Iterable[Brought], *, at: datetime) -> list[dict[str, Any]]:
    """Put the papers on the dossier; returns them as the history keeps them.

    A line without a scan takes counts and scan; one that has a scan keeps it, and the new scan gets a line beside it.
    """
    lines = {
        line.required_document_id: line
        for line in dossier.documents.filter(required_document__isnull=False).order_by("-id")
    }
    recorded = []
    for paper in papers:
        line = lines.get(paper.document.pk) if paper.document else None
        if line is not None and (line.file_id is None or not paper.files):
            line.originals, line.copies, line.later = paper.originals, paper.copies, False
            line.added_at = at
            line.save(update_fields=["originals", "copies", "later", "added_at"])
        else:
            line = DossierDocument.objects.create(
                dossier=dossier,
                kind=DossierDocument.Kind.COMPONENT if paper.document else DossierDocument.Kind.OTHER,
                required_document=paper.document,
                position=paper.document.position if paper.document else 1000,
                name=paper.name,
                originals=paper.originals,
                copies=paper.copies,
                added_at=at,
            )
        if paper.files:
            set_files(line, paper.files)
        recorded.append(paper.as_recorded())
    return recorded


def lacking_papers_of(dossier: Dossier) -> list[RequiredDocument]:
    """The papers that the dossier's case demands and that nobody has handed in or sent."""
    there = {line.required_document_id for line in dossier.documents.all() if not line.later}
    filled = declaration.stands_for(dossier)
    return [p for p in demanded_papers(dossier.edition, dossier.case, filled=filled) if p.pk not in there]
