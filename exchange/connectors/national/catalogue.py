"""The national catalogue over the portal's services: every procedure asked for, made into a row of an extract, and
given to the one import of the catalogue (procedures.importing), which names what is unclear and overrules nobody.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exchange.connectors.national import transport
from exchange.connectors.national.values import moment_text, present_mapping
from journal.outgoing_calls import CallFailed, Resting
from procedures.importing.channels import FREE, HEADINGS, NO_INFORMATION
from procedures.importing.run import import_file
from procedures.models import ImportRun
from vietnam.codes import PROCEDURE_CODE
from vietnam.text import fold

ATTEMPTS = 3  # rounds over what did not come
_REST_SECONDS, _LONGEST_REST = 15.0, 40  # how long to wait where the portal rests, and how often
_HEADING = {channel: heading for heading, channel in HEADINGS.items()}
_RESULT_CODE = re.compile(r"KQ\.[A-Y]\d{2}\.\d{3,7}")


@dataclass(frozen=True)
class Fetched:
    """The run of the import, and the codes of procedures that were listed and did not come."""

    run: ImportRun
    missing: list[str]


def fetch_catalogue(
    *, at: datetime, by: str, only: list[str] | None = None, wait: Callable[[float], None] = time.sleep
) -> Fetched:
    """Ask for all procedures that the portal lists (or `only` these) and import them.

    What does not come stays as it is here. Raises CallFailed, ServiceRefused when nothing comes at all.
    """
    names = present_mapping()["catalogue"]
    waiting = only or list(_listed_codes(names))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"national-{moment_text(at)}.jsonl"
        written = 0
        with path.open("w", encoding="utf-8") as file:
            for _round in range(ATTEMPTS):
                missing = []
                for code in waiting:
                    row = _asked(code, names, wait)
                    if row is None:
                        missing.append(code)
                    else:
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
                        written += 1
                if not (waiting := missing):
                    break
        if not written:
            raise CallFailed("the portal gave no procedure")
        return Fetched(import_file(path, by, at), waiting)


def extract_row(code: str, item: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """What ``LayThuTuc`` answers, as a row that the import reads; what it lacks is empty and becomes an open query."""
    known = names["procedure"]
    authority = _text(item.get(known["authority_words"])) or ", ".join(_named(item, known["authorities"]))
    return {
        "code": code,
        "name": _text(item.get(known["name"])),
        "ministry": _text(item.get(known["ministry"])),
        "field": next(iter(_named(item, known["fields"])), ""),
        "levels": _levels(item, names, authority),
        "kind": "TTHC",
        "applicants": [_tidy(part) for part in re.split(r"[,;]", _text(item.get(known["applicants"]))) if _tidy(part)],
        "channels_raw": "".join(_cells(item, names)),
        "documents": list(_papers(item)),
        "results": [
            {"name": _text(row.get("TENKETQUA")), "code": _result_code(row)} for row in _rows(item, "KETQUATHUCHIEN")
        ],
        "legal_basis": [number for row in _rows(item, "CANCUPHAPLY") if (number := _text(row.get("SOVANBAN")))],
        "steps": "\n".join(_steps(item)),
        "conditions": _text(item.get(known["conditions"])),
        "competent_authority": authority,
        "receiving_address": _text(item.get(known["address"])),
    }


def _listed_codes(names: Mapping[str, Any]) -> Iterator[str]:
    rows = transport.call_service(names["list"]["service"]).get("result")
    found = [_text(row.get(names["list"]["code"])) for row in rows if isinstance(row, dict)] if rows else []
    yield from dict.fromkeys(code for code in found if PROCEDURE_CODE.match(code))


def _asked(code: str, names: Mapping[str, Any], wait: Callable[[float], None]) -> dict[str, Any] | None:
    """The row of one procedure; None when it does not come."""
    asked = {names["detail"]["asked"]: code}
    for _n in range(_LONGEST_REST):
        try:
            result = transport.call_service(names["detail"]["service"], reference=f"procedure:{code}", **asked)[
                "result"
            ]
        except Resting:
            wait(_REST_SECONDS)
            continue
        except (CallFailed, transport.ServiceRefused, KeyError):
            return None
        item = result[0] if isinstance(result, list) and result else result
        return extract_row(code, item, names) if isinstance(item, dict) and item else None
    return None


def _cells(item: Mapping[str, Any], names: Mapping[str, Any]) -> Iterator[str]:
    """The ways of filing as the portal's own page writes them, which the import reads: heading, time, fee, note."""
    for way in _rows(item, "CACHTHUCTHUCHIEN"):
        heading = _HEADING.get(names["channels"].get(_text(way.get("KENH")), ""))
        for term in _rows(way, "THOIGIAN") if heading else ():
            amount, unit = _text(term.get("THOIGIANGIAIQUYET")), _text(term.get("DONVITINH"))
            limit = f"{amount} {unit}".strip() if amount else NO_INFORMATION
            yield f"{heading}{limit}{_fee(_rows(term, 'PHILEPHI'))}{_text(term.get('MOTA'))}"


