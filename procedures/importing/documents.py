"""The required papers of a row: which are asked for, which lines are remarks, and what is unclear."""

import re
from dataclasses import dataclass, field
from typing import Any

from procedures.editions.document import Facts

_SUBMIT = frozenset({"", "giấy tờ phải nộp", "thành phần hồ sơ", "hồ sơ gồm", "hồ sơ bao gồm"})
_SHOW = frozenset({"giấy tờ phải xuất trình"})
_REMARK = frozenset({"lưu ý", "ghi chú"})
UNNAMED = "Giấy tờ chưa ghi tên trong nguồn"


@dataclass
class Papers:
    documents: list[Facts] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    open_queries: list[Facts] = field(default_factory=list)


def read_papers(rows: list[dict[str, Any]]) -> Papers:
    """Read the list of papers. Each row becomes a paper or a remark; none is left out."""
    papers = Papers()
    headings: dict[str, str] = {}
    for row in rows:
        heading = _tidy(row.get("case"))
        name = _tidy(row.get("name"))
        counts = _count(row.get("originals")), _count(row.get("copies"))
        plain = heading.casefold().rstrip(":")
        if plain in _REMARK and not any(counts):
            if name:
                papers.remarks.append(name)
            continue
        key = f"paper-{len(papers.documents) + 1}"
        document: Facts = {
            "key": key,
            "name": name or UNNAMED,
            "originals": counts[0],
            "copies": counts[1],
            "required": any(counts),
            "kind": "show" if plain in _SHOW else "submit",
            "state": "confirmed",
        }
        if form := _tidy(row.get("form_file")):
            document["form"] = form[:300]
        if plain not in _SUBMIT | _SHOW | _REMARK:
            document["when"] = heading
            document["required"] = False
            headings.setdefault(heading, key)
        if not name:
            document["state"] = "to_be_confirmed"
            papers.open_queries.append(
                {"kind": "document_without_name", "path": f"documents/{key}", "raw": f"{heading} {counts}".strip()}
            )
        elif not any(counts):
            document["state"] = "to_be_confirmed"
            papers.open_queries.append({"kind": "document_without_number", "path": f"documents/{key}", "raw": name})
        papers.documents.append(document)
    papers.open_queries += [
        {"kind": "case_heading", "path": f"headings/{number}", "raw": heading, "proposal": {"value": "condition"}}
        for number, heading in enumerate(headings, start=1)
    ]
    if not papers.documents:
        papers.open_queries.append({"kind": "documents_missing", "path": "documents"})
    return papers


def _count(value: Any) -> int:
    return min(int(value), 99) if isinstance(value, int | float) and value > 0 else 0


def _tidy(value: Any) -> str:
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""
