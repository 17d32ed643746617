"""Sealing the numbers that stand in the database anew: with another key of the ring, or under another index key.

Rows are taken in batches of their own transaction and written only where nobody wrote them meanwhile: an interrupted
run is begun again, and web and workers go on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from psycopg import sql

from core.sealed_field import SealedField
from core.sealed_numbers import (
    UnreadableNumber,
    current_key_name,
    is_sealed,
    number_digest,
    seal_number,
    unseal_number,
)

BATCH = 2_000


@dataclass(frozen=True)
class Rotated:
    """What became of one column: numbers sealed anew, and how many are still sealed with another key."""

    column: str  # "accounts_person.personal_number"
    changed: int
    left: int


def sealed_fields() -> list[SealedField]:
    """Every column of the installation that holds sealed numbers."""
    models = [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
    return [f for model in models for f in model._meta.local_concrete_fields if isinstance(f, SealedField)]


def rotate_numbers(*, index: bool = False) -> Iterator[Rotated]:
    """Seal with the first key of the ring what another key sealed; with `index` also what another index key digests,
    for which nobody else may write. Column by column."""
    for field in sealed_fields():
        changed = sum(_rotate_batch(field, batch) for batch in _batches(field, every=index))
        yield Rotated(f"{field.model._meta.db_table}.{field.column}", changed, _left(field))


def keys_in_use() -> dict[str, int]:
    """How many numbers each key has sealed, by the key's name."""
    found: dict[str, int] = {}
    for field in sealed_fields():
        query = "SELECT split_part({column}, '.', 2), count(*) FROM {table} WHERE {column} <> '' GROUP BY 1"
        with connection.cursor() as cursor:
            cursor.execute(_for(field, query))
            for name, number in cursor.fetchall():
                found[name] = found.get(name, 0) + number
    return found


def wrong_keys() -> set[str]:
    """NUMBER_KEYS when a key has left the ring that is still needed, NUMBER_INDEX_KEY when it is another than that of
    the digests; judged by the newest number of each column."""
    found = set()
    for field in sealed_fields():
        query = "SELECT {column} FROM {table} WHERE {column} <> '' ORDER BY {key} DESC LIMIT 1"
        with connection.cursor() as cursor:
            cursor.execute(_for(field, query))
            row = cursor.fetchone()
        if row is None or not is_sealed(row[0]):
            continue
        try:
            number = unseal_number(row[0], field.place)
        except (ImproperlyConfigured, UnreadableNumber):
            found.add("NUMBER_KEYS")
            continue
        if not row[0].startswith(number_digest(number)):
            found.add("NUMBER_INDEX_KEY")
    return found


def _batches(field: SealedField, *, every: bool) -> Iterator[Sequence[tuple[int, str]]]:
    """(primary key, sealed number) of what may have to be sealed anew, in the order of the keys."""
    last, name = 0, "" if every else current_key_name()
    query = (
        "SELECT {key}, {column} FROM {table} WHERE {key} > %s AND {column} <> '' AND split_part({column}, '.', 2) <> %s"
        " ORDER BY {key} LIMIT %s"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_for(field, query), [last, name, BATCH])
            rows = cursor.fetchall()
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        last = rows[-1][0]


def _rotate_batch(field: SealedField, rows: Sequence[tuple[int, str]]) -> int:
    current, changes = current_key_name(), []
    for key, sealed in rows:
        number = unseal_number(sealed, field.place)
        if sealed.split(".")[:2] != [number_digest(number), current]:
            changes.append((key, sealed, seal_number(number, field.place)))
    if not changes:
        return 0
    query = (
        "UPDATE {table} AS row SET {column} = new.after FROM unnest(%s::bigint[], %s::text[], %s::text[])"
        " AS new(key, before, after) WHERE row.{key} = new.key AND row.{column} = new.before"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_for(field, query), [list(each) for each in zip(*changes, strict=True)])
        return cursor.rowcount


def _left(field: SealedField) -> int:
    query = "SELECT count(*) FROM {table} WHERE {column} <> '' AND split_part({column}, '.', 2) <> %s"
    with connection.cursor() as cursor:
        cursor.execute(_for(field, query), [current_key_name()])
        return int(cursor.fetchone()[0])


def _for(field: SealedField, query: str) -> sql.Composed:
    meta = field.model._meta
    return sql.SQL(query).format(
        table=sql.Identifier(meta.db_table),
        column=sql.Identifier(str(field.column)),
        key=sql.Identifier(str(meta.pk.column)),
    )
