"""What an item of the portal says of a dossier filed there, in our words, by the mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.refusals import Refused
from exchange.connectors.national.values import present_mapping
from vietnam.codes import PROCEDURE_CODE


@dataclass(frozen=True)
class SentFile:
    """A file at the portal: its id there, what it is called, which paper it is, where it is fetched."""

    id: str
    name: str
    paper: str
    address: str


@dataclass(frozen=True)
class Application:
    """A dossier as its applicant filed it at the portal. `filer_*` are empty where the owner filed it in person."""

    external_id: str
    version: str
    procedure: str
    case: str
    content: str
    is_enterprise: bool
    owner_name: str
    owner_number: str
    owner_founded_on: str  # of a body without a tax number, whose number is that of the decision that founded it
    owner_founded_by: str
    owner_country: str
    filer_name: str
    filer_number: str
    email: str
    phone: str
    address: str
    territory: str
    state: str
    return_by_post: bool
    return_address: str
    files: tuple[SentFile, ...]
    answers: Mapping[str, str]  # to requests for supplements, by our number of the request


def application_of(item: Mapping[str, Any]) -> Application:
    """Raises Refused when the item names no dossier or no procedure."""
    mapping = present_mapping()
    inbox = mapping["inbox"]

    def text(value: str) -> str:
        return _text(item.get(inbox["dossier"].get(value, "")))

    external_id = _text(item.get(inbox["list"]["code"]))
    if not external_id or len(external_id) > 80:
        raise Refused("no_code", _("Cổng quốc gia gửi hồ sơ không có mã."))
    code = PROCEDURE_CODE.match(text("procedure"))
    if code is None:
        sentence = _("Hồ sơ không ghi mã thủ tục đọc được (trường %(field)s). Hãy xem lại bảng ánh xạ.")
        raise Refused("no_procedure", sentence % {"field": inbox["dossier"]["procedure"]})
    return Application(
        external_id=external_id,
        version=text("version")[:40],
        procedure=code["root"],
        case=text("case"),
        content=text("content")[:500],
        is_enterprise=text("owner_kind") == mapping["owner_kinds"]["enterprise"],
        owner_name=text("owner_name"),
        owner_number=text("owner_number"),
        owner_founded_on=text("owner_founded_on"),
        owner_founded_by=text("owner_founded_by"),
        owner_country=text("owner_country"),
        filer_name=text("filer_name"),
        filer_number=text("filer_number"),
        email=text("email"),
        phone=text("phone"),
        address=text("address")[:300],
        territory=text("territory"),
        state=text("state"),
        return_by_post=text("return_method") == mapping["return_methods"]["post"],
        return_address=text("return_address")[:300],
        files=_files(item, inbox["files"]),
        answers=_answers(item, mapping),
    )


def _files(item: Mapping[str, Any], names: Mapping[str, str]) -> tuple[SentFile, ...]:
    return tuple(
        SentFile(
            id=_text(row.get(names["id"])),
            name=_text(row.get(names["name"])),
            paper=_text(row.get(names["paper"])),
            address=_text(row.get(names["address"])),
        )
        for row in _rows(item.get(names["list"]))
        if _text(row.get(names["id"])) and _text(row.get(names["gone"])).lower() not in ("1", "true")
    )


def _answers(item: Mapping[str, Any], mapping: Mapping[str, Any]) -> dict[str, str]:
    names = mapping["inbox"]["supplements"]
    number = next(theirs for theirs, ours in mapping["supplements"].items() if ours == "id")
    rows = _rows(item.get(names["list"]))
    return {_text(row.get(number)): answer for row in rows if (answer := _text(row.get(names["answer"])))}


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A text without what the database does not keep; numbers as they are written."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).replace("\x00", "").strip()
