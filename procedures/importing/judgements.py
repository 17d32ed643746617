"""Differences between bundled facts and the national extract that somebody has judged, each with its ground.

A judgement names a difference by a mark of what both sides say, so it ends as soon as either side says something else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from procedures.editions.document import CATALOGUE, InvalidFacts, yaml_data

FILE = "judged_differences.yaml"
_MARK_LENGTH = 12


@dataclass(frozen=True)
class Judgements:
    """`grounds` are the words of each ground by its key; `marks` the ground by (procedure code, mark)."""

    grounds: Mapping[str, str]
    marks: Mapping[tuple[str, str], str]

    def find_ground(self, code: str, mark: str) -> str | None:
        """The key of the ground on which the difference was judged, or None where it is open."""
        return self.marks.get((code, mark))

    def count_stale(self, compared: Iterable[str], met: set[tuple[str, str]]) -> int:
        """How many judgements of compared procedures were not met: one of the two sides says something else now."""
        codes = set(compared)
        return sum(1 for code, mark in self.marks if code in codes and (code, mark) not in met)


def read_judgements(folder: Path = CATALOGUE) -> Judgements:
    """The file of judgements. Raises InvalidFacts for a ground that it does not explain and a mark given twice."""
    content = yaml_data(folder / FILE)
    grounds = {row["key"]: row["name"] for row in content["grounds"]}
    marks: dict[tuple[str, str], str] = {}
    for code, by_ground in content["judged"].items():
        for ground, given in by_ground.items():
            if ground not in grounds:
                raise InvalidFacts(FILE, [f"{code}: the ground {ground} is not explained"])
            for mark in given.split():
                if (code, mark) in marks:
                    raise InvalidFacts(FILE, [f"{code}: {mark} is judged twice"])
                marks[code, mark] = ground
    return Judgements(grounds, marks)


def mark_of(kind: str, *sides: Any) -> str:
    """Twelve hexadecimal digits that name a difference by its kind and by what both sides say; words of no language."""
    said = json.dumps([kind, *sides], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:_MARK_LENGTH]
