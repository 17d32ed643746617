"""What a scanned paper says of itself, proposed to a person: its number, day, end of validity, and which paper it is.

Nothing here decides: a proposal stands in a form until somebody has compared it with the paper.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from vietnam.text import fold

# "Số: 12/2026/GP-UBND", "Số 0123/QĐ-STP"; read letters may stand apart.
_NUMBER = re.compile(r"(?:^|\s)[Ss]ố\s*[:.]?\s*(\d{1,6}\s*/\s*[\dA-ZĐƯ][\w.&-]*(?:\s*[/-]\s*[\w&.-]+)*)", re.MULTILINE)
_LONG_DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SHORT_DAY = r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})"
_ANY_DAY = rf"(?:ngày\s+(\d{{1,2}})\s+tháng\s+(\d{{1,2}})\s+năm\s+(\d{{4}})|{_SHORT_DAY})"
_ENDS = re.compile(
    r"(?:có giá trị|giá trị sử dụng|có hiệu lực|hiệu lực|thời hạn|có thời hạn|ngày hết hạn|hết hạn)"
    rf"(?:\s+(?:đến hết|đến|tới|ngày|hết|sử dụng))*\s*:?\s*{_ANY_DAY}",
    re.IGNORECASE,
)
_LOOKED_AT = 20_000  # characters; what a paper says of itself stands on its first pages
_LEAST_SHARED = 0.6  # of a name's words that the paper must show


@dataclass(frozen=True)
class Proposed:
    """What was found; empty and None where nothing was."""

    number: str = ""
    issued_on: date | None = None
    valid_to: date | None = None

    def as_facts(self) -> dict[str, Any]:
        """For a JSON column, days in ISO form; what was not found is left out."""
        found = {key: value for key, value in asdict(self).items() if value}
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in found.items()}


def proposed_of(facts: dict[str, Any]) -> Proposed:
    """The proposal kept by `as_facts`."""
    days = {key: date.fromisoformat(facts[key]) for key in ("issued_on", "valid_to") if facts.get(key)}
    return Proposed(number=str(facts.get("number", "")), **days)


def propose_fields(text: str) -> Proposed:
    """From the recognised text of a paper: the first number and the first day written out, and the day it ends."""
    text = text[:_LOOKED_AT]
    number, day, ends = _NUMBER.search(text), _LONG_DAY.search(text), _ENDS.search(text)
    issued_on = _day(day.groups()) if day else None
    valid_to = _day([part for part in ends.groups() if part]) if ends else None
    if issued_on is not None and issued_on == valid_to:  # the only day it names is its end
        issued_on = None
    return Proposed(re.sub(r"\s+", "", number.group(1)).rstrip(".-") if number else "", issued_on, valid_to)


def best_name(text: str, names: Sequence[str]) -> int | None:
    """Which of `names` the text is most likely a paper of, by the words of the name at its head; None when unsure."""
    head = set(fold(text[:1500]).split())
    scores = []
    for name in names:
        words = {word for word in fold(name).split() if len(word) > 1}
        scores.append(len(words & head) / len(words) if words else 0.0)
    best = max(scores, default=0.0)
    if best < _LEAST_SHARED or scores.count(best) > 1:
        return None
    return scores.index(best)


def _day(parts: Sequence[str]) -> date | None:
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None
