"""Lay down a province: its territories, agencies, desks and calendars, from a data file and the official
units.

Loading again adds what is missing and touches nothing that is there, so that what administrators corrected
stays.
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from agencies.calendars import STATE, seed_years
from agencies.models import Agency, Desk, OfficeHours, Territory, WorkCalendar
from vietnam.text import fold, sort_key

DATA = Path(__file__).parent / "data"
FIRST_COMMUNE_NUMBER = 101
ENGLISH_KIND = {"Phường": "Ward", "Xã": "Commune"}
UNIT_FIELDS = ["provinceCode", "province", "provinceLat", "provinceLon"]
UNIT_FIELDS += ["wardCode", "ward", "wardShort", "wardType", "wardLat", "wardLon"]
FIRST_SEEDED_YEAR = 2024
# A due date may lie years ahead; a calendar that ends before it cannot count it.
YEARS_AHEAD = 8
STATE_NAMES = {"name": "Lịch nghỉ của cơ quan nhà nước", "name_en": "Days off of state offices"}
OFFICE_HOURS = ((time(7, 30), time(11, 30)), (time(13, 0), time(17, 0)))


class UnknownProvince(LookupError):
    """There is no data file of that name."""


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added, and how many there are."""

    territories: int
    agencies: int
    desks: int
    years: tuple[int, ...]
    communes: int


@transaction.atomic
def load_province(key: str, *, today: date) -> Loaded:
    """Load the province described in `agencies/data/<key>.yaml`. Raises `UnknownProvince`."""
    path = DATA / f"{key}.yaml"
    if not path.is_file():
        raise UnknownProvince(key)
    facts = yaml.safe_load(path.read_text(encoding="utf-8"))
    calendar, years = _calendars(facts["calendar"], today.year + YEARS_AHEAD)
    before = Territory.objects.count(), Agency.objects.count(), Desk.objects.count()
    province, communes = _territories(facts)
    _agencies(facts, province, communes, calendar)
    after = Territory.objects.count(), Agency.objects.count(), Desk.objects.count()
    territories, agencies, desks = (new - old for new, old in zip(after, before, strict=True))
    return Loaded(territories, agencies, desks, tuple(years), len(communes))


def _calendars(facts: dict[str, str], last_year: int) -> tuple[WorkCalendar, list[int]]:
    state, new = WorkCalendar.objects.get_or_create(key=STATE, defaults=STATE_NAMES)
    if new:
        OfficeHours.objects.bulk_create(
            OfficeHours(calendar=state, weekday=weekday, opens=opens, closes=closes)
            for weekday in range(5)
            for opens, closes in OFFICE_HOURS
        )
    names = {name: facts[name] for name in ("name", "name_en")}
    own, _ = WorkCalendar.objects.get_or_create(key=facts["key"], defaults={**names, "base": state})
    years = seed_years(state, FIRST_SEEDED_YEAR, last_year)
    own.refresh_from_db()
    return own, years


def _territories(facts: dict[str, Any]) -> tuple[Territory, list[Territory]]:
    """The province and its communes by official code (Decision 19/2025/QĐ-TTg)."""
    since = facts["valid_from"]
    known = Territory.objects.filter(code=facts["code"], valid_from=since).first()
    if known is not None:
        return known, list(known.children.filter(valid_from=since).order_by("code"))
    from vietnamadminunits.database import get_data  # takes seconds, so only when it is needed

    units = sorted(
        (unit for unit in get_data(UNIT_FIELDS) if unit["provinceCode"] == facts["code"]),
        key=lambda unit: unit["wardCode"],
    )
    wanted = [
        Territory(
            code=facts["code"],
            kind=Territory.Kind.PROVINCE,
            name=units[0]["province"],
            name_en=facts["name_en"],
            **_place(units[0]["provinceLat"], units[0]["provinceLon"]),
        )
    ]
    wanted += [
        Territory(
            code=unit["wardCode"],
            kind=Territory.Kind.WARD if unit["wardType"] == "Phường" else Territory.Kind.COMMUNE,
            name=unit["ward"],
            name_en=f"{fold(unit['wardShort']).title()} {ENGLISH_KIND[unit['wardType']]}",
            **_place(unit["wardLat"], unit["wardLon"]),
        )
        for unit in units
    ]
    for territory in wanted:
        territory.valid_from = since
        territory.search_key = f"{fold(territory.name)} {territory.code}"
        # "Phường Kinh Bắc" stands under K, as people look for it.
        territory.sort_key = sort_key(f"{territory.name.partition(' ')[2]} {territory.name}")
    province, *communes = wanted
    province.save()
    for commune in communes:
        commune.parent = province
    return province, Territory.objects.bulk_create(communes)


