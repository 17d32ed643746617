"""What a source says anew of a procedure for which a higher one speaks: put before a person part by part.

A national update never overrules the province. Each part that the source has changed since it spoke last becomes a
open query of the edition in force: accepted, it makes a new edition; refused, the edition stays; adapted, a draft is
started from it. Fee lines that the province has set are kept whatever is accepted.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procedures.editions.diff import compare_documents, differences
from procedures.editions.document import Facts, free_beside_fees
from procedures.models import Edition, Offer, OpenQuery, Procedure

DIFFERS = "differs_from_published"
# What the nation says. Online level, authoritative system, competent agencies and guidance are the province's own.
NATIONAL_PARTS = (
    "title",
    "levels",
    "applicants",
    "cases",
    "terms",
    "fees",
    "documents",
    "results",
    "legal_basis",
    "steps",
    "conditions",
)
# Parts whose entries may belong to a case.
_BY_CASE = frozenset({"terms", "fees", "documents"})


@dataclass(frozen=True)
class Change:
    """One part that differs: `words` say before and after, line by line."""

    part: str
    words: str


def last_facts_of_origin(codes: Iterable[str], origin: str) -> dict[str, tuple[str, Facts]]:
    """(hash, facts) of what this origin said last of each procedure, published or only offered; by code."""
    found: dict[str, tuple[str, Facts]] = {}
    published = Edition.objects.filter(procedure__code__in=codes, origin=origin).order_by("procedure_id", "-number")
    for code, sha256, facts in published.distinct("procedure_id").values_list(
        "procedure__code", "facts_sha256", "facts"
    ):
        found[code] = (sha256, facts)
    offers = Offer.objects.filter(procedure__code__in=codes, origin=origin)
    for code, sha256, facts in offers.values_list("procedure__code", "facts_sha256", "facts"):
        found[code] = (sha256, facts)
    return found


def waiting_offers(procedures: Iterable[Procedure], origin: str) -> set[int]:
    """Editions in force (their numbers in the database) of which a difference to what this origin says still waits."""
    editions = [procedure.current_id for procedure in procedures if procedure.current_id]
    waiting = OpenQuery.objects.filter(edition__in=editions, kind=DIFFERS, decided_at__isnull=True)
    return set(waiting.filter(path__startswith=f"offered/{origin}/").values_list("edition_id", flat=True))


def changes_in_source(current: Facts, offered: Facts, before: Facts | None) -> list[Change]:
    """What a person must judge: against what the source said `before`, or, the first time, against the current facts
    in what both say without doubt.
    """
    if before is None:
        return [Change(d.part, f"{d.label}: {d.before} → {d.after}") for d in differences(current, offered)]
    parts = [
        part
        for part in NATIONAL_PARTS
        if offered.get(part) != before.get(part) and offered.get(part) != current.get(part)
    ]
    return [Change(part, words_of(part, current, offered)) for part in parts]


def words_of(part: str, current: Facts, offered: Facts) -> str:
    """How a part differs, before and after, line by line."""
    found = [d for d in compare_documents(current, offered) if d.part == part]
    return "\n".join(f"{d.label}: {d.before} → {d.after}" for d in found) or part


def keep_offer(current: Edition, offered: Facts, sha256: str, origin: str, before: Facts | None, at: datetime) -> bool:
    """Keep what `origin` says as open queries of the edition in force, one a part; returns whether there are any."""
    Offer.objects.update_or_create(
        procedure_id=current.procedure_id,
        origin=origin,
        defaults={"facts": offered, "facts_sha256": sha256, "offered_at": at},
    )
    found = changes_in_source(current.facts, offered, before)
    for change in found:
        OpenQuery.objects.update_or_create(
            edition=current,
            kind=DIFFERS,
            path=path_of(origin, change.part),
            defaults={
                "procedure_id": current.procedure_id,
                "raw": change.words[:5000],
                "proposal": proposal_of(change.part, offered),
                "decision": None,
                "decided_at": None,
                "decided_by": "",
            },
        )
    _close_settled(current, offered, origin, at)
    return bool(found)


def _close_settled(current: Edition, offered: Facts, origin: str, at: datetime) -> None:
    """A waiting difference that is none any more, because the source now says what holds, waits for nobody."""
    same = [path_of(origin, part) for part in NATIONAL_PARTS if offered.get(part) == current.facts.get(part)]
    waiting = OpenQuery.objects.filter(edition=current, kind=DIFFERS, path__in=same, decided_at__isnull=True)
    waiting.update(decision={"accepted": False, "settled": True}, decided_at=at, decided_by=origin)


def path_of(origin: str, part: str) -> str:
    return f"offered/{origin}/{part}"


def part_of(open_query: OpenQuery) -> str:
    return open_query.path.rpartition("/")[2]


def proposal_of(part: str, offered: Facts) -> Facts:
    """The offered part as an open query keeps it; cases go along with entries that may belong to one."""
    kept: Facts = {"part": part, "value": offered.get(part)}
    if part in _BY_CASE and offered.get("cases"):
        kept["cases"] = offered["cases"]
    if part == "fees" and offered.get("free"):
        kept["free"] = offered["free"]
    return kept


def with_part(facts: Facts, offered: Facts) -> Facts:
    """A copy of the facts that takes over an offered part (a `proposal`), keeping what the province has set itself."""
    changed, part, value = copy.deepcopy(facts), offered["part"], copy.deepcopy(offered["value"])
    if part == "fees":
        value = [*(value or []), *_set_by_province(facts)]
        free = free_beside_fees({**changed, "fees": value}, {**changed, "free": offered.get("free")})
        changed.pop("free", None)
        if free:
            changed["free"] = free
    if value in (None, "", []) and part not in ("applicants", "terms", "fees", "documents", "results", "legal_basis"):
        changed.pop(part, None)
    else:
        changed[part] = value if value is not None else []
    _add_cases(changed, offered.get("cases", []), changed[part] if part in _BY_CASE else [])
    changed["doubts"] = [
        open_query for open_query in facts.get("doubts", []) if open_query["path"].split("/")[0] != part
    ]
    if not changed["doubts"]:
        del changed["doubts"]
    return changed


def _set_by_province(facts: Facts) -> list[Facts]:
    """Amounts that the province's Council has set; that it sets one is the nation's own statement."""
    return [
        copy.deepcopy(fee) for fee in facts["fees"] if fee.get("set_by") == "province" and fee["amount"] is not None
    ]


def _add_cases(facts: Facts, cases: Sequence[Facts], entries: Sequence[dict[str, Any]]) -> None:
    known = {case["key"] for case in facts.get("cases", [])}
    asked = {entry["case"] for entry in entries if entry.get("case")}
    missing = [case for case in cases if case["key"] in asked - known]
    if missing:
        facts["cases"] = [*facts.get("cases", []), *missing]


def carry_updates(editions: Sequence[Edition], former: dict[int, Edition]) -> None:
    """An undecided difference of the former edition stays undecided on the new one, unless that one settles it."""
    waiting = OpenQuery.objects.filter(edition__in=former.values(), kind=DIFFERS, decided_at__isnull=True)
    by_procedure = {edition.procedure_id: edition for edition in editions}
    copies: list[OpenQuery] = []
    for open_query in waiting:
        edition, offered = by_procedure[open_query.procedure_id], open_query.proposal or {}
        of_its_own = open_query.path.startswith(f"offered/{edition.origin}/")
        if of_its_own or edition.facts.get(part_of(open_query)) == offered.get("value"):
            continue
        fields: dict[str, Any] = {
            "kind": DIFFERS,
            "path": open_query.path,
            "raw": open_query.raw,
            "proposal": open_query.proposal,
        }
        copies.append(OpenQuery(procedure_id=open_query.procedure_id, edition=edition, **fields))
    OpenQuery.objects.bulk_create(copies, ignore_conflicts=True)
