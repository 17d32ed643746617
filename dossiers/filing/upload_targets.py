"""The places a file can be sent to in parts, before it is a paper of a dossier.

- A draft's paper: owner ``dossier:<uid>``, purpose ``paper:<required document>``. It becomes the line of the checklist
  in the transaction of its arrival.
- An answer to a supplement, ``answer:<supplement request>``, and an intake at a desk,
  ``intake:<desk>:<required document>:<key of the page>``: nobody else sees it until it is handed in with the action.
- What will go with a message, ``message:<dossier>:<side>:<account>``: its writer's alone until the message is sent.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts import permissions
from accounts.actors import Actor
from accounts.models import StaffPost
from core import references
from core.refusals import Refused
from core.typed_keys import typed_key
from digitization import scans
from digitization.models import StoredFile
from digitization.unused import WaitingPlace
from dossiers.access.record_reference import dossier_of
from dossiers.access.relations import is_applicant
from dossiers.filing import draft_papers, paper_files
from dossiers.lifecycle import offers
from dossiers.models import ENDED_STATES, Dossier, DossierDocument, State, SupplementRequest
from procedures.models import RequiredDocument

ANSWER, INTAKE, MESSAGE = "answer", "intake", "message"
_PAPER = "paper:"
_KEY_LENGTH = 40


def purpose_of(paper: RequiredDocument) -> str:
    """What an upload for this line of a draft's checklist states as its purpose."""
    return f"{_PAPER}{paper.pk}"


def answer_owner(request: SupplementRequest) -> str:
    return f"{ANSWER}:{request.pk}"


def intake_owner(desk_id: int, paper: RequiredDocument, key: str) -> str:
    return f"{INTAKE}:{desk_id}:{paper.pk}:{key[:_KEY_LENGTH]}"


def may_add_to_draft(actor: Actor, reference: str) -> bool:
    dossier = dossier_of(reference)
    return dossier is not None and permissions.may(actor, "edit_draft", dossier)


def may_use_answer(actor: Actor, reference: str, file: StoredFile | None = None) -> bool:
    """The applicant, while the supplement waits for their answer, or for more of it."""
    _prefix, _colon, pk = reference.partition(":")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return False
    wanted = SupplementRequest.objects.filter(pk=int(pk)).select_related("dossier").first()
    if wanted is None or not is_applicant(actor, wanted.dossier):
        return False
    if wanted.answered_at is None:
        return wanted.dossier.state == State.SUPPLEMENT
    return offers.answer_may_grow(wanted.dossier)


def may_use_intake(actor: Actor, reference: str, file: StoredFile | None = None) -> bool:
    """The counter staff of the desk that takes in."""
    post = actor.post
    if post is None or post.role != StaffPost.Role.COUNTER or post.desk_id is None:
        return False
    return reference.startswith(f"{INTAKE}:{post.desk_id}:")


def file_upload(file: StoredFile, purpose: str) -> None:
    """Give a file that has arrived its place: behind the others of its line of the checklist, or of the answer.

    Raises Refused when the draft has no such line (any more).
    """
    if file.owner.startswith(f"{INTAKE}:"):
        paper_files.refuse_secret(_paper_of_intake(file.owner))
        if len(waiting_uploads([file.owner])[file.owner]) > paper_files.MOST_FILES:
            raise Refused("too_many_files", paper_files.too_many_sentence())
        return
    dossier = dossier_of(file.owner)
    if dossier is None:
        return
    paper = next((p for p in draft_papers.required_documents(dossier) if purpose_of(p) == purpose), None)
    if paper is None:
        raise Refused("no_place", _("Hồ sơ không còn cần giấy tờ này. Hãy tải lại trang."))
    draft_papers.attach_file(dossier, paper, file)
    scans.queue_scan(file)


def _paper_of_intake(owner: str) -> RequiredDocument | None:
    paper = owner.split(":")[2]
    return RequiredDocument.objects.filter(pk=typed_key(paper)).first()


def waiting_uploads(owners: Iterable[str]) -> dict[str, list[StoredFile]]:
    """Files that wait at each of `owners` to be handed in, in the order of their arrival."""
    found: dict[str, list[StoredFile]] = {}
    for file in StoredFile.objects.present().filter(owner__in=list(owners)):
        found.setdefault(file.owner, []).append(file)
    return found


def adopt_file(dossier: Dossier, file: StoredFile) -> StoredFile:
    """Make a waiting file one of the dossier's, within the transaction of the action that hands it in."""
    file.owner = dossier.reference
    file.save(update_fields=["owner"])
    scans.queue_scan(file)
    return file


def adopt_answer_files(request: SupplementRequest, dossier: Dossier, *, at: datetime) -> None:
    """Everything that was sent for the answer becomes papers of the dossier."""
    owner = answer_owner(request)
    DossierDocument.objects.bulk_create(
        DossierDocument(
            dossier=dossier,
            kind=DossierDocument.Kind.OTHER,
            name=file.name,
            file=adopt_file(dossier, file),
            position=1000,
            added_at=at,
        )
        for file in StoredFile.objects.present().select_for_update().filter(owner=owner)
    )


def answer_may_be_given() -> Exists:
    """Whether the dossier for whose answer a file (an outer row of StoredFile) was sent has not ended."""
    requests = SupplementRequest.objects.exclude(dossier__state__in=ENDED_STATES)
    reference = Concat(Value(f"{ANSWER}:"), Cast("pk", CharField()))
    return Exists(requests.annotate(reference=reference).filter(reference=OuterRef("owner")))


def register_waiting_places() -> None:
    """An intake or a message that was never finished is a person who went away; an answer waits for its writer."""
    for prefix in (INTAKE, MESSAGE):
        references.register_answers(
            prefix, WaitingPlace(period=lambda: timedelta(hours=settings.UNFINISHED_INTAKE_HOURS))
        )
    references.register_answers(
        ANSWER, WaitingPlace(period=lambda: timedelta(days=settings.UNUSED_FILES_DAYS), needed=answer_may_be_given)
    )