def _fee(rows: list[dict[str, Any]]) -> str:
    """The first fee with its words in brackets; further ones stand there too, so that a person is asked."""
    if not rows:
        return NO_INFORMATION
    said = [(_money(row), _tidy(_text(row.get("MOTA"))).replace("(", "").replace(")", "")) for row in rows]
    words = [said[0][1], *(f"{money} {text}".strip() for money, text in said[1:])]
    inside = "; ".join(word for word in words if word)
    return f"{said[0][0]}({inside})" if inside else said[0][0]


def _money(row: Mapping[str, Any]) -> str:
    digits = re.sub(r"\D", "", _text(row.get("SOTIEN")).split(".0")[0])
    if not digits:
        return NO_INFORMATION
    currency = "USD" if "USD" in _text(row.get("DONVI")).upper() else "VNĐ"
    return f"{int(digits):,} {currency}" if int(digits) else FREE  # as extracts write money


def _papers(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for case in _rows(item, "THANHPHANHOSO"):
        for paper in _rows(case, "GIAYTO"):
            yield {
                "case": _text(case.get("TRUONGHOP")),
                "name": _text(paper.get("TENGIAYTO")),
                "form_file": _text(paper.get("TENMAUDON")) or None,
                "originals": _count(paper.get("SOBANCHINH")),
                "copies": _count(paper.get("SOBANSAO")),
            }


def _steps(item: Mapping[str, Any]) -> Iterator[str]:
    for case in _rows(item, "TRINHTUTHUCHIEN"):
        steps = [text for step in _rows(case, "TRINHTU") if (text := _text(step.get("TENTRINHTU")))]
        yield from ([heading] if (heading := _text(case.get("TRUONGHOP"))) else [])
        yield from steps


def _levels(item: Mapping[str, Any], names: Mapping[str, Any], authority: str) -> list[str]:
    """By the portal's own word or code for a level, else by the words for who settles."""
    field, words = names["procedure"]["levels"], names["levels"]
    said = [_text(row.get(field)) for row in _rows(item, field)]
    if found := [words[word] for word in said if word in words]:
        return list(dict.fromkeys(found))
    folded = f" {fold(authority)} "
    return [level for level, parts in names["level_words"].items() if any(f" {part} " in folded for part in parts)]


def _named(item: Mapping[str, Any], place: Mapping[str, str]) -> list[str]:
    rows = _rows(item, place["list"])
    return [name for row in rows if (name := _text(row.get(place["name"])))] or (
        [text] if (text := _text(item.get(place["list"]))) else []
    )


def _result_code(row: Mapping[str, Any]) -> str | None:
    found = _RESULT_CODE.fullmatch(_text(row.get("MAKETQUA")))
    return found[0] if found else None


def _rows(item: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    value = item.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).replace("\x00", "").strip()


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _count(value: Any) -> int:
    text = _text(value)
    return min(int(text), 99) if text.isascii() and text.isdigit() else 0
