"""The legal acts of a row: each number whole, checked against the raw text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from procedures.editions.document import Facts
from vietnam.legal_acts import act_numbers_in

UNCLEAR = "act_number_unclear"


@dataclass(frozen=True)
class Acts:
    """`numbers` as the raw text has them; `misread` says which of the row's own numbers became which of these.

    A number that the raw text does not have is left out and named in `open_queries`.
    """

    numbers: list[str]
    misread: dict[str, str] = field(default_factory=dict)
    open_queries: list[Facts] = field(default_factory=list)


def acts_of(row: Mapping[str, Any]) -> Acts:
    """The acts of a row from its list of numbers and its raw text. Without a raw text the list stands as it is."""
    value, raw = row.get("legal_basis"), row.get("legal_basis_raw")
    listed = list(dict.fromkeys(str(number).strip() for number in value)) if isinstance(value, list) else []
    listed = [number for number in listed if number]
    if not isinstance(raw, str) or "\x00" in raw or not raw.strip():
        return Acts(listed)
    whole = act_numbers_in(raw)
    numbers: list[str] = []
    misread: dict[str, str] = {}
    open_queries: list[Facts] = []
    for number in listed:
        found = number if number in whole else _whole_of(number, whole)
        if found is None and act_numbers_in(number):
            open_queries.append({"kind": UNCLEAR, "path": "legal_basis", "raw": _around(number, raw)})
            continue
        numbers.append(found or number)
        if found and found != number:
            misread[number] = found
    return Acts(list(dict.fromkeys(numbers)), misread, open_queries[:1])


def _whole_of(number: str, whole: list[str]) -> str | None:
    """The one number of which this is a part, or that is a part of this; None when there is not exactly one."""
    found = [each for each in whole if each.endswith(number) or number.endswith(each) or number.startswith(each)]
    return found[0] if len(found) == 1 else None


def _around(number: str, raw: str) -> str:
    at = raw.find(number)
    return raw[max(0, at - 40) : at + len(number) + 20] if at >= 0 else number
