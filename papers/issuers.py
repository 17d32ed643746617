"""Who issues a paper, as its head says it (Decree 30/2020/NĐ-CP, Annex I, part I, II.2 and II.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agencies.models import Agency, Territory

_KIND_OF_PLACE = re.compile(r"(?:Tỉnh|Thành phố|Phường|Xã|Đặc khu)\s+", re.IGNORECASE)
_NAMES_A_PLACE = re.compile(r"\b(?:tỉnh|thành phố|phường|xã|đặc khu)\s+\w", re.IGNORECASE)
_ENDS_WITH_KIND = re.compile(r"\b(?:tỉnh|thành phố)\Z", re.IGNORECASE)
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
        above = None if agency.kind in _COMMITTEES else agency.parent
        return cls(
            code=agency.code,
            name=full_name(agency),
            superior=_superior(above) if above else "",
            place=_place_name(agency.territory),
        )


def full_name(agency: Agency) -> str:
    """The name with its province, where the list of agencies leaves that to be understood: "Thanh tra tỉnh"."""
    if _ENDS_WITH_KIND.search(agency.name):
        return f"{agency.name} {_KIND_OF_PLACE.sub('', _province(agency.territory).name, count=1)}"
    return agency.name


def _superior(agency: Agency) -> str:
    """With the place where it sits, and common words abbreviated."""
    name = full_name(agency)
    if not _NAMES_A_PLACE.search(name):
        place = agency.territory.name
        name = f"{name} {place[0].lower()}{place[1:]}"
    return re.sub("Ủy ban nhân dân", "UBND", name, flags=re.IGNORECASE)


def _province(territory: Territory) -> Territory:
    return territory.parent or territory


def _place_name(territory: Territory) -> str:
    """Without its kind; places named by a number or after a person bear their full name."""
    bare = _KIND_OF_PLACE.sub("", territory.name, count=1)
    return territory.name if bare[:1].isdigit() or bare == "Hồ Chí Minh" else bare
