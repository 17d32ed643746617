"""Who does a step, from the words of a decision's table. What has no clear reading stays open for a person."""

import re
from dataclasses import dataclass

from vietnam.text import fold

# Folded words and the role they mean; an actor whose words mean more than one role is not read.
_ROLES = (
    ("counter", r"\b(mot cua|trung tam phuc vu hanh chinh cong|tt ?pv ?hcc|bo phan tiep nhan|tiep nhan va tra)\b"),
    ("unit_head", r"\b(lanh dao|truong|pho truong) (cac )?phong\b"),
    ("leader", r"\b(lanh dao (so|co quan|don vi|ban|ubnd|uy ban)|giam doc|pho giam doc|chu tich|pho chu tich)\b"),
    ("clerk", r"\bvan thu\b"),
    ("officer", r"\b(chuyen vien|can bo thu ly|cong chuc (thu ly|xu ly|chuyen mon|phong chuyen mon))\b"),
)
_ASKED = re.compile(r"\b(duoc (xin|lay|hoi) y kien|lay y kien|co quan phoi hop|cac so ban nganh)\b")
_PROVINCE = re.compile(r"^(chu tich |lanh dao )?(ubnd|uy ban nhan dan) tinh\b")


@dataclass(frozen=True)
class Reading:
    """`asked`: bodies that give an opinion. Otherwise a role, empty when it is not clear; `agency_key` where the
    words name another agency than the settling one."""

    role: str = ""
    agency_key: str = ""
    asked: bool = False
    roles: tuple[str, ...] = ()  # all that the words could mean


def read_actor(text: str) -> Reading:
    said = fold(text)
    if _ASKED.search(said):
        return Reading(asked=True)
    if _PROVINCE.match(said):
        return Reading("leader", "provincial_pc", roles=("leader",))
    roles = tuple(role for role, words in _ROLES if re.search(words, said))
    return Reading(roles[0] if len(roles) == 1 else "", roles=roles)
