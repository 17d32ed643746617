"""Who issues a paper, as its head says it (Decree 30/2020/NĐ-CP, Annex I)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agencies.models import Agency

_KIND_OF_PLACE = re.compile(r"^(?:Tỉnh|Thành phố|Phường|Xã|Đặc khu)\s+", re.IGNORECASE)
# These put no superior agency above their own name.
_COMMITTEES = (Agency.Kind.PROVINCIAL_PC, Agency.Kind.COMMUNE_PC)


@dataclass(frozen=True)
class Issuer:
    """`superior` is the line above the name (may be empty), `place` the one of the date line (may be empty)."""

    code: str
    name: str
    superior: str = ""
    place: str = ""

    @classmethod
    def of(cls, agency: Agency) -> Issuer:
        superior = "" if agency.kind in _COMMITTEES or agency.parent is None else agency.parent.name
        return cls(code=agency.code, name=agency.name, superior=superior, place=_place_of(agency))


def _place_of(agency: Agency) -> str:
    """An agency of the province dates from the province, one of a commune from the commune."""
    territory = agency.territory
    if not agency.of_commune and territory.parent is not None:
        territory = territory.parent
    return _KIND_OF_PLACE.sub("", territory.name)
