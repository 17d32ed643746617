"""What stands behind an open query: which fact it is about, and what the source says elsewhere about the same thing."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from procedures import display
from procedures.editions.bundled import bundled_competence
from procedures.editions.document import Facts, fact_at
from procedures.importing.terms import durations_of
from procedures.models import OpenQuery


@dataclass(frozen=True)
class StepTimes:
    """Times that the published steps name, in words and their order, and what they add up to unit by unit."""

    named: tuple[str, ...]
    total: str


def place_words(open_query: OpenQuery, facts: Facts) -> str:
    """The way of filing, the case and the line or paper that the query is about; empty for the whole procedure."""
    fact = fact_at(facts, open_query.path)
    if not isinstance(fact, dict):
        return ""
    parts = [", ".join(str(display.CHANNELS[each]) for each in fact.get("channels", ()))]
    names = {case["key"]: display.fact_text(case) for case in facts.get("cases", [])}
    parts.append(names.get(fact.get("case", ""), ""))
    if open_query.path.startswith(("fees/", "documents/")):
        parts.append(display.fact_text(fact))
    return " · ".join(filter(None, parts))


def source_words(open_query: OpenQuery, facts: Facts) -> str:
    """Where the fact comes from, with the reference that stands beside it; empty when nobody says."""
    fact = fact_at(facts, open_query.path)
    said = fact if isinstance(fact, dict) else {}
    key = said.get("source") or facts.get("source", "")
    names = _source_names()
    name = display.value_text(*names[key]) if key in names else key
    return " · ".join(filter(None, (name, said.get("reference", ""), facts.get("decision", ""))))


@cache
def _source_names() -> dict[str, tuple[str, str]]:
    return {row["key"]: (row["name"], row["name_en"]) for row in bundled_competence("sources")["sources"]}


def step_times(facts: Facts) -> StepTimes:
    """The times of the steps' text. Pure; the sum is a help to judge a limit, never a proposal."""
    found = durations_of(facts.get("steps", ""))
    sums: dict[str, Decimal] = {}
    for amount, unit in found:
        sums[unit] = sums.get(unit, Decimal(0)) + amount
    total = " + ".join(display.amount_words(amount, unit) for unit, amount in sums.items())
    return StepTimes(tuple(display.amount_words(amount, unit) for amount, unit in found), total)
