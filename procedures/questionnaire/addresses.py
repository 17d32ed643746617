"""Addresses as people still write them, with districts of before July 2025, understood as today's commune.

Read from tables only: the converter of the package vietnamadminunits sends an address to an online geocoder when its
commune was split, so it is never called; its parser and its table of successions are used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from vietnam.text import fold

# "P. Võ Cường, TP. Bắc Ninh": what stands before a name on letters.
_KINDS = {"p": "phường", "x": "xã", "tt": "thị trấn", "q": "quận", "h": "huyện", "tx": "thị xã", "tp": "thành phố"}
_ABBREVIATED = re.compile(r"\b(tt|tx|tp|p|x|q|h)(?:\.\s*|\s+)(?=[^\W\d_])", re.IGNORECASE)


@dataclass(frozen=True)
class Understood:
    """A commune of this province, and what stands before it in the text."""

    commune: str
    detail: str


def understood(text: str, communes: Mapping[str, str]) -> Understood | None:
    """The commune of `communes` (names by code) that a free text names, today's or a former one; None when unsure.

    A former commune whose area went to several of today's is unsure: only who lives there knows which.
    Source of the successions: the table of the package vietnamadminunits (Resolutions on communes of June 2025).
    """
    written = _ABBREVIATED.sub(lambda found: _KINDS[found[1].lower()] + " ", text)
    try:
        unit = _former(written) or _present(written)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return None  # the parser raises these on texts that are no address
    if unit is None or fold(communes.get(str(unit.ward_code), "")) != fold(unit.ward):
        return None
    return Understood(str(unit.ward_code), _as_written(str(unit.street or ""), text))


def _as_written(street: str, text: str) -> str:
    """The street with the letters of the text: the parser writes "SN 12, khu Đông" as "Sn 12, Khu Đông"."""
    head = ", ".join(part.strip() for part in text.split(",")[: street.count(",") + 1])
    return head if fold(head) == fold(street) else street


def _former(text: str) -> Any | None:
    """Today's commune (with the street) of a text that names a commune together with its former district."""
    unit = _parse(text, "LEGACY")
    if not unit.ward_key:
        return None
    former = f"{unit.province_key}_{unit.district_key}_{unit.ward_key}"
    successor = _successors().get(former)
    if successor is None:
        return None
    today = _parse(",".join(successor), "FROM_2025")
    today.street = unit.street
    return today if today.ward_key == successor[0] else None


def _present(text: str) -> Any | None:
    """The commune of today that a text names in full; some bear the name of the district that they were in."""
    unit = _parse(text, "FROM_2025")
    if not unit.ward_key or fold(unit.ward) not in fold(text):
        return None
    former = _parse(text, "LEGACY")
    parts = {fold(part) for part in text.split(",")}
    if former.ward_key or (former.district_key and fold(unit.ward) not in parts):
        return None
    return unit


def _parse(text: str, mode: str) -> Any:
    # The package reads its tables when it is imported, so only when an address has to be understood.
    from vietnamadminunits import parse_address

    return parse_address(text, mode=mode, keep_street=True)


@cache
def _successors() -> dict[str, tuple[str, str]]:
    """(commune, province) of today by the key of each former commune that went to one of them as a whole."""
    table = files("vietnamadminunits").joinpath("data/converter_2025.json").read_text(encoding="utf-8")
    by_province = json.loads(table)["DICT_PROVINCE_WARD_NO_DIVIDED"]
    return {
        former: (commune, province)
        for province, communes in by_province.items()
        for commune, formers in communes.items()
        for former in formers
    }
