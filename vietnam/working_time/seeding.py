"""A national calendar straight from the seed records, where no agency's own calendar is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vietnam.holidays import Kind, SeedDay, Status, seed_span
from vietnam.working_time.calendar import STANDARD_HOURS, Calendar, DayNote, OfficeHours


def note_of(seed: SeedDay) -> DayNote:
    """The note a seed record puts on its day."""
    return DayNote(seed.name, seed.name_en, seed.document, provisional=seed.status is Status.COMPUTED)


def seeded_calendar(first_year: int, last_year: int, hours: Sequence[OfficeHours] = (STANDARD_HOURS,)) -> Calendar:
    """Build the calendar of whole years from `vietnam.holidays`."""
    seeds = seed_span(first_year, last_year)
    return Calendar(
        date(first_year, 1, 1),
        date(last_year, 12, 31),
        f"seed-{first_year}-{last_year}",
        hours,
        off={seed.date: note_of(seed) for seed in seeds if seed.kind is Kind.OFF},
        work={seed.date: note_of(seed) for seed in seeds if seed.kind is Kind.WORK},
    )
