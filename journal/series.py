"""Gap-free number series. The number and the record that bears it are written in one transaction, or neither is."""

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
