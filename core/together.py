"""Several statements in one message to the database: one way there and back instead of one each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection


class Statement(NamedTuple):
    """A statement without a semicolon, and the values of its places."""

    sql: str
    values: Sequence[Any] = ()


class Answer(NamedTuple):
    rows: list[tuple[Any, ...]]
    touched: int  # rows read or written


def execute_together(*statements: Statement) -> list[Answer]:
    """Carry out the statements one after the other; returns the answer of each.

    Each sees what was committed until it begins, as if it had been sent alone. What the database refuses raises as
    ever, and the statements after it are not carried out. Call it within a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(statement.sql for statement in statements),
            [value for statement in statements for value in statement.values],
        )
        answers = [_answer(cursor)]
        while cursor.nextset():
            answers.append(_answer(cursor))
    return answers


def _answer(cursor: Any) -> Answer:
    return Answer(cursor.fetchall() if cursor.description else [], cursor.rowcount)
