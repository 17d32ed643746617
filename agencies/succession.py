"""Which agencies one has taken over from."""

from typing import NamedTuple

from django.db import connection

# UNION, and not UNION ALL, ends a circle.
_PREDECESSORS = """
    WITH RECURSIVE taken_over AS (
        SELECT id, code FROM agencies_agency WHERE id = ANY(%s)
        UNION
        SELECT former.id, former.code FROM agencies_agency former JOIN taken_over ON former.successor_id = taken_over.id
    ) SELECT id, code FROM taken_over
"""


class Body(NamedTuple):
    pk: int
    code: str


def with_predecessors(*agencies: int) -> list[Body]:
    """Those agencies and all that merged into them, directly or by way of others; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PREDECESSORS, [list(agencies)])
        return [Body(*row) for row in cursor.fetchall()]
