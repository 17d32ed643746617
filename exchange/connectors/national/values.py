"""A dossier in the portal's fields, by the mapping. Moments are yyyyMMddHHmmss in Vietnam's time."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import translation

from core.kept_queries import ANY_KEYS, Among, KeptQuery
from dossiers.lifecycle import TABLE
from dossiers.models import Dossier, DossierDocument, DossierEvent, SupplementRequest
from exchange.connectors.national.files import file_address
from payments.models import Charge
from vietnam.working_time import VIETNAM

_LOADED = ("edition__procedure", "edition__field", "settling_agency", "owner_person", "owner_enterprise", "filer")
_COLUMNS = (
    *("code", "uid", "revision", "state", "owner_name", "content", "contact_email", "contact_phone", "received_at"),
    *("due_at", "finished_at", "returned_at", "return_method", "fee_method"),
    *("edition__title", "edition__procedure__code", "edition__field__code", "edition__field__name"),
    *("settling_agency__name", "owner_person__personal_number", "owner_enterprise__tax_number"),
    "filer__personal_number",
)
_SAID = KeptQuery(
    lambda keys: Dossier.objects.filter(Among("pk", keys)).select_related(*_LOADED).only(*_COLUMNS), keys=ANY_KEYS
)
_PAPERS = KeptQuery(
    lambda dossier: DossierDocument.objects.filter(dossier=dossier).select_related("required_document"), dossier=-1
)
_SUPPLEMENTS = KeptQuery(
    lambda dossier: SupplementRequest.objects.filter(dossier=dossier).select_related("asked_by__account"), dossier=-1
)
_CHARGES = KeptQuery(lambda owner: Charge.objects.filter(owner=owner, cancelled_at=None).order_by("pk"), owner="?")


def load_dossiers(keys: Collection[int]) -> dict[int, Dossier]:
    """Dossiers by their keys, each with what is said of it to the portal, in one statement."""
    return {dossier.pk: dossier for dossier in _SAID.records(keys=list(keys))}


def dossier_item(dossier: Dossier, portal_code: str = "") -> dict[str, Any]:
    """The item of ``DongBoHoSoMC``, under the portal's own code where the dossier came from it. Takes one of
    `load_dossiers`."""
    mapping = present_mapping()
    documents = _PAPERS.records(dossier=dossier.pk)
    rows = {
        "papers": [_paper(each) for each in documents if _is_sent(each)],
        "results": [_paper(each) for each in documents if _is_result(each)],
        "supplements": [_supplement(each) for each in _SUPPLEMENTS.records(dossier=dossier.pk)],
    }
    rows["fees"] = _fees(dossier, mapping)
    lists = {name: [_mapped(mapping[kind], row) for row in rows[kind]] for name, kind in mapping["lists"].items()}
    return {**_mapped(mapping["dossier"], _dossier(dossier, mapping, portal_code)), **lists}


def compared_values(dossier: Dossier, portal_code: str = "") -> dict[str, str]:
    """What both sides must agree on, by the portal's names; lists of the item are not among it. Takes one of
    `load_dossiers`."""
    mapping = present_mapping()
    said = _mapped(mapping["dossier"], _dossier(dossier, mapping, portal_code))
    return {name: said.get(name, "") for name in mapping["compared"]}


def progress_items(dossier: Dossier, events: Iterable[DossierEvent], portal_code: str = "") -> list[dict[str, Any]]:
    """The items of ``CapNhatTienDoHoSoMC``, in the order of the history."""
    mapping = present_mapping()["progress"]
    return [_mapped(mapping, _progress(dossier, event, portal_code)) for event in events]


def present_mapping() -> dict[str, Any]:
    return _read_mapping(settings.NATIONAL_MAPPING)


@lru_cache(maxsize=4)
def _read_mapping(place: str) -> dict[str, Any]:
    path = Path(place) if place else Path(__file__).with_name("mapping.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _mapped(fields: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    return {theirs: values[ours] for theirs, ours in fields.items()}


def _dossier(dossier: Dossier, mapping: Mapping[str, Any], portal_code: str) -> dict[str, str]:
    owner = dossier.owner_enterprise or dossier.owner_person or dossier.filer
    number = getattr(owner, "tax_number", "") or getattr(owner, "personal_number", "") or ""
    edition = dossier.edition
    return {
        "code": dossier.code or "",
        "portal_code": portal_code or dossier.code or "",
        "procedure_code": edition.procedure.code,
        "procedure_name": edition.title,
        "field_code": edition.field.code,
        "field_name": edition.field.name,
        "owner_name": dossier.owner_name,
        "owner_kind": mapping["owner_kinds"]["enterprise" if dossier.owner_enterprise_id else "person"],
        "owner_number": number,
        "email": dossier.contact_email,
        "phone": dossier.contact_phone,
        "content": dossier.content,
        "received_at": moment_text(dossier.received_at),
        "due_at": moment_text(dossier.due_at),
        "state": str(dossier.state),
        "returned_at": moment_text(dossier.returned_at),
        "return_method": mapping["return_methods"][dossier.return_method],
        "finished_at": moment_text(dossier.finished_at),
        "agency_name": dossier.settling_agency.name if dossier.settling_agency else "",
    }


def _is_sent(document: DossierDocument) -> bool:
    return document.kind != DossierDocument.Kind.RESULT and document.file_id is not None


def _is_result(document: DossierDocument) -> bool:
    return (
        document.kind == DossierDocument.Kind.RESULT
        and document.issued_on is not None
        and document.withdrawn_at is None
    )


def _paper(document: DossierDocument) -> dict[str, str]:
    return {
        "name": document.name,
        "file_id": str(document.file_id or ""),
        "file_url": file_address(document.file_id) if document.file_id else "",
        "paper_code": document.required_document.key if document.required_document else "",
    }


def _supplement(request: SupplementRequest) -> dict[str, str]:
    return {
        "id": str(request.pk),
        "asked_by": request.asked_by.account.full_name if request.asked_by else "",
        "reason": request.reason,
        "asked_at": moment_text(request.asked_at),
        "answered_at": moment_text(request.answered_at),
        "is_answered": "1" if request.answered_at else "0",
        "old_due_at": moment_text(request.old_due_at),
        "new_due_at": moment_text(request.new_due_at),
    }


def _fees(dossier: Dossier, mapping: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is charged for the dossier, line by line, and whether it is paid."""
    return [
        {
            "name": str(line.get("name", "")),
            "code": "",
            "kind": mapping["fee_kinds"].get(str(line.get("kind", "")), ""),
            "amount": str(line["amount"]),
            "method": dossier.fee_method if charge.settled_at else "",
            "is_paid": "1" if charge.settled_at else "0",
            "paid_at": moment_text(charge.settled_at),
        }
        for charge in _CHARGES.records(owner=dossier.reference)
        for line in charge.lines
    ]


def _progress(dossier: Dossier, event: DossierEvent, portal_code: str) -> dict[str, str]:
    with translation.override("vi"):
        name, _comma, title = event.local_actor.partition(", ")
    rule = TABLE.get(event.action)
    return {
        "code": dossier.code or "",
        "portal_code": portal_code or dossier.code or "",
        "actor": name,
        "title": title,
        "at": moment_text(event.at),
        "agency_name": dossier.settling_agency.name if dossier.settling_agency else "",
        "action": str(rule.label) if rule else event.action,
        "state": str(event.to_state),
        "due_at": moment_text(dossier.due_at),
    }


def moment_text(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%Y%m%d%H%M%S}" if moment else ""
