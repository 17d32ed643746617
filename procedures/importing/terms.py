"""What a time as written says: a limit for sure, or an open query with a name with a proposal."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from procedures.importing.channels import UNITS, Cell

_IN_TEXT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:\([^)]{1,40}\)\s*)?(ngày làm việc|giờ làm việc|ngày|giờ|tháng)", re.I)


@dataclass(frozen=True)
class TermReading:
    """`amount` and `unit` where certain; otherwise `open_query` names why and `proposal` is {amount, unit} or None."""

    amount: Decimal | None
    unit: str | None
    open_query: str = ""
    proposal: dict[str, Any] | None = None


def read_term(cell: Cell) -> TermReading:
    """Judge the time of a cell. A bare number may mean days, working days or "the same day", and often
    stands for nothing at all: it is never proposed, only what the note says is."""
    if cell.glued:
        return TermReading(None, None, "number_fee_glued", _told(cell.note))
    if cell.words:
        return TermReading(None, None, "time_in_words", _told(cell.words) or _told(cell.note))
    if cell.amount is None:
        return TermReading(None, None, "time_missing", _told(cell.note))
    if cell.unit is None:
        return TermReading(None, None, "time_without_unit", _told(cell.note))
    if cell.amount == 0:
        return TermReading(None, None, "time_missing", _told(cell.note))
    return TermReading(cell.amount, cell.unit)


def durations_of(text: str) -> list[tuple[Decimal, str]]:
    """The amounts of time that a text names with their units (`Unit` of a limit), in their order."""
    units = {name.casefold(): unit for name, unit in UNITS.items()}
    found = [(Decimal(match[1].replace(",", ".")), units[match[2].casefold()]) for match in _IN_TEXT.finditer(text)]
    return [(amount, unit) for amount, unit in found if amount]


def _told(text: str) -> dict[str, Any] | None:
    """The only limit that a text names."""
    found = set(durations_of(text))
    if len(found) != 1:
        return None
    amount, unit = found.pop()
    return {"amount": _number(amount), "unit": unit}


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)
