"""What an edition says about supplements: what an answer does to the clock, and whether one more may be asked.

Whoever asks for a supplement may ask once (Decree 118/2025/NĐ-CP art. 11); a sector's law may allow another at a
stage. The edition's fact `supplement` (procedures/catalogue/schema.json) says so with the ground. An edition
without that fact follows the general rule: the clock resumes, and nobody asks twice.
"""

from dataclasses import dataclass

from procedures.editions.document import Facts
from procedures.models import Edition


@dataclass(frozen=True)
class Again:
    """One more request is allowed at `stage` (``counter`` or ``appraisal``) on the words of `legal_ground`."""

    stage: str
    legal_ground: str


@dataclass(frozen=True)
class SupplementRule:
    """`restart`: the whole limit runs anew after an answered supplement; else the clock goes on where it paused."""

    restart: bool = False
    again: tuple[Again, ...] = ()

    def ground_at(self, stage: str) -> str:
        """The legal ground of another request at a stage; empty where only one request is allowed."""
        return next((row.legal_ground for row in self.again if row.stage == stage), "")


def rule_for(edition: Edition) -> SupplementRule:
    return rule_in(edition.facts)


def rule_in(facts: Facts) -> SupplementRule:
    """The rule in a facts document."""
    fact = facts.get("supplement", {})
    return SupplementRule(
        restart=fact.get("clock") == "restart",
        again=tuple(Again(row["stage"], row["legal_ground"]) for row in fact.get("again", [])),
    )
