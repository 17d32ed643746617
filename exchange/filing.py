"""Filing on behalf of a person whom a connected system knows."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Person
from agencies.models import Territory
from digitization.models import StoredFile
from dossiers import filing
from dossiers.lifecycle import Refused, perform
from dossiers.models import Dossier
from procedures.models import Edition


@transaction.atomic
def file_dossier(facts: dict[str, Any], *, person: Person, actor: Actor, key: str, at: datetime) -> Dossier:
    """Draft and send in one transaction; all of it or nothing. Raises Refused."""
    edition = Edition.objects.filter(
        procedure__code=facts["procedure"], status=Edition.Status.PUBLISHED
    ).first()
    if edition is None:
        raise Refused("unknown_procedure", _("Không có thủ tục này trong danh mục."), field="procedure")
    draft = filing.start_draft(edition, person, key=key, at=at)
    applicant = facts["applicant"]
    filing.save_applicant(
        draft,
        ground="self",
        owner=person,
        note="",
        phone=applicant["phone"] or person.phone,
        email=applicant["email"] or person.email,
        address=applicant["address"] or person.address,
    )
    territory = Territory.objects.filter(code=facts["territory"], valid_to__isnull=True).first()
    filing.save_request(
        draft,
        case=facts["case"],
        content=facts["content"],
        territory=territory or person.territory,
        quantities={},
    )
    _attach(draft, facts["documents"], actor)
    filing.save_return(
        draft, method=facts["return_method"], desk=_return_desk(draft), address=facts["return_address"]
    )
    draft.refresh_from_db()
    perform(draft, "send", actor, at=at)
    return draft


def _return_desk(draft: Dossier) -> Any:
    draft.refresh_from_db()
    return draft.return_desk


def _attach(draft: Dossier, documents: list[dict[str, Any]], actor: Actor) -> None:
    required = {d.key: d for d in filing.required_documents(draft)}
    for given in documents:
        paper = required.get(given["key"])
        file = StoredFile.objects.filter(pk=given["file"], owner=staging_owner(actor)).first()
        if paper is None or file is None:
            raise Refused(
                "unknown_document", _("Không rõ giấy tờ hoặc tệp: %s.") % given["key"], field="documents"
            )
        StoredFile.objects.filter(pk=file.pk).update(owner=draft.reference)
        filing.attach(draft, paper, file)


def staging_owner(actor: Actor) -> str:
    """Owner reference of files sent before their dossier exists."""
    return f"system:{actor.system}" if actor.system else f"account:{actor.account.pk if actor.account else 0}"
