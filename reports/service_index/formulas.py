"""The criteria of the service index, as a file says them: groups, points, and which share computes a criterion."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

from reports.indicators import MEASURES, SHARES
from reports.indicators.kinds import Share

WHOLE = 100


@dataclass(frozen=True)
class Criterion:
    """Worth `points`; computed from `share`, or entered by hand without one. `look_at` is a measure, or empty."""

    key: str
    names: dict[str, str]
    points: float
    group: str
    group_names: dict[str, str]
    share: Share | None
    look_at: str

    @property
    def name(self) -> str:
        return _local(self.names)

    @property
    def group_name(self) -> str:
        return _local(self.group_names)


def criteria() -> tuple[Criterion, ...]:
    """In the order of the file that SERVICE_INDEX names, or of ours. Raises ImproperlyConfigured for a wrong one."""
    return _read_criteria(settings.SERVICE_INDEX)


def criteria_of(content: Any) -> tuple[Criterion, ...]:
    """The criteria of a file's content. Raises ImproperlyConfigured, which names what is wrong."""
    try:
        found = tuple(
            Criterion(
                str(one["key"]),
                {language: str(one["name"][language]) for language in ("vi", "en")},
                float(one["points"]),
                str(group["key"]),
                {language: str(group["name"][language]) for language in ("vi", "en")},
                SHARES[one["share"]] if one.get("share") else None,
                MEASURES[one["look_at"]].name if one.get("look_at") else "",
            )
            for group in content["groups"]
            for one in group["criteria"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"SERVICE_INDEX: missing, unknown or unreadable: {error}") from error
    if len({one.key for one in found}) != len(found):
        raise ImproperlyConfigured("SERVICE_INDEX: two criteria have the same key")
    if any(one.points <= 0 for one in found) or round(sum(one.points for one in found), 2) != WHOLE:
        raise ImproperlyConfigured(f"SERVICE_INDEX: points are above 0 and make {WHOLE} together")
    return found


@lru_cache(maxsize=4)
def _read_criteria(place: str) -> tuple[Criterion, ...]:
    path = Path(place) if place else Path(__file__).with_name("formulas.yaml")
    return criteria_of(yaml.safe_load(path.read_text(encoding="utf-8")))


def _local(names: dict[str, str]) -> str:
    return names["en" if get_language() == "en" else "vi"]
