"""The register of digitised documents, and their use again instead of an upload."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Enterprise, Person
from accounts.permissions import queryset_rule
from agencies.models import Agency
from agencies.succession import with_predecessors
from core.references import Column, WhenDeleted, register_column
from digitization import scans
from digitization.models import RegisteredDocument, StoredFile
from journal import audit_log
from papers import codes

register_column(Column("digitization.RegisteredDocument", "source", WhenDeleted.PROTECT))


def register_documents(
    files: Iterable[tuple[StoredFile, dict[str, Any]]], *, agency: Agency, by: Actor, at: datetime
) -> None:
    """Enter files, each once however often it is asked, in one statement. With each file the columns of its entry
    (kind, name, way, source, holder …). A file that is itself a document used again keeps the entry it came from."""
    rows = [
        RegisteredDocument(
            code=codes.new_code(), file=file, agency=agency, digitised_by=by.label[:200], digitised_at=at, **facts
        )
        for file, facts in files
        if file.reused_from_id is None
    ]
    for row in rows:
        row.words = row.folded_words
    if rows:
        RegisteredDocument.objects.bulk_create(rows, ignore_conflicts=True)


def withdraw_documents(files: QuerySet[StoredFile], at: datetime) -> int:
    """Say that documents no longer hold (a result taken back); returns how many did."""
    found = RegisteredDocument.objects.filter(file__in=files, standing=RegisteredDocument.Standing.VALID)
    return found.update(standing=RegisteredDocument.Standing.WITHDRAWN, withdrawn_at=at)


def describe_document(document: RegisteredDocument, facts: dict[str, Any], *, by: Actor) -> None:
    """Enter what the paper says of itself (its columns and their values); what stood there before stays in the log."""
    with transaction.atomic():
        held = RegisteredDocument.objects.select_for_update().get(pk=document.pk)
        before = {name: getattr(held, name) for name in facts}
        changed = {name: value for name, value in facts.items() if value != before[name]}
        if not changed:
            return
        for name, value in changed.items():
            setattr(held, name, value)
        held.words = held.folded_words
        held.save(update_fields=[*changed, "words"])
        audit_log.record_entry(
            "document_described",
            f"document:{held.code}",
            by=by,
            before={name: str(before[name] or "") for name in changed},
            after={name: str(value or "") for name, value in changed.items()},
        )


def documents_of(holder: Person | Enterprise) -> QuerySet[RegisteredDocument]:
    """Everything registered of somebody, newest first; of a person with the records merged into theirs."""
    if isinstance(holder, Enterprise):
        mine = Q(holder_enterprise=holder)
    else:
        mine = Q(holder_person=holder) | Q(holder_person__merged_into=holder)
    return RegisteredDocument.objects.filter(mine).select_related("file__scan", "agency")


def usable_documents(holder: Person | Enterprise, on: date | None = None) -> QuerySet[RegisteredDocument]:
    """Those that may stand for a paper on that day: valid, not expired, their file still there."""
    day = on or timezone.localdate()
    valid = documents_of(holder).filter(standing=RegisteredDocument.Standing.VALID, file__removed_at__isnull=True)
    return valid.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    )


def reuse_document(document: RegisteredDocument, owner: str, by: Actor, at: datetime) -> StoredFile:
    """The document as a file of `owner`: the same content, in a row of its own that names where it is from."""
    original = document.file
    with transaction.atomic():
        made = StoredFile.objects.create(
            name=original.name,
            media_type=original.media_type,
            size=original.size,
            sha256=original.sha256,
            storage_name=original.storage_name,
            owner=owner,
            uploaded_by=by.label[:200],
            uploaded_at=at,
            reused_from=document,
            malware=original.malware,
            malware_name=original.malware_name,
            malware_checked_at=original.malware_checked_at,
        )
        scans.queue_scan(made, at)
    return made


@queryset_rule(RegisteredDocument)
def visible(actor: Actor, queryset: QuerySet) -> QuerySet:
    """Staff of the agency that digitised, or of the one that it merged into, in a role that works with dossiers; people
    see theirs by `documents_of`."""
    post = actor.post
    if post is None or post.role not in ("counter", "officer", "unit_head", "leader", "clerk"):
        return queryset.none()
    if not post.agency.took_over:
        return queryset.filter(agency=post.agency_id)
    return queryset.filter(agency__in=[body.pk for body in with_predecessors(post.agency_id)])
