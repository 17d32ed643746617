"""Documents on record that stand for a paper: offered in place of an upload, at filing and at the counter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.looks import Seen, record_looks
from accounts.models import Enterprise, Person
from core.refusals import Refused
from digitization.models import RegisteredDocument
from digitization.register import reuse_document, usable_documents
from dossiers.access.relations import is_applicant
from dossiers.filing import draft_papers
from dossiers.models import Dossier
from procedures.models import RequiredDocument
from vietnam.text import fold

MOST_OFFERED = 30


def holder_for(draft: Dossier, actor: Actor) -> Person | Enterprise | None:
    """Whose documents a filer may use: their own, or those of the enterprise they represent; never somebody else's,
    though they file for them."""
    person = actor.person
    if person is None:
        return None
    if draft.owner_person_id == person.pk:
        return person
    if draft.owner_enterprise is not None and is_applicant(actor, draft):
        return draft.owner_enterprise
    return None


def offered_documents(holder: Person | Enterprise | None) -> list[RegisteredDocument]:
    """What holds today, newest first; one query."""
    return list(usable_documents(holder)[:MOST_OFFERED]) if holder is not None else []


def best_first(offered: Sequence[RegisteredDocument], name: str) -> list[dict[str, Any]]:
    """Those of the paper's own name before the others, each said to fit or not."""
    wanted = fold(name)
    rows = [{"document": each, "fits": _fits(fold(each.name), wanted)} for each in offered]
    return sorted(rows, key=lambda row: not row["fits"])


def _fits(known: str, wanted: str) -> bool:
    return bool(known and wanted) and (known in wanted or wanted in known)


def use_for_draft(draft: Dossier, paper: RequiredDocument, document: int, *, by: Actor, at: datetime) -> None:
    """Put a document on a line of a draft. Raises Refused."""
    found = _usable(holder_for(draft, by), document)
    draft_papers.attach_file(draft, paper, reuse_document(found, draft.reference, by, at))


def use_at_desk(holder: Person | Enterprise, document: int, owner: str, *, by: Actor, at: datetime) -> None:
    """Have a document wait for a paper of an intake, and show its holder who took it. Raises Refused."""
    found = _usable(holder, document)
    reuse_document(found, owner, by, at)
    record_looks_at([found], holder, by=by, at=at)


def record_looks_at(
    documents: Sequence[RegisteredDocument], holder: Person | Enterprise, *, by: Actor, at: datetime
) -> None:
    """Staff saw what is on record of a person: the person sees that, document by document."""
    if isinstance(holder, Person):
        seen = [Seen(holder.pk, f"document:{each.code}", each.name[:60]) for each in documents]
        record_looks(seen, by=by, at=at)


def _usable(holder: Person | Enterprise | None, document: int) -> RegisteredDocument:
    found = usable_documents(holder).filter(pk=document).first() if holder is not None else None
    if found is None:
        raise Refused(
            "not_on_record", _("Giấy tờ này không còn dùng lại được. Hãy chọn giấy tờ khác, hoặc gửi tệp mới.")
        )
    return found
