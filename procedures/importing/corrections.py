"""Puts right the numbers of legal acts that an older reading of an extract published wrongly.

The older reading lost what stands before a dot: 66.7/2025/NQ-CP became 7/2025/NQ-CP. Which numbers are wrong is seen
only in the extract, since 16/2026/NQ-CP and 66.16/2026/NQ-CP may both exist.
"""

import copy
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from journal import audit_log
from procedures.editions import publishing, source_updates
from procedures.editions.document import Facts, digest_of
from procedures.importing.act_numbers import acts_of
from procedures.models import Edition, Offer, OpenQuery

BY = "Chỉnh số hiệu văn bản theo nguồn"
_PART = "legal_basis"

Misread = Mapping[str, Mapping[str, str]]  # by procedure code: the number as misread, the number as it stands there


def misread_acts(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """What an older reading may have made of the rows' act numbers, by procedure code."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        acts = acts_of(row)
        wrong = {old: new for old, new in acts.misread.items() if old not in acts.numbers}
        if wrong:
            found[str(row.get("code", "")).strip()] = wrong
    return found


def correct_act_numbers(misread: Misread, at: datetime, by: str = BY) -> int:
    """Publish a corrected edition wherever a misread number is in force; returns how many.

    Differences that wait for a person, drafts, and what a source is remembered to have said are corrected with it. A
    second run changes nothing. One transaction.
    """
    with transaction.atomic():
        documents: dict[str, dict[str, Facts]] = {}
        in_force = Edition.objects.filter(status=Edition.Status.PUBLISHED, procedure__code__in=misread)
        for code, origin, facts in in_force.values_list("procedure__code", "origin", "facts"):
            if corrected := _corrected(facts[_PART], misread[code]):
                documents.setdefault(origin, {})[code] = {**facts, _PART: corrected}
        # What waits goes first: a new edition takes over the differences of the former one.
        _correct_waiting(misread)
        made = [
            edition
            for origin, own in documents.items()
            for edition in publishing.publish_all(own, origin, by, at).values()
        ]
        if made:
            audit_log.record_entry("catalogue.act_numbers_corrected", "catalogue", by=by, editions=len(made))
    return len(made)


def _correct_waiting(misread: Misread) -> None:
    for offer in Offer.objects.filter(procedure__code__in=misread).select_related("procedure"):
        if corrected := _corrected(offer.facts.get(_PART, []), misread[offer.procedure.code]):
            offer.facts = {**offer.facts, _PART: corrected}
            offer.facts_sha256 = digest_of(offer.facts)
            offer.save(update_fields=["facts", "facts_sha256"])
    drafts = Edition.objects.filter(status=Edition.Status.DRAFT, procedure__code__in=misread).select_related(
        "procedure"
    )
    for draft in drafts:
        if corrected := _corrected(draft.facts[_PART], misread[draft.procedure.code]):
            draft.facts = {**draft.facts, _PART: corrected}
            draft.facts_sha256 = digest_of(draft.facts)
            draft.save(update_fields=["facts", "facts_sha256"])
    differences = OpenQuery.objects.filter(
        kind=source_updates.DIFFERS, decided_at__isnull=True, procedure__code__in=misread, path__endswith=f"/{_PART}"
    )
    for open_query in differences.select_related("procedure", "edition"):
        wrong = misread[open_query.procedure.code]
        proposal = copy.deepcopy(open_query.proposal or {})
        if corrected := _corrected(proposal.get("value") or [], wrong):
            offered = {**open_query.edition.facts, _PART: corrected}
            proposal["value"] = corrected
            open_query.proposal, open_query.raw = (
                proposal,
                source_updates.words_of(_PART, open_query.edition.facts, offered)[:5000],
            )
            open_query.save(update_fields=["proposal", "raw"])


def _corrected(numbers: list[str], wrong: Mapping[str, str]) -> list[str] | None:
    """The numbers put right; None when none of them is wrong."""
    if not any(number in wrong for number in numbers):
        return None
    return list(dict.fromkeys(wrong.get(number, number) for number in numbers))
