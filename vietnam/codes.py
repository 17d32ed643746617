"""Codes of public services: agencies, dossiers, procedures, results.

The agency code follows Decision 20/2020/QĐ-TTg, article 4; the dossier code Circular 03/2025/TT-VPCP and,
for codes still alive, Circular 01/2018/TT-VPCP. Nothing here knows whether a code was ever given out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

# Left to right, level by level: H05, H05.01, H05.123.45. Before 2020 right to left: 000.00.12.H05.
_AGENCY = r"[A-Y]\d{2}(?:\.\d{1,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}"

AGENCY_CODE = re.compile(rf"(?:{_AGENCY})\Z")
DOSSIER_CODE = re.compile(rf"(?P<agency>{_AGENCY})-(?P<day>\d{{6}})-(?P<serial>\d{{4,8}})\Z")
PROCEDURE_CODE = re.compile(r"(?P<root>\d\.\d{6})(?P<place>(?:\.\d{2,3})*\.[A-Y]\d{2})?\Z")
RESULT_CODE = re.compile(r"KQ\.(?P<issuer>[A-Y]\d{2})\.(?P<serial>\d{6})\Z")


class InvalidCode(ValueError):
    """The text has not the form of such a code."""


def _tidy(text: str) -> str:
    """Undo what typing and copying do: spaces, small letters, dashes of other lengths."""
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"\s+", "", text)).upper()


def parse_agency_code(text: str) -> str:
    """Return the code in its written form. Raises `InvalidCode`."""
    code = _tidy(text)
    if not AGENCY_CODE.match(code):
        raise InvalidCode(f"not an agency code: {text!r}")
    return code


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`H05.01.01-261122-0001`: settling agency, day of receipt, serial of that agency on that day.

    The serial has at least four digits and grows beyond them on a busy day. Codes of centralised systems
    begin their serial with two digits of the owner's code; they parse alike.
    """

    agency: str
    day: date
    serial: int
    # Leading zeros of a foreign code are part of it: 001234 is not 1234.
    width: int = 4

    @classmethod
    def parse(cls, text: str) -> DossierCode:
        """Read a code of any accepted form, as typed or scanned. Raises `InvalidCode`."""
        match = DOSSIER_CODE.match(_tidy(text))
        if match is None:
            raise InvalidCode(f"not a dossier code: {text!r}")
        digits, serial = match["day"], match["serial"]
        try:
            day = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        except ValueError:
            raise InvalidCode(f"no such day in dossier code: {text!r}") from None
        return cls(match["agency"], day, int(serial), len(serial))

    def __post_init__(self) -> None:
        if not AGENCY_CODE.match(self.agency):
            raise InvalidCode(f"not an agency code: {self.agency!r}")
        if not 2000 <= self.day.year <= 2099:
            raise InvalidCode(f"a dossier code has two digits for the year, {self.day.year} does not fit")
        if not 0 <= self.serial <= 99_999_999 or not 4 <= self.width <= 8:
            raise InvalidCode(f"serial out of range: {self.serial}")

    def __str__(self) -> str:
        return f"{self.agency}-{self.day:%y%m%d}-{self.serial:0{self.width}d}"


@dataclass(frozen=True, slots=True)
class ProcedureCode:
    """`1.001193`, with a province's suffix where one was given: `1.001193.H05`."""

    root: str
    place: str = ""

    @classmethod
    def parse(cls, text: str) -> ProcedureCode:
        """Raises `InvalidCode`."""
        match = PROCEDURE_CODE.match(_tidy(text))
        if match is None:
            raise InvalidCode(f"not a procedure code: {text!r}")
        return cls(match["root"], (match["place"] or "").removeprefix("."))

    def __str__(self) -> str:
        return f"{self.root}.{self.place}" if self.place else self.root


@dataclass(frozen=True, slots=True)
class ResultCode:
    """`KQ.G15.000031`: a kind of result (a birth certificate) by the body that defined it."""

    issuer: str
    serial: int

    @classmethod
    def parse(cls, text: str) -> ResultCode:
        """Raises `InvalidCode`."""
        match = RESULT_CODE.match(_tidy(text))
        if match is None:
            raise InvalidCode(f"not a result code: {text!r}")
        return cls(match["issuer"], int(match["serial"]))

    def __str__(self) -> str:
        return f"KQ.{self.issuer}.{self.serial:06d}"
