"""Publishing editions. This is the one writer of editions and of the rows that are read from their facts.

An edition never changes: a change of facts is a new edition, and the former one is superseded. Equal facts
(by their canonical hash) make none. Who may speak for a procedure has a rank: a controller before the carried
catalogue, the bundled catalogue before an import; what comes from below is put before a person part by part
(`source_updates`). An edition that goes the way from a draft is moved by `procedures.editions.lifecycle`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Account
from journal import audit_log
from procedures.competence import table
from procedures.editions import pending_confirmations, rows, source_updates
from procedures.editions.document import Facts, digest_of, is_receivable, require_valid, served_levels
from procedures.models import Edition, EditionAct, Field, Procedure
from procedures.search import index

Origin = Edition.Origin
_RANK = {Origin.IMPORT: 1, Origin.BUNDLED: 2, Origin.CONTROLLER: 3}
# The act of an edition that was published as it came, and of one that another takes the place of.
DIRECTLY, SUPERSEDED = "publish_directly", "supersede"
# … and of one that two people made by deciding its predecessor's open queries.
CONFIRMED_BY_TWO = "confirm"


@dataclass(frozen=True)
class People:
    """Who proposed and who approved; the database refuses that they are one (edition_four_eyes)."""

    proposed_by: Account
    approved_by: Account | None
    proposed_label: str


@dataclass(frozen=True)
class Outcome:
    """What became of offered facts: ``new``, ``changed``, ``unchanged``, or ``kept`` (the published one outranks)."""

    code: str
    change: str
    edition: Edition


def publish_edition(code: str, facts: Facts, origin: str, by: str, at: datetime) -> tuple[Edition, bool]:
    """Make `facts` the published edition of `code`; returns (edition, whether one was made).

    Raises InvalidFacts. `by` is the person or rule as the journal shows it.
    """
    made = publish_all({code: facts}, origin, by, at)
    if made:
        return made[code], True
    return Procedure.objects.select_related("current").get(code=code).in_force, False


def publish_all(
    documents: dict[str, Facts], origin: str, by: str, at: datetime, *, people: People | None = None
) -> dict[str, Edition]:
    """`publish` for many codes in one transaction; returns the editions made, by code."""
    for facts in documents.values():
        require_valid(facts)
    with transaction.atomic():
        published = {code: p.current for code, p in _locked(documents).items() if p.current}
        fresh = []
        for code, facts in documents.items():
            current = published.get(code)
            if current is None or (current.facts_sha256, current.origin) != (digest_of(facts), origin):
                fresh.append((code, facts))
        return _write(fresh, origin, by, at, people)


def offer_documents(offered: Sequence[Facts], origin: str, by: str, at: datetime) -> list[Outcome]:
    """Publish each document whose origin may speak for its procedure; keep the others as differences.

    Offering the same again changes nothing. One transaction; the codes must be distinct and the documents valid.
    """
    with transaction.atomic():
        codes = [facts["code"] for facts in offered]
        procedures = _locked(codes)
        last = source_updates.last_facts_of_origin(codes, origin)
        gone = _abolished(procedures.values())
        waiting = source_updates.waiting_offers(procedures.values(), origin)
        fresh: list[tuple[str, Facts]] = []
        outcomes: dict[str, Outcome] = {}
        for facts in offered:
            code, sha256 = facts["code"], digest_of(facts)
            current = procedures[code].current if code in procedures else None
            if code in gone:
                outcomes[code] = Outcome(code, "kept", gone[code])
            elif current is None or _may_replace(current, origin):
                if current and current.facts_sha256 == sha256:
                    outcomes[code] = Outcome(code, "unchanged", current)
                else:
                    fresh.append((code, facts))
            else:
                before_sha256, before = last.get(code, ("", None))
                same = before_sha256 == sha256
                kept = (
                    current.pk in waiting
                    if same
                    else source_updates.keep_offer(current, facts, sha256, origin, before, at)
                )
                outcomes[code] = Outcome(code, "kept" if kept else "unchanged", current)
        known = {code for code, procedure in procedures.items() if procedure.current_id}
        for code, edition in _write(fresh, origin, by, at).items():
            outcomes[code] = Outcome(code, "changed" if code in known else "new", edition)
        return [outcomes[code] for code in codes]


def _locked(codes: Iterable[str]) -> dict[str, Procedure]:
    found = Procedure.objects.select_for_update(of=("self",)).filter(code__in=codes).order_by("code")
    return {procedure.code: procedure for procedure in found.select_related("current")}


def _may_replace(current: Edition, origin: str) -> bool:
    """Nobody but a person ends a suspension."""
    in_force = current.status == Edition.Status.PUBLISHED
    return in_force and _RANK[Origin(current.origin)] <= _RANK[Origin(origin)]


def _abolished(procedures: Iterable[Procedure]) -> dict[str, Edition]:
    """The abolished editions of procedures that have none in force, by code: a source does not bring them back."""
    ended = [procedure for procedure in procedures if procedure.current is None]
    found = Edition.objects.filter(procedure__in=ended, status=Edition.Status.ABOLISHED).select_related("procedure")
    return {edition.procedure.code: edition for edition in found.order_by("number")}


def _write(
    items: list[tuple[str, Facts]], origin: str, by: str, at: datetime, people: People | None = None
) -> dict[str, Edition]:
    """Write new editions, set-based: the number of statements does not grow with the number of items."""
    if not items:
        return {}
    procedures = _procedures_of(items)
    fields = _fields_of(items)
    numbers = dict(
        Edition.objects.filter(procedure__in=procedures.values())
        .order_by("number")
        .values_list("procedure_id", "number")
    )
    _end([p.current for p in procedures.values() if p.current], by, at)
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
                facts_sha256=digest_of(facts),
                published_at=at,
                published_by=by,
                drafted_by=people.proposed_by if people else None,
                editors=[people.proposed_by.pk] if people else [],
                approved_by=people.approved_by if people else None,
            )
            for code, facts in items
        ],
        batch_size=200,
    )
    rows.write_rows(editions)
    facts = {"proposed_by": people.proposed_label} if people else {"origin": str(origin)}
    act, account = (CONFIRMED_BY_TWO, people.approved_by) if people else (DIRECTLY, None)
    EditionAct.objects.bulk_create(
        [
            EditionAct(edition=e, act=act, to_status=e.status, at=at, account=account, actor=by[:200], facts=facts)
            for e in editions
        ],
        batch_size=500,
    )
    _take_place(editions, by)
    return {edition.procedure.code: edition for edition in editions}


def put_in_force(edition: Edition, by: str, at: datetime) -> None:
    """Make an edition that went the way from a draft the one in force. Its procedure is locked by the caller."""
    _end([edition.procedure.current] if edition.procedure.current else [], by, at)
    edition.status = Edition.Status.PUBLISHED
    edition.published_at, edition.published_by = edition.published_at or at, edition.published_by or by[:200]
    edition.save(update_fields=["status", "published_at", "published_by"])
    rows.write_open_queries(edition)
    _say_who_settles(edition, by)
    _take_place([edition], by)


def _say_who_settles(edition: Edition, by: str) -> None:
    """What a draft newly says of who settles goes into the table of competences, which decides."""
    before = edition.based_on.facts.get("settled_by") if edition.based_on else None
    settled = edition.facts.get("settled_by")
    if settled and settled != before:
        named = settled if isinstance(settled, dict) else dict.fromkeys(served_levels(edition.facts), settled)
        for level, key in named.items():
            table.write_row(table.Scope(edition.procedure, None, level), key, by)


def _end(former: list[Edition], by: str, at: datetime) -> None:
    ending = [e for e in former if e.status in (Edition.Status.PUBLISHED, Edition.Status.SUSPENDED)]
    Edition.objects.filter(pk__in=[e.pk for e in ending]).update(status=Edition.Status.SUPERSEDED, ended_at=at)
    EditionAct.objects.bulk_create(
        [
            EditionAct(
                edition=e, act=SUPERSEDED, from_status=e.status, to_status="superseded", at=at, actor=by[:200],
                automatic=True,
            )
            for e in ending
        ],
        batch_size=500,
    )  # fmt: skip


def _take_place(editions: Sequence[Edition], by: str) -> None:
    """Point the procedures at their new editions, which are published already."""
    former = {e.procedure_id: e.procedure.current for e in editions if e.procedure.current is not None}
    source_updates.carry_updates(editions, former)
    pending_confirmations.carry_pending(editions, former)
    for edition in editions:
        procedure = edition.procedure
        procedure.current = edition
        if procedure.kind != Procedure.Kind.INTERNAL:
            received = is_receivable(edition.facts)
            procedure.kind = Procedure.Kind.RECEIVABLE if received else Procedure.Kind.REFERRED
        audit_log.record_entry(
            "edition.published",
            f"procedure:{procedure.code}",
            by=by,
            number=edition.number,
            edition_origin=str(edition.origin),
            sha256=edition.facts_sha256,
        )
    Procedure.objects.bulk_update([e.procedure for e in editions], ["current", "kind"], batch_size=500)
    index.index_procedures(editions)


def _procedures_of(items: list[tuple[str, Facts]]) -> dict[str, Procedure]:
    Procedure.objects.bulk_create(
        [Procedure(code=code, kind=Procedure.Kind.REFERRED) for code, _ in items], ignore_conflicts=True, batch_size=500
    )
    return _locked([code for code, _ in items])


def _fields_of(items: list[tuple[str, Facts]]) -> dict[str, Field]:
    wanted = {facts["field"]["key"]: facts["field"] for _, facts in items}
    rows.write_fields(wanted.values())
    return {field.key: field for field in Field.objects.filter(key__in=wanted)}
