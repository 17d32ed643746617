"""The decision or licence that founded a body: its number, its day and who issued it.

Every authority counts its documents from 1 each year (Decree 30/2020, art. 15), so that a number alone names nothing:
"123/QĐ-UBND" is issued by each province, each commune and each year anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from vietnam.dates import format_date
from vietnam.documents import VIETNAM
from vietnam.identity import Fault, InvalidNumber
from vietnam.text import fold
from vietnam.typed import plain_characters

LONGEST_DECISION = 60
LONGEST_ISSUER = 200
LONGEST_KEY = 400  # short words are written out
_DECISION = re.compile(r"(?=.*[0-9])[^\W_]+(?:[ ./\-&][^\W_]+)*")

# How people shorten the words of an authority's name.
_SHORT = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "mttq": "mat tran to quoc",
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "hcm": "ho chi minh",
    "tphcm": "thanh pho ho chi minh",
    "vn": "viet nam",
}
_PLACES = {"p": "phuong", "x": "xa", "q": "quan", "h": "huyen", "t": "tinh"}  # behind "Ủy ban nhân dân" only
# Who signs for an authority; the number is one of the authority's own series.
_SIGNS = ("chu tich", "bo truong", "tong giam doc", "giam doc")
_SPELT = re.compile(r"\b[a-z](?: [a-z]\b){2,}")  # u.b.n.d


@dataclass(frozen=True, slots=True)
class FoundingDecision:
    """Number, country (ISO 3166, two letters), day and issuing authority; of the last two what is known."""

    number: str
    country: str = VIETNAM
    day: date | None = None
    issuer: str = ""

    @classmethod
    def parse(cls, number: str, country: str = VIETNAM, day: date | None = None, issuer: str = "") -> FoundingDecision:
        """Raises `vietnam.identity.InvalidNumber`."""
        written = " ".join(plain_characters(issuer).split())
        return cls(decision_number(number), country, day, written if fold(written) else "")

    @property
    def issuer_key(self) -> str:
        return issuer_key(self.issuer)

    @property
    def is_whole(self) -> bool:
        """Whether it names one decision and no other."""
        return bool(self.day and self.issuer)

    def __str__(self) -> str:
        """As papers print it: "12/QĐ-UBND ngày 05/03/2019 của UBND tỉnh Bắc Ninh"."""
        day = f" ngày {format_date(self.day)}" if self.day else ""
        return f"{self.number}{day}" + (f" của {self.issuer}" if self.issuer else "")


def decision_number(text: str) -> str:
    """The number of a decision or licence: " 123 / qđ-ubnd " → "123/QĐ-UBND". Raises `InvalidNumber`."""
    plain = re.sub(r"\s*([./\-&])\s*", r"\1", " ".join(plain_characters(text).split())).upper()
    if len(plain) > LONGEST_DECISION or len(plain) < 2:
        raise InvalidNumber(Fault.LENGTH, text)
    if not _DECISION.fullmatch(plain):
        raise InvalidNumber(Fault.CHARACTERS, text)
    return plain


def issuer_key(text: str) -> str:
    """One key for one authority, however it is spelt; for comparing, never shown.

    "UBND tỉnh Bắc Ninh", "Uỷ ban nhân dân tỉnh Bắc Ninh" and "Chủ tịch U.B.N.D. tỉnh Bắc Ninh" have the same. A place
    is never guessed: "UBND Bắc Ninh" may be a province's or a city's.
    """
    spelt = _SPELT.sub(lambda found: found[0].replace(" ", ""), fold(text))
    words = " ".join(_SHORT.get(word, word) for word in spelt.split())
    for title in _SIGNS:
        words = words.removeprefix(f"{title} ")
    head, committee, place = words.partition("uy ban nhan dan ")
    first, space, rest = place.partition(" ")
    key = f"{head}{committee}{_PLACES.get(first, first) if rest else first}{space}{rest}"
    return key[:LONGEST_KEY]
