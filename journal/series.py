"""Gap-free number series. The number and the record that bears it are written in one transaction, or neither is."""

from collections.abc import Mapping

from django.db import connection, transaction


def next_number(scope: str) -> int:
    """The next number of `scope`, from 1. Must run within a transaction: the row stays locked until it ends.

    A rollback gives the number back, so a series has no gap and no number twice under any concurrency.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is taken only within the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_numberseries (scope, last) VALUES (%s, 1) "
            "ON CONFLICT (scope) DO UPDATE SET last = journal_numberseries.last + 1 RETURNING last",
            [scope],
        )
        return cursor.fetchone()[0]


def next_numbers(counts: Mapping[str, int]) -> dict[str, int]:
    """The first of so many numbers of each scope, in one statement; otherwise as `next_number`."""
    if not counts:
        return {}
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Numbers are taken only within the transaction that uses them.")
    scopes = sorted(counts)  # always in one order: two who take several do not wait for each other in a circle
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_numberseries (scope, last) SELECT * FROM unnest(%s::text[], %s::bigint[]) "
            "ON CONFLICT (scope) DO UPDATE SET last = journal_numberseries.last + excluded.last RETURNING scope, last",
            [scopes, [counts[scope] for scope in scopes]],
        )
        return {scope: last - counts[scope] + 1 for scope, last in cursor.fetchall()}


def raise_series(reached: Mapping[str, int]) -> None:
    """Let the series go on behind numbers that were given elsewhere; one that is further stays where it is."""
    scopes = sorted(reached)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_numberseries (scope, last) SELECT * FROM unnest(%s::text[], %s::bigint[]) "
            "ON CONFLICT (scope) DO UPDATE SET last = greatest(journal_numberseries.last, excluded.last)",
            [scopes, [reached[scope] for scope in scopes]],
        )
