"""Days off and decreed working days of state offices, as seed records for working calendars.

The base is the package `holidays`; where the deciding documents were read, the table below replaces its
whole year. A seed is a proposal: the dated records of an agency's calendar decide. What was only computed
from the rule, with no official notice behind it, says so in its status.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

import holidays as holidays_package

from vietnam.dates import format_date


class Kind(StrEnum):
    OFF = "off"
    WORK = "work"


class Status(StrEnum):
    """How sure the record is."""

    VERIFIED = "verified"  # read in a source
    MEMORY = "memory"  # believed, not confirmed
    COMPUTED = "computed"  # follows from the rule; no official notice was seen


@dataclass(frozen=True, slots=True)
class SeedDay:
    """One weekday off, or one day of the weekend worked in exchange. `document` may be unknown (empty)."""

    date: date
    kind: Kind
    name: str
    name_en: str
    document: str
    status: Status


LABOUR_CODE = "Bộ luật Lao động 2019, Điều 112"
CULTURE_DAY_RESOLUTION = "Nghị quyết số 28/2026/QH16"
NOTICE_FOR_2025 = "Thông báo số 6150/TB-BLĐTBXH"
SWAP_OF_NEW_YEAR_2026 = "Văn bản số 12729/VPCP-KGVX ngày 25/12/2025"
CULTURE_DAY = ("Ngày Văn hóa Việt Nam", "Vietnam Cultural Day")
NEW_YEAR = ("Tết Dương lịch", "New Year's Day")
LUNAR_NEW_YEAR = ("Tết Nguyên đán", "Lunar New Year")
HUNG_KINGS = ("Giỗ Tổ Hùng Vương", "Hung Kings' Commemoration Day")
VICTORY_DAY = ("Ngày Chiến thắng", "Reunification Day")
LABOUR_DAY = ("Ngày Quốc tế Lao động", "International Labour Day")
NATIONAL_DAY = ("Quốc khánh", "National Day")

_FIRST_CULTURE_DAY = date(2026, 11, 24)

_V, _M, _C = Status.VERIFIED, Status.MEMORY, Status.COMPUTED
_Row = tuple[str, Kind, tuple[str, str], str, Status]


def _off(day: str, name: tuple[str, str], status: Status, document: str = LABOUR_CODE) -> _Row:
    return day, Kind.OFF, name, document, status


def _instead(day: str, name: tuple[str, str], status: Status) -> _Row:
    """A holiday on a weekly day off gives the next working day off (Labour Code, article 111)."""
    return _off(day, (f"{name[0]} (nghỉ bù)", f"{name[1]} (in lieu)"), status)


def _swap(off: str, work: str, status: Status, document: str) -> tuple[_Row, _Row]:
    free, worked = date.fromisoformat(off), date.fromisoformat(work)
    return (
        (
            off,
            Kind.OFF,
            (f"Nghỉ hoán đổi với ngày {format_date(worked)}", f"Day off in exchange for {format_date(worked)}"),
            document,
            status,
        ),
        (
            work,
            Kind.WORK,
            (f"Làm bù cho ngày {format_date(free)}", f"Worked in exchange for {format_date(free)}"),
            document,
            status,
        ),
    )


# Whole years, because a year read from its notices replaces what a package computed.
#
# Tết 2027: its first day is Saturday 6 February. Five days are off (Labour Code, article 112), and those that fall on
# the weekly days off are made up by working days (article 111): one day before it and four from it are 5 to 9
# February, and 10 and 11 in lieu of the weekend. The notice may choose two before and three from it instead (4, 5 and 8
# February, and 9 and 10 in lieu): a computed day says that no notice was seen.
_READ: dict[int, tuple[_Row, ...]] = {
    2025: (
        _off("2025-01-01", NEW_YEAR, _M),
        _off("2025-01-27", LUNAR_NEW_YEAR, _M),
        _off("2025-01-28", LUNAR_NEW_YEAR, _M),
        _off("2025-01-29", LUNAR_NEW_YEAR, _M),
        _off("2025-01-30", LUNAR_NEW_YEAR, _M),
        _off("2025-01-31", LUNAR_NEW_YEAR, _M),
        _off("2025-04-07", HUNG_KINGS, _M),
        _off("2025-04-30", VICTORY_DAY, _V),
        _off("2025-05-01", LABOUR_DAY, _V),
        *_swap("2025-05-02", "2025-04-26", _V, NOTICE_FOR_2025),
        _off("2025-09-01", NATIONAL_DAY, _M),
        _off("2025-09-02", NATIONAL_DAY, _M),
    ),
    2026: (
        _off("2026-01-01", NEW_YEAR, _V),
        *_swap("2026-01-02", "2026-01-10", _V, SWAP_OF_NEW_YEAR_2026),
        _off("2026-02-16", LUNAR_NEW_YEAR, _V),
        _off("2026-02-17", LUNAR_NEW_YEAR, _V),
        _off("2026-02-18", LUNAR_NEW_YEAR, _V),
        _off("2026-02-19", LUNAR_NEW_YEAR, _V),
        _off("2026-02-20", LUNAR_NEW_YEAR, _V),
        _instead("2026-04-27", HUNG_KINGS, _V),
        _off("2026-04-30", VICTORY_DAY, _V),
        _off("2026-05-01", LABOUR_DAY, _V),
        *_swap("2026-08-31", "2026-08-22", _V, ""),
        _off("2026-09-01", NATIONAL_DAY, _V),
        _off("2026-09-02", NATIONAL_DAY, _V),
        _off("2026-11-24", CULTURE_DAY, _V, CULTURE_DAY_RESOLUTION),
    ),
    2027: (
        _off("2027-01-01", NEW_YEAR, _C),
        _off("2027-02-05", LUNAR_NEW_YEAR, _C),
        _off("2027-02-08", LUNAR_NEW_YEAR, _C),
        _off("2027-02-09", LUNAR_NEW_YEAR, _C),
        _instead("2027-02-10", LUNAR_NEW_YEAR, _C),
        _instead("2027-02-11", LUNAR_NEW_YEAR, _C),
        _off("2027-04-16", HUNG_KINGS, _C),
        _off("2027-04-30", VICTORY_DAY, _C),
        _instead("2027-05-03", LABOUR_DAY, _C),
        _off("2027-09-02", NATIONAL_DAY, _C),
        _off("2027-09-03", NATIONAL_DAY, _C),
        _off("2027-11-24", CULTURE_DAY, _C, CULTURE_DAY_RESOLUTION),
    ),
}


def seed_days(year: int) -> list[SeedDay]:
    """Return the year's days that differ from Monday-to-Friday work, by date."""
    rows = _READ.get(year)
    if rows is None:
        return list(_computed(year))
    return sorted(
        (SeedDay(date.fromisoformat(day), kind, *name, document, status) for day, kind, name, document, status in rows),
        key=lambda seed: seed.date,
    )


