"""Days as people in Vietnam write them: dd/mm/yyyy, Thứ Hai first; days of birth as far as they are known."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from vietnam.typed import plain_characters

Language = Literal["vi", "en"]

# date.weekday(): Monday is 0.
WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
SHORT_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})\Z", re.ASCII)
_WRITTEN = re.compile(r"(?P<d>\d{1,2})(?P<sep>[/.\- ])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})\Z", re.ASCII)
_BARE = re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})\Z", re.ASCII)


class InvalidDate(ValueError):
    """The text names no day."""


def parse_date(text: str) -> date:
    """Read 22/11/2026, 22-11-2026, 22.11.2026, 22112026 or 2026-11-22; the day comes before the month.

    Raises `InvalidDate`. A year of two digits is refused: guessing a century changes a birth date.
    """
    tidy = plain_characters(text).strip()
    for form in (_ISO, _WRITTEN, _BARE):
        if match := form.match(tidy):
            try:
                return date(int(match["y"]), int(match["m"]), int(match["d"]))
            except ValueError:
                break
    raise InvalidDate(f"not a date: {text!r}")


_YEAR = re.compile(r"(?P<y>\d{4})\Z", re.ASCII)
_MONTH = re.compile(r"(?P<m>\d{1,2})[/.\- ](?P<y>\d{4})\Z", re.ASCII)
_ISO_MONTH = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})\Z", re.ASCII)
# What papers show in the place of a day or month that nobody knows: 00/00/1938, --/--/1938.
_UNKNOWN = re.compile(r"(?:(?:00|--?|__?|\?\??|xx?)[/. ]){1,2}", re.IGNORECASE)
_REDUCED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z", re.ASCII)


def parse_partial_date(text: str) -> str:
    """Read a day, or a month and year, or a year alone, as somebody knows it; gives ISO 8601 at that precision.

    "22/11/1990" → "1990-11-22", "05/1938" → "1938-05", "1938" and "00/00/1938" → "1938". Raises `InvalidDate`; what is
    not known is never filled in.
    """
    try:
        return parse_date(text).isoformat()
    except InvalidDate:
        known = _UNKNOWN.sub("", plain_characters(text).strip(), count=1)
        for form in (_ISO_MONTH, _MONTH, _YEAR):
            match = form.match(known)
            found = f"{match['y']}-{int(match['m']):02d}" if match and form is not _YEAR else known
            if match and is_partial_date(found):
                return found
        raise


def is_partial_date(text: str) -> bool:
    """Whether it is a day, month or year that exists, as ISO 8601 writes it."""
    match = _REDUCED.match(text)
    if not match:
        return False
    try:
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return False
    return True


def first_day_of(partial: str) -> date:
    """The first day that an ISO date of reduced precision may mean. Raises ValueError for anything else."""
    year, month, day = (*map(int, partial.split("-")), 1, 1)[:3]
    return date(year, month, day)


def format_partial_date(partial: str) -> str:
    """ "1990-11-22" → "22/11/1990", "1938-05" → "05/1938", "1938" → "1938"; another text stays."""
    return "/".join(reversed(partial.split("-"))) if is_partial_date(partial) else partial


class ReducedDate(str):
    """A month and year, or a year alone, as ISO 8601 writes them: "1938-05", "1938". What is not known is not there."""

    __slots__ = ()

    @property
    def year(self) -> int:
        return int(self[:4])

    def isoformat(self) -> str:
        return str(self)


BirthDate = date | ReducedDate


def parse_birth_date(text: str) -> BirthDate:
    """Read a day, a month and year, or a year alone. Raises `InvalidDate`."""
    return birth_date_of(parse_partial_date(text))


def birth_date_of(iso: str) -> BirthDate:
    """The day of birth that an ISO date of whatever precision says. Raises ValueError for anything else."""
    if len(iso) == len("1990-11-22"):
        return date.fromisoformat(iso)
    if not is_partial_date(iso):
        raise ValueError(iso)
    return ReducedDate(iso)


def format_birth_date(born: BirthDate) -> str:
    """22/11/1990, 05/1938 or 1938."""
    return format_partial_date(born.isoformat())


def may_be_same_birth(one: BirthDate, other: BirthDate) -> bool:
    """Whether two statements can be of one day: "1938" and 5 May 1938 can."""
    first, second = one.isoformat(), other.isoformat()
    return first.startswith(second) or second.startswith(first)


def format_date(day: date) -> str:
    """22/11/2026."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def weekday_name(day: date, language: Language = "vi") -> str:
    """Chủ nhật, Sunday."""
    return WEEKDAYS[language][day.weekday()]


def format_long(day: date, language: Language = "vi") -> str:
    """A day with its weekday: "Chủ nhật 22/11/2026", "Sun 22/11/2026"."""
    weekday = weekday_name(day) if language == "vi" else SHORT_WEEKDAYS["en"][day.weekday()]
    return f"{weekday} {format_date(day)}"


def format_moment(at: datetime) -> str:
    """14:05, 22/11/2026, of a local time."""
    return f"{at:%H:%M}, {format_date(at)}"