def _place(latitude: float, longitude: float) -> dict[str, Decimal]:
    return {
        "latitude": Decimal(str(round(latitude, 5))),
        "longitude": Decimal(str(round(longitude, 5))),
    }


def _agencies(facts: dict[str, Any], province: Territory, communes: list[Territory], calendar: WorkCalendar) -> None:
    """Agencies level by level (a parent before its units), then their desks."""
    entries = [(entry, province, {}) for entry in facts["agencies"]]
    for number, commune in enumerate(communes, start=FIRST_COMMUNE_NUMBER):
        words = {
            "number": number,
            "commune": commune.name[0].lower() + commune.name[1:],
            "commune_en": commune.name_en,
        }
        entries += [(entry, commune, words) for entry in facts["in_each_commune"]]
    known = _known(province, communes)
    waiting = [item for item in entries if (item[0]["key"], item[1].pk) not in known]
    while waiting:
        ready, blocked = [], []
        for item in waiting:
            entry, territory, words = item
            parent = entry.get("parent")
            above = known.get((parent, territory.pk)) or known.get((parent, province.pk)) if parent else None
            if parent and above is None:
                blocked.append(item)
            else:
                ready.append(_agency(entry, territory, words, above, calendar, facts["valid_from"]))
        if not ready:
            raise ValueError(f"no parent for {sorted({entry['key'] for entry, *_ in blocked})}")
        Agency.objects.bulk_create(ready)
        known |= {(agency.key, agency.territory_id): agency for agency in ready}
        waiting = blocked
    _desks(entries, known, {commune.code: commune for commune in communes})


def _known(province: Territory, communes: list[Territory]) -> dict[tuple[str, int], Agency]:
    places = [province.pk, *(commune.pk for commune in communes)]
    return {
        (agency.key, agency.territory_id): agency
        for agency in Agency.objects.filter(territory_id__in=places).order_by("valid_from")
    }


def _agency(
    entry: dict[str, Any],
    territory: Territory,
    words: dict[str, Any],
    parent: Agency | None,
    calendar: WorkCalendar,
    since: date,
) -> Agency:
    text = {
        field: str(entry.get(field, "")).format(**words)
        for field in ("code", "name", "name_en", "short_name", "address")
    }
    agency = Agency(
        key=entry["key"],
        kind=entry["kind"],
        code_confirmed=entry.get("code_confirmed", False),
        territory=territory,
        parent=parent,
        calendar=calendar,
        sort_key=sort_key(text["name"]),
        valid_from=since,
        **text,
    )
    agency.search_key = agency_search_key(agency)
    return agency


def agency_search_key(agency: Agency) -> str:
    """Found by its name, its short name and its code."""
    return f"{fold(agency.name)} {fold(agency.short_name)} {agency.code.lower()}"[:300]


def _desks(
    entries: list[tuple[dict[str, Any], Territory, dict[str, Any]]],
    agencies: dict[tuple[str, int], Agency],
    communes: dict[str, Territory],
) -> None:
    Desk.objects.bulk_create(
        (
            Desk(
                agency=agencies[(entry["key"], territory.pk)],
                number=desk["number"],
                name=desk["name"].format(**words),
                name_en=desk["name_en"].format(**words),
                address=desk["address"].format(**words),
                territory=communes[desk["commune"]] if "commune" in desk else territory,
                is_reception_point=desk.get("reception_point", False),
            )
            for entry, territory, words in entries
            for desk in entry.get("desks", [])
        ),
        ignore_conflicts=True,
    )
