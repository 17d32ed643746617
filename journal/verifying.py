"""Verifying: recomputing every seal from the rows as they are now, and naming the first row that is not as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from django.db.models import Model

from journal.kept import Sealed, sealed_models
from journal.models import DayRoot, Seal
from journal.sealing import (
    NOTHING,
    block_root,
    day_merkle_root,
    rows_between,
    seal_hash,
)
from journal.signing import is_signed


class Kind(StrEnum):
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    REORDERED = "reordered"
    SEAL = "seal"  # the seals themselves were altered
    DAY = "day"  # a day's root is not what was signed, or not what was kept elsewhere


@dataclass(frozen=True)
class Fault:
    """What is not as it was. `row` is the key of the first row, None where the seals themselves are wrong."""

    kind: Kind
    stream: str
    row: int | None
    sentence: str


@dataclass
class Report:
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0
    seals: int = 0
    days: int = 0
    waiting: int = 0  # rows written and not sealed yet


def verify_history(*, kept_roots: Mapping[str, str] | None = None) -> Report:
    """Verify every stream and every day; of each stream the first fault only, because all behind it is doubtful.

    `kept_roots`: hash of a day's root by its day (ISO), from a copy that was kept outside.
    """
    report = Report()
    for name, (model, promise) in sealed_models().items():
        fault = next(_faults_of(name, model, promise, report), None)
        if fault is not None:
            report.faults.append(fault)
    fault = next(_faults_of_days(report, kept_roots or {}), None)
    if fault is not None:
        report.faults.append(fault)
    return report


def _faults_of(name: str, model: type[Model], promise: Sealed, report: Report) -> Iterator[Fault]:
    previous, since = NOTHING, 0
    seals = Seal.objects.filter(stream=name).order_by("number").iterator(chunk_size=50)
    for number, seal in enumerate(seals, 1):
        yield from _faults_of_seal(seal, number=number, previous=previous, since=since)
        yield from _faults_of_rows(seal, model, promise, since)
        previous, since = seal.hash, seal.last_id
        report.seals += 1
        report.rows += seal.rows
    report.waiting += model._base_manager.filter(pk__gt=since).count()


def _faults_of_seal(seal: Seal, *, number: int, previous: str, since: int) -> Iterator[Fault]:
    digests = seal.each_digest()
    sound = (
        seal.number == number
        and seal.previous == previous
        and seal.hash == seal_hash(seal)
        and seal.last_id >= since
        and len(seal.ids) == len(digests) == seal.rows
        and block_root(seal.ids, digests).hex() == seal.root
    )
    if not sound:
        yield Fault(Kind.SEAL, seal.stream, None, f"{seal.stream}: block {number} is not the one that was sealed.")


def _faults_of_rows(seal: Seal, model: type[Model], promise: Sealed, since: int) -> Iterator[Fault]:
    sealed = list(zip(seal.ids, seal.each_digest(), strict=True))
    present = list(rows_between(model, promise, seal.form, since, seal.last_id))
    if sealed == present:
        return
    first = next((was, now) for was, now in zip_longest(sealed, present) if was != now)
    was, now = first
    when = seal.sealed_at.isoformat(timespec="seconds")
    if was is not None and now is not None and was[0] == now[0]:
        if now[1] in {digest for _pk, digest in sealed}:
            other = next(pk for pk, digest in sealed if digest == now[1])
            yield _fault(Kind.REORDERED, seal, was[0], f"holds what row {other} held when it was sealed ({when})")
        yield _fault(Kind.CHANGED, seal, was[0], f"is not as it was sealed ({when})")
    elif now is None or (was is not None and was[0] < now[0]):
        yield _fault(Kind.REMOVED, seal, was[0] if was else 0, f"was sealed ({when}) and is gone")
    else:
        yield _fault(Kind.ADDED, seal, now[0], f"stands where no row was when the block was sealed ({when})")


def _fault(kind: Kind, seal: Seal, row: int, words: str) -> Fault:
    return Fault(kind, seal.stream, row, f"{seal.stream}: row {row} {words}.")


def _faults_of_days(report: Report, kept_roots: Mapping[str, str]) -> Iterator[Fault]:
    previous, since = NOTHING, 0
    hashes = Seal.objects.order_by("pk").values_list("hash", flat=True)
    for root in DayRoot.objects.order_by("day").iterator(chunk_size=200):
        day = root.day.isoformat()
        sealed = list(hashes.filter(pk__gt=since, pk__lte=root.last_seal))
        statement = root.statement
        if (
            root.previous != previous
            or root.hash != hashlib.sha256(statement).hexdigest()
            or (root.seals, root.root) != (len(sealed), day_merkle_root(sealed).hex())
        ):
            yield Fault(Kind.DAY, "days", None, f"{day}: the day's root is not the one over its blocks.")
        if not is_signed(statement, root.signature, root.public_key):
            yield Fault(Kind.DAY, "days", None, f"{day}: the signature under the day's root is not genuine.")
        if kept_roots.get(day, root.hash) != root.hash:
            yield Fault(Kind.DAY, "days", None, f"{day}: the copy kept outside has another root for this day.")
        previous, since = root.hash, root.last_seal
        report.days += 1
    known = {day.isoformat() for day in DayRoot.objects.values_list("day", flat=True)}
    if missing := sorted(set(kept_roots) - known):
        yield Fault(Kind.DAY, "days", None, f"{missing[0]}: the copy kept outside has a root that is gone here.")
