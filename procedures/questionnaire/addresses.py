"""Addresses as people still write them, with districts of before July 2025, understood as today's commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vietnam.text import fold


@dataclass(frozen=True)
class Understood:
    """A commune of this province, and what stands before it in the text."""

    commune: str
    detail: str


def understood(text: str, communes: Mapping[str, str]) -> Understood | None:
    """The commune of `communes` (names by code) that a free text names, today's or a former one; None when unsure.

    Source of the successions: the table of the package vietnamadminunits (Resolutions on communes of June 2025).
    """
    # The package reads its tables when it is imported, so only when an address has to be understood.
    from vietnamadminunits import convert_address

    try:
        found = convert_address(text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # it raises these on texts that are no address
    code, name = str(found.ward_code or ""), communes.get(str(found.ward_code or ""))
    if not name or fold(name) != fold(str(found.ward)):
        return None
    return Understood(code, str(found.street or ""))
