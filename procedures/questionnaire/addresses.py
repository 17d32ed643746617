"""Addresses as people still write them, with districts of before July 2025, understood as today's commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    from vietnamadminunits import parse_address

    try:
        before = parse_address(text, mode="LEGACY")
        # Read as one of today, a former address makes the district's name the commune.
        found = _succession(before) if before.ward_key else parse_address(text, mode="FROM_2025")
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # it raises these on texts that are no address
    code = str(found.ward_code or "") if found else ""
    name = communes.get(code)
    if not found or not name or fold(name) != fold(str(found.ward)):
        return None
    if not before.ward_key and fold(name) not in {fold(part) for part in text.split(",")}:
        return None  # only guessed from the province's or the district's name
    return Understood(code, str((before if before.ward_key else found).street or ""))


def _succession(former: Any) -> Any | None:
    """The unit of today that a former commune (as the package parses it) went to whole; None when it was divided."""
    from vietnamadminunits import convert_address
    from vietnamadminunits.converter.converter_2025 import DICT_PROVINCE_WARD_DIVIDED

    key = f"{former.province_key}_{former.district_key}_{former.ward_key}"
    if any(key in divided for divided in DICT_PROVINCE_WARD_DIVIDED.values()):
        return None
    # Never with the street: for a divided commune the package would send the whole address to a geocoder on the net.
    return convert_address(f"{former.ward}, {former.district}, {former.province}")
