"""What a dossier waits for beside its step: opinions of other bodies, and the second person of a correction."""

from typing import NamedTuple

from django.db import connection

from dossiers.models import Dossier

_ASKED = """
    SELECT
        ARRAY(SELECT agency_id FROM dossiers_opinion WHERE dossier_id = %s AND ended_at IS NULL),
        EXISTS(SELECT FROM dossiers_correction WHERE dossier_id = %s AND decided_at IS NULL)
"""


class Pending(NamedTuple):
    revision: int  # of the dossier when it was asked
    consulted: frozenset[int]  # ids of the agencies whose opinion is waited for
    correction: bool


def pending(dossier: Dossier) -> Pending:
    """Asked once for each revision of the dossier: both change with actions only."""
    known: Pending | None = dossier.__dict__.get("_pending")
    if known is None or known.revision != dossier.revision:
        with connection.cursor() as cursor:
            cursor.execute(_ASKED, [dossier.pk, dossier.pk])
            consulted, correction = cursor.fetchone()
        known = Pending(dossier.revision, frozenset(consulted), correction)
        dossier.__dict__["_pending"] = known
    return known
