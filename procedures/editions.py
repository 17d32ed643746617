"""Publishing editions. This is the one writer of editions and of the rows that are read from their facts.

An edition never changes: a change of facts is a new edition, and the former one is superseded. Equal facts
(by their canonical hash) make none. Who may speak for a procedure has a rank: a controller before the carried
catalogue, the carried catalogue before an import; what comes from below is kept as a doubt that shows the
difference, until a controller decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from journal import history
from procedures import rows, search
from procedures.differences import differences
from procedures.facts import Facts, digest, is_receivable, require_valid
from procedures.models import Doubt, Edition, Field, Procedure

Origin = Edition.Origin
_RANK = {Origin.IMPORT: 1, Origin.CARRIED: 2, Origin.CONTROLLER: 3}
DIFFERS = "differs_from_published"


@dataclass(frozen=True)
class Outcome:
    """What became of offered facts: ``new``, ``changed``, ``unchanged``, or ``kept`` (the published one outranks)."""

    code: str
    change: str
    edition: Edition


def publish(code: str, facts: Facts, origin: str, by: str, at: datetime) -> tuple[Edition, bool]:
    """Make `facts` the published edition of `code`; returns (edition, whether one was made).

    Raises InvalidFacts. `by` is the person or rule as the journal shows it.
    """
    made = publish_all({code: facts}, origin, by, at)
    if made:
        return made[code], True
    return Procedure.objects.select_related("current").get(code=code).in_force, False


def publish_all(documents: dict[str, Facts], origin: str, by: str, at: datetime) -> dict[str, Edition]:
    """`publish` for many codes in one transaction; returns the editions made, by code."""
    for facts in documents.values():
        require_valid(facts)
    with transaction.atomic():
        published = {code: p.current for code, p in _locked(documents).items() if p.current}
        fresh = []
        for code, facts in documents.items():
            current = published.get(code)
            if current is None or (current.facts_sha256, current.origin) != (digest(facts), origin):
                fresh.append((code, facts))
        return _write(fresh, origin, by, at)


def offer(offered: Sequence[Facts], origin: str, by: str, at: datetime) -> list[Outcome]:
    """Publish each document whose origin may speak for its procedure; keep the others as differences.

    Offering the same again changes nothing. One transaction; the codes must be distinct and the documents valid.
    """
    with transaction.atomic():
        codes = [facts["code"] for facts in offered]
        procedures = _locked(codes)
        last = _last_offered(codes, origin)
        fresh: list[tuple[str, Facts]] = []
        outcomes: dict[str, Outcome] = {}
        for facts in offered:
            code, sha256 = facts["code"], digest(facts)
            current = procedures[code].current if code in procedures else None
            if current is None or _RANK[Origin(current.origin)] <= _RANK[Origin(origin)]:
                if current and current.facts_sha256 == sha256:
                    outcomes[code] = Outcome(code, "unchanged", current)
                else:
                    fresh.append((code, facts))
            elif last.get(code) == sha256:
                outcomes[code] = Outcome(code, "unchanged", current)
            else:
                outcomes[code] = _keep_difference(current, facts, sha256, origin)
        for code, edition in _write(fresh, origin, by, at).items():
            outcomes[code] = Outcome(code, "new" if edition.number == 1 else "changed", edition)
        return [outcomes[code] for code in codes]


def _locked(codes: Iterable[str]) -> dict[str, Procedure]:
    found = Procedure.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("code")
    return {procedure.code: procedure for procedure in found.select_related("current")}


def _last_offered(codes: list[str], origin: str) -> dict[str, str]:
    """The hash of what this origin said last of each procedure, published or kept as a difference."""
    last: dict[str, str] = dict(
        Edition.objects.filter(procedure__code__in=codes, origin=origin)
        .order_by("number")
        .values_list("procedure__code", "facts_sha256")
    )
    kept = Doubt.objects.filter(procedure__code__in=codes, kind=DIFFERS, path=f"offered/{origin}").order_by("id")
    last.update(kept.values_list("procedure__code", "proposal__sha256"))
    return last


def _keep_difference(current: Edition, facts: Facts, sha256: str, origin: str) -> Outcome:
    found = differences(current.facts, facts)
    if not found:
        return Outcome(facts["code"], "unchanged", current)
    Doubt.objects.update_or_create(
        edition=current,
        kind=DIFFERS,
        path=f"offered/{origin}",
        defaults={
            "procedure_id": current.procedure_id,
            "raw": "\n".join(f"{d.label}: {d.before} → {d.after}" for d in found),
            "proposal": {"sha256": sha256, "origin": origin, "facts": facts},
            "decision": None,
            "decided_at": None,
            "decided_by": "",
        },
    )
    return Outcome(facts["code"], "kept", current)


def _write(items: list[tuple[str, Facts]], origin: str, by: str, at: datetime) -> dict[str, Edition]:
    """Write new editions, set-based: the number of statements does not grow with the number of items."""
    if not items:
        return {}
    procedures = _procedures_of(items)
    former = {p.pk: p.current for p in procedures.values() if p.current is not None}
    fields = _fields_of(items)
    numbers = dict(
        Edition.objects.filter(procedure__in=procedures.values())
        .order_by("number")
        .values_list("procedure_id", "number")
    )
    Edition.objects.filter(procedure__in=procedures.values(), status=Edition.Status.PUBLISHED).update(
        status=Edition.Status.SUPERSEDED, ended_at=at
    )
    editions = Edition.objects.bulk_create(
        [
            Edition(
                procedure=procedures[code],
                number=numbers.get(procedures[code].pk, 0) + 1,
                origin=origin,
                title=facts["title"],
                title_en=facts.get("title_en", ""),
                field=fields[facts["field"]["key"]],
                ministry=facts.get("ministry", ""),
                levels=facts["levels"],
                applicants=facts["applicants"],
                online_level=facts["online_level"]["value"],
                facts=facts,
                facts_sha256=digest(facts),
                published_at=at,
                published_by=by,
            )
            for code, facts in items
        ],
        batch_size=200,
    )
    rows.write(editions)
    _carry_differences(editions, former)
    for edition in editions:
        procedure = edition.procedure
        procedure.current = edition
        procedure.kind = (
            (Procedure.Kind.RECEIVABLE if is_receivable(edition.facts) else Procedure.Kind.REFERRED)
            if procedure.kind != Procedure.Kind.INTERNAL
            else procedure.kind
        )
        history.record(
            "edition.published",
            f"procedure:{procedure.code}",
            actor=by,
            number=edition.number,
            edition_origin=str(origin),
            sha256=edition.facts_sha256,
        )
    Procedure.objects.bulk_update([e.procedure for e in editions], ["current", "kind"], batch_size=500)
    search.index(editions)
    return {edition.procedure.code: edition for edition in editions}


def _procedures_of(items: list[tuple[str, Facts]]) -> dict[str, Procedure]:
    Procedure.objects.bulk_create(
        [Procedure(code=code, kind=Procedure.Kind.REFERRED) for code, _ in items], ignore_conflicts=True, batch_size=500
    )
    return _locked([code for code, _ in items])


def _fields_of(items: list[tuple[str, Facts]]) -> dict[str, Field]:
    wanted = {facts["field"]["key"]: facts["field"] for _, facts in items}
    rows.write_fields(wanted.values())
    return {field.key: field for field in Field.objects.filter(key__in=wanted)}


def _carry_differences(editions: list[Edition], former: dict[int, Edition]) -> None:
    """An undecided difference of the former edition stays undecided on the new one."""
    waiting = Doubt.objects.filter(edition__in=former.values(), kind=DIFFERS, decided_at__isnull=True)
    by_procedure = {edition.procedure_id: edition for edition in editions}
    copies: list[Doubt] = []
    for doubt in waiting:
        edition = by_procedure[doubt.procedure_id]
        if doubt.path == f"offered/{edition.origin}" or (doubt.proposal or {}).get("sha256") == edition.facts_sha256:
            continue
        fields: dict[str, Any] = {"kind": DIFFERS, "path": doubt.path, "raw": doubt.raw, "proposal": doubt.proposal}
        copies.append(Doubt(procedure_id=doubt.procedure_id, edition=edition, **fields))
    Doubt.objects.bulk_create(copies)
