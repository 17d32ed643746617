"""The tables that are written in bulk: their indexes taken away and made again, and looked after when they are full."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

from demo.simulation.examples import TABLES

AT_ONCE = 2
# What takes each index away and what makes it again: of a constraint through it, else by itself.
_DROPPED = """
    SELECT CASE WHEN c.oid IS NULL THEN 'DROP INDEX ' || i.indexrelid::regclass
                ELSE format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname) END,
           CASE WHEN c.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
                ELSE format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname,
                            pg_get_constraintdef(c.oid)) END
    FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x')
    WHERE i.indrelid = ANY(%s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
"""


class CannotWrite(Exception):
    """One sentence: what is missing, and what to do."""


@contextmanager
def without_indexes(models: Iterable[type[Model]]) -> Iterator[None]:
    """Within the present transaction, for these tables: no triggers, no look-up of references, no index but those that
    references lead to. Made again at its end, unique ones hold their promise for every row, and cost a sort instead of
    a look-up for each."""
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if not cursor.fetchone()[0]:
            raise CannotWrite(
                "Writing in bulk needs a database role that may set session_replication_role; use the embedded servers."
            )
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(_DROPPED, [tables])
        dropped = cursor.fetchall()
        for away, _again in dropped:
            cursor.execute(away)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        for _away, again in dropped:
            cursor.execute(again)


def look_after_tables() -> None:
    """Statistics, and which pages everybody may see: without that an index does not answer alone, and lists took twice
    as long in the database until PostgreSQL came round to it by itself. By connections of their own, two at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(_vacuum, [model._meta.db_table for model in TABLES]))


def _vacuum(table: str) -> None:
    try:
        with connection.cursor() as cursor:
            # Its indexes were made a moment ago; its pages need not go round in a small ring.
            cursor.execute(f"VACUUM (ANALYZE, INDEX_CLEANUP off, TRUNCATE off, BUFFER_USAGE_LIMIT 0) {table}")
    finally:
        connection.close()  # this thread's
