"""Computed answers: a small closed set of calculations, never code that somebody wrote.

``sum(a, b.amount)``, ``product(a, b)``, ``count(members)``, ``age(child.birth_date)``. A name is a question's id, with
the column of a table or the part of a person behind a dot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite, prod
from typing import Any

from vietnam.dates import is_partial_date

FUNCTIONS = ("sum", "product", "count", "age")
_EXACT = 2**53
_CALL = re.compile(r"\s*([a-z]+)\s*\(\s*([a-z][a-z0-9_.]*(?:\s*,\s*[a-z][a-z0-9_.]*)*)\s*\)\s*\Z")


class UnreadableFormula(ValueError):
    """The text is no formula of the set."""


@dataclass(frozen=True, slots=True)
class Formula:
    function: str
    names: tuple[tuple[str, str], ...]  # (question, part or column; empty: the answer itself)


def read_formula(text: str) -> Formula:
    """Raises UnreadableFormula."""
    match = _CALL.match(text)
    if not match or match[1] not in FUNCTIONS:
        raise UnreadableFormula(text)
    names = []
    for name in match[2].split(","):
        question, _dot, part = name.strip().partition(".")
        if not question or "." in part:
            raise UnreadableFormula(text)
        names.append((question, part))
    if match[1] in ("count", "age") and len(names) != 1:
        raise UnreadableFormula(text)
    return Formula(match[1], tuple(names))


def compute_formula(formula: Formula, values: Mapping[str, Any], today: date) -> int | float | None:
    """The computed answer; None while an answer that it needs is missing. Ages in full years at `today`."""
    found = [_found(values, question, part) for question, part in formula.names]
    if formula.function == "count":
        return len(found[0])
    if formula.function == "age":
        return _age(found[0][0], today) if found[0] else None
    amounts = (n for group in found for n in group if isinstance(n, int | float) and not isinstance(n, bool))
    numbers = [_decimal(n) for n in amounts]
    if not numbers or (formula.function == "product" and not all(found)):
        return None
    total = sum(numbers, Decimal(0)) if formula.function == "sum" else prod(numbers)
    counted = float(total)
    if not isfinite(counted):
        return None
    return int(counted) if total == int(total) else counted


def _decimal(number: int | float) -> Decimal:
    """Beyond 2^53 as a browser reads it, which knows no larger whole numbers; such an answer is refused in any case."""
    return Decimal(number) if isinstance(number, int) and abs(number) <= _EXACT else Decimal(str(float(number)))


def _found(values: Mapping[str, Any], question: str, part: str) -> list[Any]:
    """All the answers that a name stands for."""
    value = values.get(question)
    rows = value if isinstance(value, list) else [value]
    if part:
        rows = [row.get(part) for row in rows if isinstance(row, Mapping)]
    return [row for row in rows if row is not None]


def _age(born: Any, today: date) -> int | None:
    """Of a day of birth of which only the month or year is known, None where that leaves the age open."""
    if not isinstance(born, str) or not is_partial_date(born):
        return None  # a text that could not be read as a day
    year, *rest = map(int, born.split("-"))
    known = (today.month, today.day)[: len(rest)]
    if len(rest) < 2 and known == tuple(rest):
        return None  # the birthday of this year may have been, or not
    return max(today.year - year - (known < tuple(rest)), 0)
