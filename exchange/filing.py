"""Filing on behalf of a person whom a connected system knows."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Person
from agencies.calendars import lock_calendars
from core import references
from digitization import scans
from digitization.models import StoredFile
from digitization.unused import WaitingPlace
from dossiers.filing import complete
from dossiers.filing.paper_files import add_lines
from dossiers.lifecycle import Refused, execute_transition
from dossiers.models import Dossier
from exchange import validation
from procedures.editions.whole import whole_edition
from procedures.models import Channel, Edition

SYSTEM, ACCOUNT = "system", "account"  # prefixes of owners of files that wait for their dossier


@transaction.atomic(savepoint=False)
def file_dossier(facts: dict[str, Any], *, person: Person, actor: Actor, at: datetime) -> Dossier:
    """Draft and send in one transaction, all of it or nothing; the row is written once, as sent. Raises Refused."""
    edition = edition_of(facts["procedure"])
    said = validation.validated_filing(edition, Channel.ONLINE, facts, at=at)
    wanted = facts["documents"]
    files = staged_files([document["file"] for document in wanted], actor) if wanted else {}
    papers = validation.papers_of(edition, said.case, wanted, files)
    applicant = facts["applicant"]
    lock_calendars()
    draft, lines = complete.whole_draft(
        edition,
        person,
        at=at,
        case=said.case,
        content=said.content,
        territory=validation.territory(facts["territory"]) or person.territory,
        files=[(row.paper, row.files) for row in papers],
        method=facts["return_method"],
        return_address=facts["return_address"],
        phone=applicant["phone"] or person.phone,
        email=applicant["email"] or person.email,
        address=applicant["address"] or person.address,
        form=said.form,
        said_of_fee=said.fee_facts,
    )
    execute_transition(draft, "send", actor, at=at)
    if papers:
        add_lines(lines)
        hand_over([file for row in papers for file in row.files], draft)
    return draft


def register_waiting_places() -> None:
    """Files sent before their dossier exists wait for it."""
    for prefix in (SYSTEM, ACCOUNT):
        references.register_answers(prefix, WaitingPlace(period=lambda: timedelta(days=settings.UNUSED_FILES_DAYS)))
    references.register_records(SYSTEM, references.existing_by("exchange.ConnectedSystem", "id"))


def staging_owner(actor: Actor) -> str:
    """Owner reference of files sent before their dossier exists."""
    return f"{SYSTEM}:{actor.system}" if actor.system else f"{ACCOUNT}:{actor.account.pk if actor.account else 0}"


def staged_files(keys: list[Any], actor: Actor) -> dict[str, StoredFile]:
    """Files that the caller sent and that belong to no dossier yet, by id. Ids that are none are left out."""
    try:
        found = StoredFile.objects.present().filter(pk__in=keys, owner=staging_owner(actor))
    except ValidationError:
        return {}
    return {str(file.pk): file for file in found.select_for_update()}


def hand_over(files: list[StoredFile], dossier: Dossier) -> None:
    """Staged files become the dossier's, and are read like any other."""
    StoredFile.objects.filter(pk__in=[file.pk for file in files]).update(owner=dossier.reference)
    for file in files:
        file.owner = dossier.reference
    scans.queue_scans(files)


def edition_of(code: str) -> Edition:
    """The published edition of a code with its papers, fees and form. Raises Refused."""
    found = whole_edition(code)
    if found is None:
        raise Refused("unknown_procedure", _("Không có thủ tục này trong danh mục."), field="procedure")
    return found
