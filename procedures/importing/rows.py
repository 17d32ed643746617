"""One row of an extract made into a facts document, with every open query named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from procedures.editions.document import Facts, canonical_text, problems_of
from procedures.importing import act_numbers, documents, fees, terms
from procedures.importing.channels import Cell, read_cells, unread_text
from vietnam.codes import InvalidCode, ProcedureCode
from vietnam.text import excerpt, fold

SOURCE = "npsp-import"
_LEVELS = {"Cấp tỉnh": "province", "Cấp xã": "commune", "Cấp bộ": "ministry", "Cơ quan khác": "other"}
_APPLICANTS = {
    "Công dân Việt Nam": "citizen",
    "Người Việt Nam định cư ở nước ngoài": "overseas_vietnamese",
    "Người nước ngoài": "foreigner",
    "Người nước ngoài cư trú tại Việt Nam": "foreigner",
    "Doanh nghiệp": "enterprise",
    "Doanh nghiệp Việt Nam": "enterprise",
    "Doanh nghiệp có vốn đầu tư nước ngoài": "enterprise",
    "Hợp tác xã": "cooperative",
    "Hộ kinh doanh": "household_business",
    "Tổ chức (không bao gồm doanh nghiệp, HTX)": "organisation",
    "Tổ chức nước ngoài": "foreign_organisation",
    "Tổ chức Đảng": "party_member",
    "Đảng viên": "party_member",
    "Cán bộ": "official",
    "công chức": "official",
    "viên chức": "official",
}
_RESULT_CODE = re.compile(r"\s*Mã:\s*(KQ\.[A-Y]\d{2}\.\d{3,7})\s*")
_NOTHING = frozenset({"", "không có thông tin"})


class RefusedRow(ValueError):
    """The row cannot become a procedure; the message is the reason."""


@dataclass(frozen=True)
class FieldNames:
    """Known fields by (ministry, folded name) and by folded name: key and the name shown.

    A field that nobody knows gets a key from its name; the first spelling that comes is kept for all its rows.
    """

    by_ministry: Mapping[tuple[str, str], Facts]
    by_name: dict[str, Facts]

    def find(self, ministry: str, name: str) -> Facts:
        folded = fold(name)
        if found := self.by_ministry.get((ministry, folded)):
            return found
        made = {"key": folded.replace(" ", "-")[:120].strip("-"), "name": name[:200]}
        return self.by_name.setdefault(folded, made)


def read_row(row: Mapping[str, Any], fields: FieldNames) -> Facts:
    """The facts document of a row, its open queries listed under ``doubts``. Raises RefusedRow with the reason."""
    code = _code(row)
    title = _text(row, "name")
    levels = [_LEVELS[level] for level in _texts(row, "levels") if level in _LEVELS]
    field = _text(row, "field")
    if not title:
        raise RefusedRow("the row has no name")
    if not levels:
        raise RefusedRow("the row names no level of administration")
    if not fold(field):
        raise RefusedRow("the row names no field")
    reading = _Reading(read_cells(_raw(row, "channels_raw")))
    papers = documents.read_papers([d for d in _list(row, "documents") if isinstance(d, dict)])
    acts = act_numbers.acts_of(row)
    open_queries = reading.open_queries + papers.open_queries + _further_queries(row) + acts.open_queries
    online = any(cell.channel == "online" for cell in reading.cells)
    conditions = [text for text in (_text(row, "conditions"), *papers.remarks) if fold(text) not in _NOTHING_FOLDED]
    facts: Facts = {
        "code": code,
        "field": fields.find(_text(row, "ministry"), field),
        "title": title,
        "ministry": _text(row, "ministry")[:200],
        "levels": list(dict.fromkeys(levels)),
        "applicants": list(dict.fromkeys(_APPLICANTS[a] for a in _texts(row, "applicants") if a in _APPLICANTS)),
        "online_level": {
            "value": "partial" if online else "none",
            "state": "to_be_confirmed",
            "source": SOURCE,
        },
        "cases": reading.cases,
        "terms": reading.terms,
        "fees": reading.fees,
        "documents": papers.documents,
        "results": _results(row),
        "legal_basis": acts.numbers,
        "steps": _raw(row, "steps"),
        "conditions": "\n".join(conditions),
        "decision": _known(row, "publishing_decision"),
        "authority": _known(row, "competent_authority"),
        "address": _known(row, "receiving_address"),
        "link": _known(row, "source"),
        "doubts": open_queries,
    }
    if reading.free:
        partly = {"state": "confirmed", "source": SOURCE, "channels": reading.free}
        facts["free"] = partly if reading.fees else True
    facts = canonical_text(
        {key: value for key, value in facts.items() if value not in ("", [])} | _kept(facts), source=SOURCE
    )
    if found := problems_of(facts):
        raise RefusedRow("; ".join(found)[:500])
    return facts


def _kept(facts: Facts) -> Facts:
    """Parts that a document has even when they are empty."""
    return {key: facts[key] for key in ("applicants", "terms", "fees", "documents", "results", "legal_basis")}


def _code(row: Mapping[str, Any]) -> str:
    try:
        return str(ProcedureCode.parse(_text(row, "code")))
    except InvalidCode as error:
        raise RefusedRow(f"the row has no procedure code: {_text(row, 'code')[:40]!r}") from error


class _Reading:
    """Limits, fees and their open queries of a row's cells.

    A channel that stands there more than once stands there by cases which the source does not name: the cells become
    cases in their order, and a person says whether they are.
    """

    def __init__(self, cells: list[Cell]) -> None:
        self.cells = list(dict.fromkeys(cells))
        self.cases: list[Facts] = []
        self.terms: list[Facts] = []
        self.fees: list[Facts] = []
        self.open_queries: list[Facts] = []
        free: dict[str, bool] = {}
        seen: dict[str, int] = {}
        repeated = len({cell.channel for cell in self.cells}) < len(self.cells)
        for cell in self.cells:
            seen[cell.channel] = seen.get(cell.channel, 0) + 1
            self._add(cell, f"case-{seen[cell.channel]}" if repeated else "")
            if repeated and len(self.cases) < seen[cell.channel]:
                self.cases.append(_case(seen[cell.channel], cell.note))
            free[cell.channel] = free.get(cell.channel, True) and fees.read_fee(cell).amount == 0
        # Where one case of a channel costs something, the case without a line does not.
        self.free = [channel for channel, nothing in free.items() if nothing]

    def _add(self, cell: Cell, case: str) -> None:
        term, fee = terms.read_term(cell), fees.read_fee(cell)
        path = f"terms/{len(self.terms)}"
        several = {"kind": "time_several", "proposal": {"amount": _plain(term.amount), "unit": term.unit}}
        open_query = (
            {"kind": term.open_query, "proposal": term.proposal} if term.open_query else several if case else None
        )
        self.terms.append(
            {
                "channels": [cell.channel],
                "case": case or None,
                "amount": _plain(term.amount),
                "unit": term.unit,
                "note": cell.note,
                "state": "to_be_confirmed" if open_query else "confirmed",
                "raw": cell.raw_time,
            }
        )
        if open_query:
            self.open_queries.append({**open_query, "path": path, "raw": _with_note(cell.raw_time, cell.note)})
        if fee.amount == 0:
            return
        path = f"fees/{len(self.fees)}"
        self.fees.append(
            {
                "name": _fee_name(cell.fee_text),
                "kind": fees.kind_of(cell.fee_text),
                "channels": [cell.channel],
                "case": case or None,
                "amount": fee.amount,
                "per": fees.counted_by(cell.fee_text),
                "state": "to_be_confirmed" if fee.open_queries else "confirmed",
                "raw": cell.raw_fee,
            }
        )
        proposal = {"amount": fee.proposal} if fee.proposal is not None else None
        raw = _with_note(cell.raw_fee, cell.note)
        self.open_queries += [
            {"kind": kind, "path": path, "raw": raw, "proposal": proposal} for kind in fee.open_queries
        ]


def _case(number: int, note: str) -> Facts:
    first = excerpt(" ".join(note.split()), 120)
    name = f"Trường hợp {number}" + (f": {first}" if first else "")
    return {"key": f"case-{number}", "name": name, "name_en": f"Case {number}"}


def _plain(amount: Any) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)


def _with_note(raw: str, note: str) -> str:
    return f"{raw} · {note[:500]}" if note else raw


def _fee_name(text: str) -> str:
    first = re.split(r"[:;\n]|\d{1,3}(?:[.,]\d{3})+", text, maxsplit=1)[0].strip(" -–.+*")
    return excerpt(first, 120) if fold(first) and "phí" in first.casefold() else "Phí, lệ phí"


def _further_queries(row: Mapping[str, Any]) -> list[Facts]:
    found: list[Facts] = []
    if text := unread_text(_raw(row, "channels_raw")):
        found.append({"kind": "channels_unread", "path": "terms", "raw": text[:1000]})
    elif not read_cells(_raw(row, "channels_raw")):
        found.append({"kind": "channels_missing", "path": "terms"})
    unknown = [a for a in _texts(row, "applicants") if a not in _APPLICANTS]
    if unknown:
        found.append({"kind": "applicant_unknown", "path": "applicants", "raw": ", ".join(map(str, unknown))})
    # The national portal gives internal procedures codes of their own range and no kind.
    if _text(row, "code")[:1] not in ("1", "2", "3") and not _text(row, "kind"):
        found.append({"kind": "perhaps_internal", "path": "kind", "raw": _text(row, "code")})
    return found


def _results(row: Mapping[str, Any]) -> list[Facts]:
    found = []
    for result in _list(row, "results"):
        name = result.get("name", "") if isinstance(result, dict) else str(result)
        code = result.get("code") if isinstance(result, dict) else None
        if match := _RESULT_CODE.search(name):
            code, name = code or match[1], _RESULT_CODE.sub(" ", name)
        name = " ".join(name.split())
        if name:
            found.append({"name": name, "code": code} if code else {"name": name})
    return found


def _raw(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) and "\x00" not in value else ""


def _text(row: Mapping[str, Any], key: str) -> str:
    return " ".join(_raw(row, key).split())


def _known(row: Mapping[str, Any], key: str) -> str:
    text = _text(row, key)
    return "" if text.casefold() in _NOTHING else text


_NOTHING_FOLDED = frozenset({"", "khong co thong tin", "khong", "khong co"})


def _list(row: Mapping[str, Any], key: str) -> list[Any]:
    value = row.get(key)
    return value if isinstance(value, list) else []


def _texts(row: Mapping[str, Any], key: str) -> list[str]:
    return [str(value) for value in _list(row, key)]
