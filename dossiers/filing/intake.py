"""Taking in at the counter: for somebody with or without an account, by the applicant or by a filer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import authorisations
from accounts.actors import Actor
from accounts.models import Enterprise, Person
from agencies.models import Territory
from core.refusals import Refused
from digitization.models import StoredFile
from dossiers.fees import amounts
from dossiers.filing import declaration, upload_targets
from dossiers.filing.agencies import assign_agencies
from dossiers.filing.paper_files import add_lines
from dossiers.models import Dossier, DossierDocument, FilingGround
from procedures.editions.papers import demanded_papers
from procedures.models import Channel, Edition, RequiredDocument


@dataclass(frozen=True)
class Ticked:
    """One line of the checklist as the counter found it."""

    document: RequiredDocument | None
    originals: int = 0
    copies: int = 0
    name: str = ""
    files: tuple[StoredFile, ...] = ()  # sent before the dossier was there; they become the dossier's own


def taken_in(by: Actor, key: str) -> Dossier | None:
    """What the page `key` of this desk has taken in already, when it is sent again."""
    if by.post is None or by.post.desk_id is None:
        return None
    return Dossier.objects.sent().filter(filing_key=_filing_key(by.post.desk_id, key)).first()


def _filing_key(desk_id: int, key: str) -> str:
    return f"desk{desk_id}:{key}"[:80]


@transaction.atomic
def take_in(
    edition: Edition,
    *,
    by: Actor,
    filer: Person,
    owner: Person | Enterprise,
    ticked: list[Ticked],
    territory: Territory | None,
    key: str,
    at: datetime,
    channel: str = Channel.COUNTER,
    case: str = "",
    content: str = "",
    ground: str = FilingGround.SELF,
    ground_note: str = "",
    return_method: str = "counter",
    return_address: str = "",
    fee_facts: dict[str, Any] | None = None,
    form: dict[str, Any] | None = None,
    phone: str = "",
    email: str = "",
    address: str = "",
) -> Dossier:
    """The dossier as handed in, before `receive`, `ask_completion` or `refuse` is executed on it.

    `fee_facts` are validated ones (`procedures.fees.inputs`); whoever takes in has seen the proof of its exemptions.
    `form` are validated answers (`declaration.stored_form`).
    The same `key` (of the page) gives the same dossier, so that a double click takes in once.
    """
    if by.post is None or by.post.desk is None:
        raise Refused("no_desk", _("Vị trí của bạn chưa gắn với quầy nào. Hãy báo quản trị."))
    if ground == FilingGround.AUTHORISED and not ground_note.strip():
        raise Refused("no_authorisation", _("Hãy ghi số, ngày của văn bản ủy quyền đã kiểm tra."), field="ground_note")
    dossier, made = Dossier.objects.get_or_create(
        filing_key=_filing_key(by.post.desk.pk, key),
        defaults={
            "edition": edition,
            "channel": channel,
            "case": case,
            "content": content,
            "filer": filer,
            "owner_person": owner if isinstance(owner, Person) else None,
            "owner_enterprise": owner if isinstance(owner, Enterprise) else None,
            "owner_name": str(owner),
            "filing_ground": ground,
            "ground_note": ground_note,
            "contact_phone": phone or owner.phone,
            "contact_email": email or owner.email,
            "contact_address": address or owner.address,
            "help_desk": by.post.desk,
            "receiving_agency": by.post.desk.agency,
            "return_desk": by.post.desk,
            "return_method": return_method,
            "return_address": return_address,
            "fee_facts": amounts.stored_inputs(fee_facts, exemptions=amounts.CONFIRMED) if fee_facts else {},
            "created_at": at,
        },
    )
    if not made:
        return dossier
    if ground == FilingGround.AUTHORISED:
        dossier.authorisation = authorisations.confirmed_authorisation(
            owner, filer, paper=ground_note, on=timezone.localdate(at), by=by, at=at
        )
    if form:
        dossier.answers[declaration.KEY] = form
    assign_agencies(dossier, territory)
    dossier.save()
    adopted = [[upload_targets.adopt_file(dossier, file) for file in line.files] for line in ticked]
    add_lines([(_line(dossier, line, at), files) for line, files in zip(ticked, adopted, strict=True)])
    return dossier


def _line(dossier: Dossier, line: Ticked, at: datetime) -> DossierDocument:
    return DossierDocument(
        dossier=dossier,
        kind=DossierDocument.Kind.COMPONENT if line.document else DossierDocument.Kind.OTHER,
        required_document=line.document,
        position=line.document.position if line.document else 1000,
        name=line.document.name if line.document else line.name,
        originals=line.originals,
        copies=line.copies,
        added_at=at,
    )


def lacking_papers(edition: Edition, case: str, brought: Collection[str]) -> list[RequiredDocument]:
    """The papers of the case that must be there to receive it and were not brought (by their keys)."""
    return [paper for paper in demanded_papers(edition, case) if paper.key not in brought]
