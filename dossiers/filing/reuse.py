"""Documents on record that stand for a paper: offered in place of an upload, at filing and at the counter."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.looks import Seen, record_looks
from accounts.models import Enterprise, Person
from core.refusals import Refused
from digitization.models import RegisteredDocument, StoredFile
from digitization.register import reuse_document, usable_documents
from dossiers.access.held_results import held_results
from dossiers.access.relations import is_applicant
from dossiers.filing import draft_papers
from dossiers.filing.same_paper import may_stand_for
from dossiers.models import Dossier
from procedures.models import RequiredDocument

MOST_KNOWN, MOST_OFFERED = 200, 10  # of a holder, looked through; for one paper


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


def known_documents(holder: Person | Enterprise | None) -> list[RegisteredDocument]:
    """What holds today, newest first, but for results that are still to be paid for; two queries."""
    found = list(usable_documents(holder)[:MOST_KNOWN]) if holder is not None else []
    held = held_results(found)
    return [document for document in found if document.pk not in held]


def offered_documents(
    known: Sequence[RegisteredDocument], paper: RequiredDocument, files: Sequence[StoredFile]
) -> list[RegisteredDocument]:
    """Those of the kind that `paper` asks for, in the order of `known`; not what stands among its `files` already."""
    used = {file.reused_from_id for file in files}
    return [each for each in known if each.pk not in used and may_stand_for(each, paper)][:MOST_OFFERED]


def use_for_draft(draft: Dossier, paper: RequiredDocument, document: int, *, by: Actor, at: datetime) -> None:
    """Put a document on a line of a draft; one that stands there already changes nothing. Raises Refused."""
    found = _usable(holder_for(draft, by), paper, document)
    line = draft.documents.filter(required_document=paper).first()
    if line is not None and any(file.reused_from_id == found.pk for file in line.files):
        return
    draft_papers.attach_file(draft, paper, reuse_document(found, draft.reference, by, at))


def use_at_desk(
    holder: Person | Enterprise, paper: RequiredDocument, document: int, owner: str, *, by: Actor, at: datetime
) -> None:
    """Have a document wait for a paper of an intake, once, and show its holder who took it. Raises Refused."""
    found = _usable(holder, paper, document)
    if not found.reuses.present().filter(owner=owner).exists():
        reuse_document(found, owner, by, at)
    record_looks_at([found], holder, by=by, at=at)


def record_looks_at(
    documents: Sequence[RegisteredDocument], holder: Person | Enterprise, *, by: Actor, at: datetime
) -> None:
    """Staff saw what is on record of a person: the person sees that, document by document."""
    if isinstance(holder, Person):
        seen = [Seen(holder.pk, f"document:{each.code}", each.name[:60]) for each in documents]
        record_looks(seen, by=by, at=at)


def _usable(holder: Person | Enterprise | None, paper: RequiredDocument, document: int) -> RegisteredDocument:
    found = usable_documents(holder).filter(pk=document).first() if holder is not None else None
    if found is None:
        raise Refused(
            "not_on_record", _("Giấy tờ này không còn dùng lại được. Hãy chọn giấy tờ khác, hoặc gửi tệp mới.")
        )
    if held_results([found]):
        raise Refused(
            "fee_open", _("Giấy tờ này là kết quả chưa nộp phí, lệ phí. Hãy nộp tại trang hồ sơ của nó, rồi chọn lại.")
        )
    if not may_stand_for(found, paper):
        said = _("“%(document)s” không phải loại giấy tờ mà mục “%(paper)s” cần. Hãy gửi tệp của giấy tờ đúng loại.")
        raise Refused("other_paper", said % {"document": found.name, "paper": paper.name})
    return found
