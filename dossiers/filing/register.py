"""What of a dossier enters the register of digitised documents: papers when they are accepted, results when issued."""

from typing import Any

from django.db.models import QuerySet

from digitization.models import RegisteredDocument, StoredFile
from digitization.register import register_documents, withdraw_documents
from dossiers.lifecycle.transitions import Action
from dossiers.models import Dossier, DossierDocument
from procedures.editions.papers import not_digitised
from procedures.models import Channel

_Kind, _Way = RegisteredDocument.Kind, RegisteredDocument.Way


def register_accepted(action: Action) -> None:
    """Effect of accepting, and of scans that come later: every paper of the checklist that has a file, but for those
    that need not be digitised."""
    dossier = action.dossier
    if dossier.received_at is None or dossier.receiving_agency is None:
        return
    lines = dossier.documents.filter(kind=DossierDocument.Kind.COMPONENT, file__isnull=False)
    lines = lines.exclude(not_digitised("required_document__")).select_related("file")
    common = {"kind": _Kind.COMPONENT, **_holder(dossier)}
    found = [(line.file, {**common, "name": line.name, "way": _way_of(dossier, line)}) for line in lines if line.file]
    register_documents(found, agency=dossier.receiving_agency, by=action.by, at=action.at)


def _way_of(dossier: Dossier, line: DossierDocument) -> str:
    return _Way.SCANNED if dossier.channel == Channel.COUNTER or line.originals or line.copies else _Way.SENT


def register_issued(action: Action) -> None:
    """Effect of issuing: every result with its number, day and issuer."""
    dossier = action.dossier
    results = dossier.documents.filter(kind=DossierDocument.Kind.RESULT, withdrawn_at=None, file__isnull=False)
    types = {each.get("name"): each.get("code") or "" for each in dossier.edition.facts.get("results") or []}
    common = {"kind": _Kind.RESULT, "issuer": dossier.settler.name[:200], **_holder(dossier)}
    found = [
        (
            result.file,
            {
                **common,
                "name": result.name,
                "document_type": str(types.get(result.name, ""))[:40],
                "number": result.number,
                "issued_on": result.issued_on,
                "valid_from": result.issued_on,
                "way": _Way.ELECTRONIC if result.signed_file_id else _Way.SCANNED,
            },
        )
        for result in results.select_related("file")
        if result.file
    ]
    register_documents(found, agency=dossier.settler, by=action.by, at=action.at)


def withdraw_results(action: Action) -> None:
    """Results taken back by a correction are no longer used again."""
    withdraw_documents(_files(action.dossier), action.at)


def _files(dossier: Dossier) -> QuerySet[StoredFile]:
    results = dossier.documents.filter(kind=DossierDocument.Kind.RESULT)
    return StoredFile.objects.filter(pk__in=results.values("file"))


def _holder(dossier: Dossier) -> dict[str, Any]:
    return {
        "holder_person": dossier.owner_person,
        "holder_enterprise": dossier.owner_enterprise,
        "holder_name": dossier.owner_name,
        "source": dossier.reference,
    }
