"""Codes of public services: agencies, dossiers, procedures, results.

The agency code follows Decision 20/2020/QĐ-TTg, article 4; the dossier code Circular 03/2025/TT-VPCP and,
for codes still alive, Circular 01/2018/TT-VPCP. Nothing here knows whether a code was ever given out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vietnam.typed import plain_characters

# Left to right, level by level: H05, H05.01, H05.123.45. Before 2020 right to left: 000.00.12.H05.
_AGENCY = r"[A-Y]\d{2}(?:\.\d{1,3}){0,3}|\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}"

AGENCY_CODE = re.compile(rf"(?:{_AGENCY})\Z", re.ASCII)
DOSSIER_CODE = re.compile(rf"(?P<agency>{_AGENCY})-(?P<day>\d{{6}})-(?P<serial>\d{{4,8}})\Z", re.ASCII)
PROCEDURE_CODE = re.compile(r"(?P<root>\d\.\d{6})(?P<place>(?:\.\d{2,3})*\.[A-Y]\d{2})?\Z", re.ASCII)
RESULT_CODE = re.compile(r"KQ\.(?P<issuer>[A-Y]\d{2})\.(?P<serial>\d{6})\Z", re.ASCII)


class InvalidCode(ValueError):
    """The text has not the form of such a code."""


def _tidy(text: str) -> str:
    """Undo what typing and copying do: spaces, small letters, dashes of other lengths."""
    return re.sub(r"\s+", "", plain_characters(text)).upper()


def parse_agency_code(text: str) -> str:
    """Return the code in its written form. Raises `InvalidCode`."""
    code = _tidy(text)
    if not AGENCY_CODE.match(code):
        raise InvalidCode(f"not an agency code: {text!r}")
    return code


@dataclass(frozen=True, slots=True)
class DossierCode:
    """`H05.01.01-261122-0001`: competent agency, day of receipt, serial of that agency on that day.

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


_WRITTEN = re.compile(rf"(?<![A-Z0-9])(?:{_AGENCY})-\d{{6}}-\d{{4,8}}(?![A-Z0-9])", re.ASCII)
_WITHOUT_SEPARATORS = re.compile(r"(?:\d{7})?[A-Y]\d{12,25}\Z", re.ASCII)
_MOST_READINGS = 6
_OLD_AGENCY = (3, 5, 7)  # where its groups end: 000.00.12.H05


def dossier_codes_meant(text: str) -> list[str]:
    """The dossier codes that somebody may have meant by `text`, the likeliest first; none when it is no code.

    Whatever stands between the groups is a separator, or nothing does: "h05 160/261123 0001", "H051602611230001" and
    the address of a tracking page all mean H05.160-261123-0001.
    """
    plain = plain_characters(text).upper()
    if written := _WRITTEN.findall(re.sub(r"\s+", "", plain)):
        return list(dict.fromkeys(written))
    groups = re.findall(r"[A-Z0-9]+", plain)
    joined = "".join(groups)
    if not _WITHOUT_SEPARATORS.match(joined):
        return []
    ends, typed = 0, set()
    for group in groups[:-1]:
        ends += len(group)
        typed.add(ends)
    readings = list(_readings(joined))
    exact = [code for code, marks in readings if typed == marks]
    return exact or [code for code, marks in readings if typed <= marks][:_MOST_READINGS]


def _readings(joined: str) -> Iterator[tuple[str, set[int]]]:
    """Each code whose letters and digits are `joined`, with the places of its separators."""
    for width in range(4, 9):
        day_begins, serial_begins = len(joined) - width - 6, len(joined) - width
        for marks in _agencies(joined[: max(day_begins, 0)]):
            agency = ".".join(joined[begin:end] for begin, end in zip((0, *marks), (*marks, day_begins), strict=True))
            code = f"{agency}-{joined[day_begins:serial_begins]}-{joined[serial_begins:]}"
            try:
                DossierCode.parse(code)
            except InvalidCode:
                continue
            yield code, {*marks, day_begins, serial_begins}


def _agencies(joined: str) -> Iterator[tuple[int, ...]]:
    """Where the separators of an agency code may stand whose letters and digits are `joined`; levels of three first."""
    if not joined[:1].isalpha():
        yield _OLD_AGENCY
        return
    levels = [(3,)]
    while levels:
        *before, last = marks = levels.pop(0)
        if last == len(joined):
            yield tuple(before)
        elif len(marks) <= 3:
            levels += [(*marks, last + size) for size in (3, 2, 1) if last + size <= len(joined)]


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
