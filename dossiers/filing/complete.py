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
from dossiers.filing.paper_files import add_lines
from dossiers.models import Dossier, DossierDocument, FilingGround, ReturnMethod
from procedures.fees import inputs
from procedures.models import Channel, Edition, RequiredDocument


@transaction.atomic(savepoint=False)
def draft_whole(
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
) -> Dossier:
    """A draft with all its answers at once, as another system brings it: `person` files for themselves, or for `owner`
    on a `ground`.

    A paper without files is one they will bring later. `form` are validated answers (`declaration.stored_form`),
    `said_of_fee` validated fee inputs; a number that was not said is 1. Each call makes a draft; that a repeated
    request makes none is up to the caller (`journal.idempotency`).
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
    draft.save(force_insert=True)
    add_lines([(_line(draft, required, bool(sent)), sent) for required, sent in files])
    return draft


def _line(draft: Dossier, required: RequiredDocument, sent: bool) -> DossierDocument:
    return DossierDocument(
        dossier=draft,
        required_document=required,
        name=required.name,
        position=required.position,
        later=not sent,
        added_at=draft.created_at,
    )
