"""What holds for every dossier, however it was written. Set-based: made for tables of any size."""

from django.db import connection

from dossiers.access import involvements
from dossiers.models import State
from dossiers.statistics import tallies
from payments.ledger.audit import RULES

# Each finds what must not be there.
_CHECKS = {
    "as many events as revisions": """
        SELECT d.id FROM dossiers_dossier d LEFT JOIN dossiers_dossierevent e ON e.dossier_id = d.id
        GROUP BY d.id HAVING d.revision <> count(e.id) OR d.revision <> coalesce(max(e.revision), 0)""",
    "its state is that of its last event": """
        SELECT d.id FROM dossiers_dossier d JOIN dossiers_dossierevent e
        ON e.dossier_id = d.id AND e.revision = d.revision WHERE e.to_state <> d.state""",
    "each event begins where the one before it ended": """
        SELECT id FROM (SELECT id, from_state, at, lag(to_state) OVER w AS before, lag(at) OVER w AS earlier
            FROM dossiers_dossierevent WINDOW w AS (PARTITION BY dossier_id ORDER BY revision)) e
        WHERE before IS NOT NULL AND (from_state <> before OR at < earlier)""",
    "nothing happened in the future": """
        SELECT id FROM dossiers_dossierevent WHERE at > now()""",
    "a running step belongs to its dossier": """
        SELECT d.id FROM dossiers_dossier d JOIN dossiers_steprun s ON s.id = d.step_id
        WHERE s.dossier_id <> d.id OR s.finished_at IS NOT NULL""",
    "numbers of codes were given by their series": """
        SELECT d.id FROM dossiers_dossier d LEFT JOIN journal_numberseries n
        ON n.scope = 'dossier:' || regexp_replace(d.code, '-\\d+$', '')
        WHERE d.code IS NOT NULL AND coalesce(n.last, 0) < regexp_replace(d.code, '^.*-', '')::bigint""",
    "a code bears the day of filing or receipt": """
        SELECT id FROM dossiers_dossier WHERE code IS NOT NULL AND split_part(code, '-', 2) <>
        to_char(coalesce(filed_at, received_at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYMMDD')""",
    "the words to search by hold the code": """
        SELECT id FROM dossiers_dossier WHERE code IS NOT NULL
        AND NOT search_vector @@
        to_tsquery('simple', split_part(code, '-', 2) || ' & ' || split_part(code, '-', 3))""",
    "a charge is settled by a receipt of the same dossier": """
        SELECT c.id FROM payments_charge c LEFT JOIN payments_payment p ON p.charge_id = c.id AND p.state = 'confirmed'
        LEFT JOIN payments_receipt r ON r.payment_id = p.id
        WHERE (c.settled_at IS NOT NULL) <> (r.id IS NOT NULL)
        OR NOT EXISTS (SELECT FROM dossiers_dossier d WHERE 'dossier:' || d.uid = c.owner)""",
    "receipts of an agency and year have no gap": """
        SELECT agency_code FROM payments_receipt GROUP BY agency_code, split_part(number, '/', 2)
        HAVING max(split_part(number, '/', 1)::bigint) <> count(*)""",
    "what is finished has its time": f"""
        SELECT id FROM dossiers_dossier
        WHERE state IN ({State.DONE:d}, {State.RETURNED:d}) AND (finished_at IS NULL OR finished_at < received_at)""",  # noqa: S608 (numbers of states)
    "no step was worked before it began": """
        SELECT id FROM dossiers_steprun WHERE finished_at < started_at""",
}


_CHECKS |= RULES | {
    "who has to do with it is what it says": involvements.DIFFERENT,
    "daily counts are what dossiers say": tallies.DIFFERENT,
}


def inconsistencies() -> dict[str, int]:
    """What does not hold, with how many rows; empty when all is well."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in _CHECKS.items():
            cursor.execute(f"SELECT count(*) FROM ({query}) AS wrong")  # noqa: S608 - the texts above
            if wrong := cursor.fetchone()[0]:
                found[name] = wrong
        for table, column, target, key in _references(cursor):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t.{column} IS NOT NULL "  # noqa: S608 - names of our tables
                f"AND NOT EXISTS (SELECT FROM {target} o WHERE o.{key} = t.{column})"
            )
            if wrong := cursor.fetchone()[0]:
                found[f"{table}.{column} leads somewhere"] = wrong
    return found


def _references(cursor: object) -> list[tuple[str, str, str, str]]:
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, k.attname FROM pg_constraint c "
        "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
        "JOIN pg_attribute k ON k.attrelid = c.confrelid AND k.attnum = c.confkey[1] "
        "WHERE c.contype = 'f' AND (c.conrelid::regclass::text LIKE 'dossiers%' OR "
        "c.conrelid::regclass::text LIKE 'payments%') AND c.confrelid::regclass::text <> 'accounts_account'"
    )
    return cursor.fetchall()  # type: ignore[attr-defined]