def seed_span(first_year: int, last_year: int) -> list[SeedDay]:
    """Return the seed days of all years from the first to the last."""
    return [seed for year in range(first_year, last_year + 1) for seed in seed_days(year)]


@lru_cache(maxsize=64)
def _computed(year: int) -> tuple[SeedDay, ...]:
    """What the package computes, weekdays only, with the decreed working days it knows."""
    vietnamese = holidays_package.country_holidays("VN", years=year, language="vi")
    english = holidays_package.country_holidays("VN", years=year, language="en_US")

    def days() -> Iterator[SeedDay]:
        for day, name in vietnamese.items():
            if day.weekday() < 5:
                culture = day >= _FIRST_CULTURE_DAY and (day.month, day.day) == (11, 24)
                document = CULTURE_DAY_RESOLUTION if culture else LABOUR_CODE
                yield SeedDay(day, Kind.OFF, name, english[day], document, Status.COMPUTED)
        # A day off in exchange may be repaid early in the next year, so ask the neighbours too.
        around = holidays_package.country_holidays("VN", years=[year - 1, year, year + 1])
        for day in around.weekend_workdays:
            if day.year == year:
                yield SeedDay(day, Kind.WORK, "Ngày làm bù", "Exchanged working day", "", Status.COMPUTED)

    return tuple(sorted(days(), key=lambda seed: seed.date))
