"""The province this morning: what each counter took in today, and where on the map things lie overdue."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import cos, radians, sqrt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Max, Min, Q, QuerySet

from agencies.models import Agency, Desk, Territory
from dossiers.models import Dossier, DossierEvent, State
from procedures.models import Channel
from reports import figures
from reports.cuts import CUTS
from reports.indicators.kinds import Asked
from reports.population import Population
from vietnam.working_time import VIETNAM

WIDTH, MARGIN = 640, 24
_SMALLEST, _LARGEST = 5.0, 22.0
SHADES = 4
_MEASURES = ("open", "overdue")


@dataclass
class Intake:
    """A desk, or an agency without one: received today, of these online; online filings that wait for an answer."""

    agency: Agency
    desk: Desk | None
    received: int = 0
    online: int = 0
    last_at: datetime | None = None
    waiting: int = 0
    waiting_since: datetime | None = None
    opened: int = 0  # of those received, what another dossier opened by itself

    @property
    def place(self) -> str:
        """Its name in the reader's language; a commune's only desk is often called as its centre is."""
        return (self.desk or self.agency).local_name


@dataclass(frozen=True)
class Spot:
    """A commune on the map: its middle, the outline where polygons are known, and what lies with its agencies."""

    territory: Territory
    x: float
    y: float
    radius: float
    outline: str
    open: int
    overdue: int
    shade: int  # 0 without anything overdue, to SHADES where the share of overdue is largest


@dataclass(frozen=True)
class Map:
    spots: list[Spot]
    height: float
    width: int = WIDTH


def intake_today(dossiers: QuerySet[Dossier], at: datetime) -> list[Intake]:
    """Every counter that took something in today or has an online filing to answer; who took in most comes first.

    Received is what an event of reception says, at the desk of whoever did it. Four statements.
    """
    midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = dossiers.filter(received_at__gte=midnight, received_at__lte=at)
    events = DossierEvent.objects.filter(
        dossier__in=taken.order_by().values("pk"), at=F("dossier__received_at"), to_state=State.RECEIVED
    )
    rows = (
        events.order_by()
        .values_list("dossier__receiving_agency", "post__desk")
        .annotate(
            n=Count("pk"),
            online=Count("pk", filter=Q(dossier__channel=Channel.ONLINE)),
            last=Max("at"),
            opened=Count("pk", filter=Q(dossier__opened_by__isnull=False)),
        )
    )
    found: dict[tuple[int, int | None], Intake] = {}
    counted = [row for row in rows if row[0] is not None]
    asked = (
        dossiers.filter(state=State.FILED, receiving_agency__isnull=False)
        .order_by()
        .values_list("receiving_agency")
        .annotate(n=Count("pk"), since=Min("filed_at"))
    )
    waiting = {pk: (n, since) for pk, n, since in asked}
    agencies = Agency.objects.in_bulk({row[0] for row in counted} | set(waiting))
    desks = Desk.objects.in_bulk({row[1] for row in counted if row[1]})
    for agency, desk, n, online, last, opened in counted:
        found[agency, desk] = Intake(agencies[agency], desks.get(desk), n, online, last, opened=opened)
    for agency, (n, since) in waiting.items():
        place = found.setdefault((agency, None), Intake(agencies[agency], None))
        place.waiting, place.waiting_since = n, since
    return sorted(found.values(), key=lambda one: (-one.received, -one.waiting, one.agency.sort_key))


def commune_map(population: Population, asked: Asked) -> Map:
    """The communes of today with what their agencies have open. North is up; circles are as large as what is open."""
    communes = list(
        Territory.objects.valid().exclude(kind=Territory.Kind.PROVINCE).filter(latitude__isnull=False).order_by("code")
    )
    if not communes:
        return Map([], 0)
    counted: dict[Any, dict[str, int]] = figures.figures(population, asked, _MEASURES, cut=CUTS["commune"])
    nothing = dict.fromkeys(_MEASURES, 0)
    numbers = {one.pk: counted.get(one.pk, nothing) for one in communes}
    most = max(row["open"] for row in numbers.values()) or 1
    shares = {pk: row["overdue"] / row["open"] if row["open"] else 0.0 for pk, row in numbers.items()}
    worst = max(shares.values()) or 1.0
    outlines = {one.code: rings for one in communes if (rings := _polygons().get(one.code))}
    points = [(float(one.longitude or 0), float(one.latitude or 0)) for one in communes]
    place = _Projection([*points, *(point for rings in outlines.values() for ring in rings for point in ring)])
    spots = []
    for one, point in zip(communes, points, strict=True):
        x, y = place.of(point)
        row = numbers[one.pk]
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(row["open"] / most)
        shade = -int(-SHADES * shares[one.pk] // worst)
        outline = place.path(outlines.get(one.code, []))
        spots.append(Spot(one, x, y, round(radius, 1), outline, row["open"], row["overdue"], shade))
    return Map(sorted(spots, key=lambda spot: -spot.radius), place.height)


class _Projection:
    """Longitude and latitude to the picture: a province is small enough for equal distances along its middle."""

    def __init__(self, points: Iterable[tuple[float, float]]) -> None:
        every = list(points)
        west, east = min(x for x, _y in every), max(x for x, _y in every)
        self.south, self.north = min(y for _x, y in every), max(y for _x, y in every)
        self.west, self.narrow = west, cos(radians((self.south + self.north) / 2))
        self.scale = (WIDTH - 2 * MARGIN) / (((east - west) * self.narrow) or 1.0)
        self.height = round((self.north - self.south) * self.scale + 2 * MARGIN, 1)

    def of(self, point: tuple[float, float]) -> tuple[float, float]:
        x = MARGIN + (point[0] - self.west) * self.narrow * self.scale
        return round(x, 1), round(MARGIN + (self.north - point[1]) * self.scale, 1)

    def path(self, rings: Iterable[list[tuple[float, float]]]) -> str:
        return "".join("M" + "L".join(f"{x} {y}" for x, y in map(self.of, ring)) + "Z" for ring in rings)


@cache
def _polygons() -> dict[str, list[list[tuple[float, float]]]]:
    """Outlines by the code of the commune, from the GeoJSON file of the setting; none without it."""
    if not settings.COMMUNE_POLYGONS:
        return {}
    features = json.loads(Path(settings.COMMUNE_POLYGONS).read_text(encoding="utf-8"))["features"]
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for feature in features:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        rings = [[(float(x), float(y)) for x, y, *_rest in ring] for part in parts for ring in part]
        found[str(feature["properties"]["code"])] = rings
    return found
