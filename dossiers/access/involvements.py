"""The table of involvements: asked by lists, compared with its cause."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import Agency
from dossiers.access.inheritance import inheritance_of
from dossiers.models import Dossier, Involvement

_COLUMNS = "dossier_id, agency_id, kind, state, suspended, step_role, holder_id, listed_at, edition_id, step_act"
DIFFERENT = f"""
    SELECT dossier_id, bool_or(kept), bool_or(NOT kept) FROM (
        (SELECT true AS kept, {_COLUMNS} FROM dossiers_involvement
         EXCEPT ALL SELECT true, {_COLUMNS} FROM dossiers_involvement_now)
        UNION ALL
        (SELECT false, {_COLUMNS} FROM dossiers_involvement_now
         EXCEPT ALL SELECT false, {_COLUMNS} FROM dossiers_involvement)
    ) AS different GROUP BY dossier_id
"""  # noqa: S608


class Difference(NamedTuple):
    dossier: int
    superfluous: bool  # a row stands there that its cause does not give
    missing: bool  # or one that it gives does not


def seen_by(dossiers: QuerySet[Dossier], agency: Agency, kinds: Iterable[int]) -> QuerySet[Dossier]:
    """Those that the agency has to do with, or had whoever it took over from, for one of the reasons `kinds`."""
    why = Involvement.objects.filter(inheritance_of(agency).involvements(kinds), dossier=OuterRef("pk"))
    return dossiers.filter(Exists(why))


def listed_for(agency: int, kinds: Iterable[int], which: Q) -> QuerySet[Involvement]:
    """A list of an agency, for kinds of which a dossier has at most one there: a row each. Counted, ordered and mostly
    narrowed without a look at the dossiers, which are read by `dossier_id` once a page of them is known."""
    return Involvement.objects.filter(which, agency=agency, kind__in=tuple(kinds)).order_by()


def settled_for(agency: Agency, which: Q) -> QuerySet[Involvement]:
    """A list of what an agency settled, and those that it took over from: a row each, as each has one that settles."""
    return Involvement.objects.filter(
        which, inheritance_of(agency).involvements((Involvement.Kind.SETTLES,))
    ).order_by()


def differences() -> list[Difference]:
    """Where the table is not what dossiers, steps and opinions say; reads them all."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT)
        return [Difference(*row) for row in cursor.fetchall()]


def mend_involvements(found: Iterable[Difference]) -> None:
    """Write those dossiers' involvements anew."""
    with connection.cursor() as cursor:
        keys: list[Any] = [each.dossier for each in found]
        cursor.execute("SELECT dossiers_involve(id) FROM unnest(%s::bigint[]) AS id", [keys])
