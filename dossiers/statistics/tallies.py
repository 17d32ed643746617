"""Daily counts of dossiers: read with the changes that wait, added up by a task, compared with the dossiers."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from dossiers.models import Tally, TallyChange

AT_ONCE = 20_000
_CELL = "what, day, agency_id, edition_id, channel"
_FOLD = f"""
    WITH taken AS (
        DELETE FROM dossiers_tallychange WHERE id IN (
            SELECT id FROM dossiers_tallychange ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING {_CELL}, number
    ), added AS (
        INSERT INTO dossiers_tally AS tally ({_CELL}, number)
        SELECT {_CELL}, sum(number) FROM taken GROUP BY {_CELL} HAVING sum(number) <> 0 ORDER BY {_CELL}
        ON CONFLICT (agency_id, what, day, edition_id, channel) DO UPDATE SET number = tally.number + excluded.number
    )
    SELECT count(*) FROM taken
"""  # noqa: S608 (names of columns only)
_KEPT = f"""
    SELECT {_CELL}, sum(number) AS number FROM (
        SELECT {_CELL}, number FROM dossiers_tally UNION ALL SELECT {_CELL}, number FROM dossiers_tallychange
    ) AS both_tables GROUP BY {_CELL} HAVING sum(number) <> 0
"""  # noqa: S608
_TRUE = f"SELECT {_CELL}, count(*) AS number FROM dossiers_counted_now GROUP BY {_CELL}"  # noqa: S608
DIFFERENT = f"({_KEPT} EXCEPT {_TRUE}) UNION ALL ({_TRUE} EXCEPT {_KEPT})"  # noqa: S608


def tallies(
    first: date, last: date, what: Collection[int], *, by: Sequence[str], **narrowed: Any
) -> dict[tuple[Any, ...], int]:
    """How many dossiers count as one of `what` from day to day (both included), by the fields `by` of a cell (paths
    such as "edition__field" too), only those of `narrowed`. A cell's values are the key; none that is 0."""
    kept, waiting = (
        model._default_manager.filter(day__gte=first, day__lte=last, what__in=what, **narrowed)
        .order_by()
        .values_list(*by)
        .annotate(counted=Sum("number"))
        for model in (Tally, TallyChange)
    )
    found: dict[tuple[Any, ...], int] = {}
    for *key, number in kept.union(waiting, all=True):  # one statement: the task may move rows at any time
        found[tuple(key)] = found.get(tuple(key), 0) + number
    return {key: number for key, number in found.items() if number}


def fold_changes(limit: int = AT_ONCE) -> int:
    """Add waiting changes to the tallies, in one statement: nobody sees one neither here nor there, or twice."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [limit])
        return int(cursor.fetchone()[0])


def differing_cells(limit: int = 20) -> list[tuple[Any, ...]]:
    """Cells (what, day, agency, edition, channel, number) that tallies or dossiers have and the other has not."""
    with connection.cursor() as cursor:
        cursor.execute(f"{DIFFERENT} LIMIT %s", [limit])
        return list(cursor.fetchall())


@transaction.atomic
def count_anew() -> None:
    """Tallies from the dossiers themselves; whoever changes a cell meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE dossiers_tallychange IN EXCLUSIVE MODE")
        cursor.execute("DELETE FROM dossiers_tallychange")
        cursor.execute("DELETE FROM dossiers_tally")
        cursor.execute(f"INSERT INTO dossiers_tally ({_CELL}, number) {_TRUE}")  # noqa: S608
