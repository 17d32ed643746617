"""A whole filing at once, as another system brings it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Enterprise, Person
from agencies.models import Territory
from digitization.models import StoredFile
from dossiers.fees import amounts
from dossiers.filing import declaration
from dossiers.filing.agencies import assign_agencies
from dossiers.filing.paper_files import Line, add_lines
from dossiers.models import Dossier, DossierDocument, FilingGround, ReturnMethod
from procedures.fees import inputs
from procedures.models import Channel, Edition, RequiredDocument


def whole_draft(
    edition: Edition,
    person: Person,
    *,
    at: datetime,
    case: str,
    content: str,
    territory: Territory | None,
    files: list[tuple[RequiredDocument, list[StoredFile]]],
    method: str,
    phone: str,
    email: str,
    address: str,
    return_address: str = "",
    form: dict[str, Any] | None = None,
    said_of_fee: Mapping[str, Any] | None = None,
    owner: Person | Enterprise | None = None,
    ground: FilingGround = FilingGround.SELF,
) -> tuple[Dossier, list[Line]]:
    """A draft with all its answers at once, as another system brings it, and its papers: `person` files for
    themselves, or for `owner` on a `ground`.

    Neither is stored: an action writes the dossier (`execute_transition`), then `paper_files.add_lines` the papers. A
    paper without files is one they will bring later. `form` are validated answers (`declaration.stored_form`),
    `said_of_fee` validated fee inputs; a number that was not said is 1. Raises Refused.
    """
    draft = Dossier(
        edition=edition,
        channel=Channel.ONLINE,
        filer=person,
        owner_person=(owner or person) if not isinstance(owner, Enterprise) else None,
        owner_enterprise=owner if isinstance(owner, Enterprise) else None,
        owner_name=owner.name if isinstance(owner, Enterprise) else (owner or person).full_name,
        filing_ground=ground,
        contact_phone=phone,
        contact_email=email,
        contact_address=address,
        case=case,
        content=content,
        return_method=ReturnMethod(method),
        return_address=return_address,
        answers={declaration.KEY: form} if form else {},
        created_at=at,
    )
    judged = inputs.validate_inputs(amounts.asked_inputs(draft), said_of_fee or {})
    draft.fee_facts = amounts.stored_inputs(judged.facts, exemptions=amounts.CLAIMED)
    assign_agencies(draft, territory)
    lines: list[Line] = [(_line(draft, required, sent), sent) for required, sent in files]
    draft.new_papers = [line for line, _sent in lines]
    return draft, lines


@transaction.atomic(savepoint=False)
def draft_whole(edition: Edition, person: Person, **facts: Any) -> Dossier:
    """The same, stored. Each call makes a draft; that a repeated request makes none is up to the caller
    (`journal.idempotency`)."""
    draft, lines = whole_draft(edition, person, **facts)
    draft.save(force_insert=True)
    add_lines(lines)
    return draft


def _line(draft: Dossier, required: RequiredDocument, sent: list[StoredFile]) -> DossierDocument:
    return DossierDocument(
        dossier=draft,
        required_document=required,
        name=required.name,
        position=required.position,
        later=not sent,
        file=sent[0] if sent else None,
        added_at=draft.created_at,
    )
