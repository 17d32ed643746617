"""Days as people in Vietnam write them: dd/mm/yyyy, Thứ Hai first."""

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
