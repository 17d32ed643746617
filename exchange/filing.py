"""Filing on behalf of a person whom a connected system knows."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Person
from agencies.models import Territory
from digitization import scans
from digitization.models import StoredFile
from dossiers import filing_at_once
from dossiers.lifecycle import Refused, perform
from dossiers.models import Dossier
from procedures.models import Edition, RequiredDocument


@transaction.atomic(savepoint=False)
def file_dossier(facts: dict[str, Any], *, person: Person, actor: Actor, at: datetime) -> Dossier:
    """Draft and send in one transaction; all of it or nothing. Raises Refused."""
    edition = _edition(facts["procedure"])
    files = _files(edition, facts["documents"], actor)
    applicant = facts["applicant"]
    draft = filing_at_once.draft_whole(
        edition,
        person,
        at=at,
        case=_case(edition, facts["case"]),
        content=facts["content"],
        territory=_territory(facts["territory"]) or person.territory,
        files=files,
        method=facts["return_method"],
        return_address=facts["return_address"],
        phone=applicant["phone"] or person.phone,
        email=applicant["email"] or person.email,
        address=applicant["address"] or person.address,
    )
    if files:
        hand_over([file for _paper, file in files if file], draft)
    perform(draft, "send", actor, at=at)
    return draft


def staging_owner(actor: Actor) -> str:
    """Owner reference of files sent before their dossier exists."""
    return f"system:{actor.system}" if actor.system else f"account:{actor.account.pk if actor.account else 0}"


def staged(keys: list[Any], actor: Actor) -> dict[str, StoredFile]:
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
        scans.queue(file)


def _edition(code: str) -> Edition:
    current = Edition.objects.filter(procedure__code=code, status=Edition.Status.PUBLISHED).values_list("pk", flat=True)
    pk = next(iter(current[:1]), None)
    if pk is None:
        raise Refused("unknown_procedure", _("Không có thủ tục này trong danh mục."), field="procedure")
    return _whole_edition(pk)


@lru_cache(maxsize=512)
def _whole_edition(pk: int) -> Edition:
    """Editions are immutable, so each process reads one once."""
    editions = Edition.objects.select_related("procedure", "field").prefetch_related("documents", "fee_lines")
    return editions.get(pk=pk)


def _case(edition: Edition, case: str) -> str:
    cases = {known["key"] for known in edition.facts.get("cases") or []}
    if case and case not in cases:
        raise Refused("unknown_case", _("Thủ tục không có trường hợp này."), field="case")
    return case


def _territory(code: str) -> Territory | None:
    if not code:
        return None
    territory = Territory.objects.filter(code=code, valid_to__isnull=True).first()
    if territory is None:
        raise Refused("unknown_territory", _("Không có xã, phường mang mã này."), field="territory")
    return territory


def _files(
    edition: Edition, given: list[dict[str, Any]], actor: Actor
) -> list[tuple[RequiredDocument, StoredFile | None]]:
    if not given:
        return []
    required = {paper.key: paper for paper in edition.documents.all()}
    files = staged([document["file"] for document in given], actor)
    found = {}
    for document in given:
        paper, file = required.get(document["key"]), files.get(str(document["file"]))
        if paper is None or file is None:
            raise Refused("unknown_document", _("Không rõ giấy tờ hoặc tệp: %s.") % document["key"], field="documents")
        found[paper.pk] = (paper, file)
    return list(found.values())
