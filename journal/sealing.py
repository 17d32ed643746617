"""Sealing: what was written is hashed in blocks, each chained to the one before, and each day gets one signed root.

Nothing of this is on the way of whoever writes: a task seals what is final every few minutes. One chain a stream, and
a row of a chain is written once, so no row is waited for. How it holds, and what it cannot show, is in
docs/decisions/sealed-history.md.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import takewhile
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from journal import merkle
from journal.canonical import canonical, plain
from journal.kept import Sealed, sealed_models
from journal.models import DayRoot, Seal
from journal.signing import public_hex, signing_key

ROWS = 1000  # of one block at most
NOTHING = "0" * 64  # what the first of a chain points back to
_LOCK = 0x5EA1_5EA1
_PATIENCE = 5.0  # seconds for writers that are under way; what they write is sealed next time
_WRITERS = (
    "pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND relation = %s::regclass AND mode = 'RowExclusiveLock'"
)


def seal_streams(*, at: datetime, only: str = "") -> int:
    """Seal whatever is final of every stream (or of one); returns how many rows. Safe at any time and twice at once."""
    sealed = 0
    for name, (model, promise) in sealed_models().items():
        if only in ("", name):
            final = last_final_id(model)
            while rows := _seal_block(model, promise, final, at=at):
                sealed += rows
    return sealed


def last_final_id(model: type[Model]) -> int:
    """The greatest key up to which no row can appear any more.

    Keys come from a sequence before their transactions end, so a smaller key may come after a greater one. Whoever has
    taken a key has locked the table before and holds that lock until the end: when those who hold it now are gone, all
    keys given until now are settled. The server lists the locks of all its databases, and one that was copied from the
    same template has its tables under the same numbers: only writers of this database count.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT last_value, is_called FROM {_sequence(model)}")  # noqa: S608 (the model's own name)
        last, called = cursor.fetchone()
        cursor.execute(
            f"SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{{}}') FROM {_WRITERS} "  # noqa: S608 (words of this module)
            "AND granted AND pid IS DISTINCT FROM pg_backend_pid()",
            [table],
        )
        (writers,) = cursor.fetchone()
        waited = time.monotonic() + _PATIENCE
        while writers:
            cursor.execute(
                f"SELECT count(*) FROM {_WRITERS} AND virtualtransaction = ANY(%s)",  # noqa: S608 (as above)
                [table, writers],
            )
            if cursor.fetchone()[0] == 0:
                break
            if time.monotonic() > waited:
                return 0
            time.sleep(0.02)
    return last if called else 0


def _sequence(model: type[Model]) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
        return cursor.fetchone()[0]


@transaction.atomic
def _seal_block(model: type[Model], promise: Sealed, final: int, *, at: datetime) -> int:
    if not _only_one_seals():
        return 0
    before = Seal.objects.filter(stream=promise.name).order_by("-number").first()
    since = before.last_id if before else 0
    rows = list(rows_between(model, promise, promise.newest, since, final, limit=ROWS))
    if not rows:
        return 0
    ids, digests = [pk for pk, _digest in rows], [digest for _pk, digest in rows]
    seal = Seal(
        stream=promise.name,
        number=before.number + 1 if before else 1,
        form=promise.newest,
        # Up to the end of what is final, unless the block is full: no row may appear in between.
        last_id=ids[-1] if len(ids) == ROWS else final,
        rows=len(ids),
        ids=ids,
        digests=b"".join(digests),
        root=block_root(ids, digests).hex(),
        previous=before.hash if before else NOTHING,
        sealed_at=at,
    )
    seal.hash = seal_hash(seal)
    seal.save(force_insert=True)
    return len(ids)


def close_days(*, at: datetime) -> int:
    """Sign the root of each local day that is over and has seals; returns how many. Twice changes nothing."""
    seal_streams(at=at)
    closed = 0
    while close_day(at=at):
        closed += 1
    return closed


@transaction.atomic
def close_day(*, at: datetime, even_today: bool = False) -> DayRoot | None:
    """Sign the root over the seals of the earliest day that has none yet, when that day is over."""
    if not _only_one_seals():
        return None
    before = DayRoot.objects.order_by("-day").first()
    open_seals = Seal.objects.filter(pk__gt=before.last_seal if before else 0).order_by("pk")
    first = open_seals.first()
    if first is None:
        return None
    day = timezone.localdate(first.sealed_at)
    if before is not None and day <= before.day:
        day = before.day + timedelta(days=1)  # sealed after its day had been closed
    if day >= timezone.localdate(at) and not even_today:
        return None
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time_of_day.min))
    chained = open_seals.values_list("pk", "hash", "sealed_at")
    hashes = [(pk, each) for pk, each, _moment in takewhile(lambda row: row[2] < end, chained)]
    key = signing_key()
    root = DayRoot(
        day=day,
        last_seal=hashes[-1][0],
        seals=len(hashes),
        root=day_merkle_root([each for _pk, each in hashes]).hex(),
        previous=before.hash if before else NOTHING,
        closed_at=at,
        public_key=public_hex(key),
    )
    root.hash = hashlib.sha256(root.statement).hexdigest()
    root.signature = key.sign(root.statement).hex()
    root.save(force_insert=True)
    return root


def _only_one_seals() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return cursor.fetchone()[0]


def rows_between(
    model: type[Model], promise: Sealed, form: int, since: int, until: int, *, limit: int | None = None
) -> Iterator[tuple[int, bytes]]:
    """(key, digest) of the rows with keys above `since` up to `until`, streamed in the order of keys."""
    names = promise.forms[form]
    found = model._base_manager.filter(pk__gt=since, pk__lte=until).order_by("pk").values_list("pk", *names)
    for pk, *values in found[:limit] if limit else found.iterator(chunk_size=2000):
        yield pk, digest_of(published(promise, form, values))


def published(promise: Sealed, form: int, values: Sequence[Any]) -> dict[str, Any]:
    """The fields of one row as a proof shows them: plain JSON, what is personal as a salted hash."""
    fields = {name: plain(value) for name, value in zip(promise.forms[form], values, strict=True)}
    if promise.blinded:
        salt = str(fields[promise.salt])
        for name in promise.blinded & fields.keys():
            fields[name] = hashlib.sha256(salt.encode() + b"\x00" + canonical(fields[name])).hexdigest()
    return fields


def digest_of(fields: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical(fields)).digest()


def row_leaf(pk: int, digest: bytes) -> bytes:
    """The leaf of a row in its block's tree: its place and its content."""
    return merkle.leaf_hash(pk.to_bytes(8, "big") + digest)


def block_root(ids: Sequence[int], digests: Sequence[bytes]) -> bytes:
    return merkle.root_of([row_leaf(pk, digest) for pk, digest in zip(ids, digests, strict=True)])


def seal_hash(seal: Seal) -> str:
    return hashlib.sha256(canonical(seal.statement())).hexdigest()


def day_leaf(seal_hash: str) -> bytes:
    return merkle.leaf_hash(bytes.fromhex(seal_hash))


def day_merkle_root(hashes: Sequence[str]) -> bytes:
    return merkle.root_of([day_leaf(each) for each in hashes])
