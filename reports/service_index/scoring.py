"""The service index of an agency or of the province: points by criterion, what is not known, what would raise it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import figures
from reports.cuts import AGENCY, names_of
from reports.figures import Counted
from reports.indicators.kinds import Asked
from reports.models import IndexEntry
from reports.population import Population
from reports.service_index.entries import Entries
from reports.service_index.formulas import Criterion, criteria

RAISING_SHOWN = 5
_NOTHING_LOST = 0.005


@dataclass(frozen=True)
class Scored:
    """A criterion with its points: None while nothing was there to be counted or nobody has entered any. `part` and
    `whole` are dossiers; `entry` says who entered the points, and why."""

    criterion: Criterion
    points: float | None
    part: int = 0
    whole: int = 0
    entry: IndexEntry | None = None

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def lost(self) -> float | None:
        return None if self.points is None else self.criterion.points - self.points

    @property
    def lacking(self) -> int:
        """Dossiers that would have to be otherwise for all points."""
        return self.whole - self.part

    @property
    def per_dossier(self) -> float:
        """Points that one dossier more brings."""
        return self.criterion.points / self.whole if self.whole else 0.0


@dataclass(frozen=True)
class Group:
    key: str
    name: str
    points: float | None
    known: float  # points that its criteria with a value are worth
    most: float


@dataclass(frozen=True)
class ServiceIndex:
    scored: Sequence[Scored]

    @property
    def points(self) -> float:
        """Of the criteria that have a value."""
        return sum(one.points for one in self.scored if one.points is not None)

    @property
    def known(self) -> float:
        """What those criteria are worth."""
        return sum(one.criterion.points for one in self.scored if one.points is not None)

    @property
    def unknown(self) -> list[Scored]:
        return [one for one in self.scored if one.points is None]

    @property
    def groups(self) -> list[Group]:
        found: dict[str, list[Scored]] = {}
        for one in self.scored:
            found.setdefault(one.criterion.group, []).append(one)
        groups = []
        for key, members in found.items():
            valued = [one for one in members if one.points is not None]
            groups.append(
                Group(
                    key,
                    members[0].criterion.group_name,
                    sum(one.points or 0 for one in valued) if valued else None,
                    sum(one.criterion.points for one in valued),
                    sum(one.criterion.points for one in members),
                )
            )
        return groups

    @property
    def raising(self) -> list[Scored]:
        """Where most points are lost, the most first."""
        losing = [one for one in self.scored if one.lost is not None and one.lost > _NOTHING_LOST]
        return sorted(losing, key=lambda one: -(one.lost or 0))[:RAISING_SHOWN]


def measures() -> list[str]:
    """The measures that computed criteria are made of."""
    return sorted({name for one in criteria() if one.share for name in (*one.share.part, *one.share.whole)})


def index_of(counted: Counted, entries: Entries, agency: int | None) -> ServiceIndex:
    """The index from the measures of `measures()` and from what was entered for `agency`, or for the province."""
    return ServiceIndex([_scored(one, counted, entries, agency) for one in criteria()])


def service_index(population: Population, asked: Asked, entries: Entries, agency: int | None) -> ServiceIndex:
    return index_of(figures.totals(population, asked, measures()), entries, agency)


def indices_by_agency(population: Population, asked: Asked, entries: Entries) -> list[tuple[int, str, ServiceIndex]]:
    """(id, name, index) of each agency with something to count, in as many statements as one index takes."""
    counted = figures.figures(population, asked, measures(), cut=AGENCY)
    known = [key for key in counted if key is not None]
    return [(key, name, index_of(counted[key], entries, key)) for key, name in names_of(AGENCY, known).items()]


def _scored(criterion: Criterion, counted: Counted, entries: Entries, agency: int | None) -> Scored:
    if criterion.share is None:
        entry = entries.get((agency, criterion.key))
        # The file may have lowered what a criterion is worth since.
        return Scored(criterion, min(float(entry.points), criterion.points) if entry else None, entry=entry)
    part, whole = (sum(counted[name] for name in names) for names in (criterion.share.part, criterion.share.whole))
    # `noncash` and the like may count a part of another day; no share gives more points than there are.
    return Scored(criterion, criterion.points * min(part / whole, 1) if whole else None, part, whole)
