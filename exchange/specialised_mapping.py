"""Which field of a specialised system means what: kept by administrators, tried on a dossier before it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import yaml
from django.utils.translation import gettext as _

from core.refusals import Refused
from dossiers.models import Dossier, Outcome
from vietnam.codes import PROCEDURE_CODE
from vietnam.working_time import VIETNAM

EXAMPLE = """\
procedures: ["1.013228"]
dossier: {maHoSo: code, maThuTuc: procedure, truongHop: case, noiDung: content, tenChuHoSo: owner_name,
  soDinhDanh: owner_number, dienThoai: phone, diaChi: address, ngayTiepNhan: received_at, hanTra: due_at,
  lanSua: revision}
answer: {version: phienBan, status: trangThai, note: ghiChu, result: ketQua}
result: {name: tenVanBan, outcome: ketLuan, text: noiDung, number: soKyHieu, file: diaChiTep}
statuses: {DANG_THAM_DINH: Đang thẩm định, DA_XONG: Đã xong}
outcomes: {CAP: granted, TU_CHOI: refused}
"""
LONGEST_STATUS = 200
_ANSWER, _RESULT = ("version", "status", "note", "result"), ("name", "outcome", "text", "number", "file")


@dataclass(frozen=True)
class Rules:
    """`dossier`: their field -> our value; `answer`, `result`: our word -> their field."""

    procedures: tuple[str, ...]
    dossier: Mapping[str, str]
    answer: Mapping[str, str]
    result: Mapping[str, str]
    statuses: Mapping[str, str]
    outcomes: Mapping[str, str]


@dataclass(frozen=True)
class Heard:
    """How a dossier stands there. `result` is empty until there is one."""

    version: str
    status: str
    note: str
    result: Mapping[str, str]


@lru_cache(maxsize=16)
def read_rules(text: str) -> Rules:
    """Rules from their YAML, read once. Raises Refused with what is wrong."""
    try:
        # Texts only: codes such as 04663 and 1.003460 would become other numbers.
        said = yaml.load(text, Loader=yaml.BaseLoader) or {}  # noqa: S506 - makes texts, lists and tables only
    except yaml.YAMLError as error:
        raise Refused(
            "bad_yaml", _("Bảng ánh xạ không phải YAML đọc được: %s") % str(error)[:200], field="mapping"
        ) from None
    parts = ("procedures", "dossier", "answer", "result", "statuses", "outcomes")
    if not isinstance(said, dict) or set(said) - set(parts):
        raise _wrong(", ".join(sorted(map(str, set(said) - set(parts)))) if isinstance(said, dict) else text[:40])
    codes = said.get("procedures")
    if not isinstance(codes, list) or not codes or not all(PROCEDURE_CODE.match(str(code)) for code in codes):
        raise _wrong("procedures")
    tables: dict[str, dict[str, str]] = {}
    for name in parts[1:]:
        table = said.get(name) or {}
        if not isinstance(table, dict):
            raise _wrong(name)
        tables[name] = {str(key): str(value) for key, value in table.items()}
    for name, known in (("answer", _ANSWER), ("result", _RESULT)):
        if unknown := set(tables[name]) - set(known):
            raise _wrong(f"{name}: {', '.join(sorted(unknown))}")
    if unknown := set(tables["dossier"].values()) - set(said_of(None)):
        raise _wrong(f"dossier: {', '.join(sorted(unknown))}")
    if (
        "version" not in tables["answer"]
        or "status" not in tables["answer"]
        or "code" not in tables["dossier"].values()
    ):
        raise _wrong("answer: version, status; dossier: code")
    if unknown := set(tables["outcomes"].values()) - set(Outcome.values):
        raise _wrong(f"outcomes: {', '.join(sorted(unknown))}")
    return Rules(tuple(map(str, codes)), **tables)


def _wrong(what: str) -> Refused:
    return Refused("bad_mapping", _("Bảng ánh xạ viết sai: %s.") % what, field="mapping")


def said_of(dossier: Dossier | None) -> dict[str, Any]:
    """Our values of a dossier by their names; the names alone without one."""
    if dossier is None:
        dossier = Dossier()
        edition = owner = None
    else:
        edition, owner = dossier.edition, dossier.owner_enterprise or dossier.owner_person
    number = getattr(owner, "number", None) or getattr(owner, "stated_number", None) or ""
    return {
        "code": dossier.code or "",
        "revision": dossier.revision,
        "procedure": edition.procedure.code if edition else "",
        "title": edition.title if edition else "",
        "case": dossier.case,
        "content": dossier.content,
        "owner_name": dossier.owner_name,
        "owner_number": number,
        "phone": dossier.contact_phone,
        "email": dossier.contact_email,
        "address": dossier.contact_address,
        "state": dossier.state,
        "received_at": _moment(dossier.received_at),
        "due_at": _moment(dossier.due_at),
        "agency": dossier.settling_agency.code if dossier.settling_agency_id and dossier.settling_agency else "",
    }


def _moment(moment: datetime | None) -> str | None:
    """In Vietnam's time, so that its first ten characters are the day that everybody means."""
    return moment.astimezone(VIETNAM).isoformat() if moment else None


def pushed_item(dossier: Dossier, rules: Rules) -> dict[str, Any]:
    """What their system is given."""
    said = said_of(dossier)
    return {theirs: said[ours] for theirs, ours in rules.dossier.items()}


def heard_from(answer: Mapping[str, Any], rules: Rules) -> Heard:
    """What an answer of theirs means to us.

    Raises Refused when it lacks version or status, or when its result says something that the mapping does not know:
    a refusal must never become a grant.
    """
    found = {name: answer.get(field) for name, field in rules.answer.items()}
    version, status = _text(found.get("version")), _text(found.get("status"))
    if not version or not status:
        raise Refused("no_status", _("Câu trả lời thiếu phiên bản hoặc trạng thái."))
    given = found.get("result")
    result = {}
    if isinstance(given, Mapping):
        result = {name: text for name, field in rules.result.items() if (text := _text(given.get(field)))}
    if result and "outcome" in rules.result:
        word = result.get("outcome", "")
        if word not in rules.outcomes:
            raise Refused("unknown_outcome", _("Kết luận “%s” không có trong bảng ánh xạ (outcomes).") % word[:60])
        result["outcome"] = rules.outcomes[word]
    return Heard(
        version[:80], rules.statuses.get(status, status)[:LONGEST_STATUS], _text(found.get("note"))[:500], result
    )


def status_words(mapping: str) -> dict[str, str]:
    """In words what a kept status may be: one of the mapping's words, or a code that the mapping has learnt since.
    Empty where the mapping cannot be read any more."""
    try:
        rules = read_rules(mapping)
    except Refused:
        return {}
    words = {code: said[:LONGEST_STATUS] for code, said in rules.statuses.items()}
    return {said: said for said in words.values()} | words


def status_in_words(kept: str, mapping: str) -> str:
    """How a dossier stands there by the mapping as it is now, and what to do about a status that it does not know."""
    words = status_words(mapping)
    if not kept or kept in words:
        return words.get(kept, "")
    return _(
        "phần mềm báo “%(code)s”, cổng chưa biết nghĩa là gì. Hãy hỏi đội phần mềm; quản trị viên thêm trạng thái này "
        "vào bảng ánh xạ."
    ) % {"code": kept}


def _text(value: Any) -> str:
    return (
        str(value).replace("\x00", "").strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    )
