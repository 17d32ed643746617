"""Entries of charges, payments and stray money that were written without the ledger.

Used by the migration that began it, and after rows were written in bulk. Set-based; running it again adds nothing.
"""

from typing import Any

# Each statement enters transactions, then their lines, for rows that have none: a key says what is entered.
_TRANSACTION = """
    INSERT INTO payments_ledgertransaction (kind, key, agency_code, at, by, note)
    SELECT {kind}, {key}, {agency}, {at}, {by}, '' FROM {source} WHERE {condition}
    AND NOT EXISTS (SELECT FROM payments_ledgertransaction t WHERE t.key = {key})
    ORDER BY {at}
"""
_LINES = """
    INSERT INTO payments_ledgerline (transaction_id, account, place, amount, charge_id, payment_id, stray_id)
    SELECT t.id, side.account, side.place, side.amount, side.charge, side.payment, side.stray
    FROM {source} JOIN payments_ledgertransaction t ON t.key = {key}
    CROSS JOIN LATERAL (VALUES {sides}) AS side (account, place, amount, charge, payment, stray)
    WHERE {condition} AND NOT EXISTS (SELECT FROM payments_ledgerline l WHERE l.transaction_id = t.id)
"""
_NO = "NULL::bigint"
_PAID = "payments_payment p JOIN payments_charge c ON c.id = p.charge_id"
_PLACE = """CASE WHEN p.method = 'cash' THEN 'cashier:' || coalesce(p.taken_by_account::text, '')
    ELSE coalesce(a.key, {place}) END"""
_OPENING: tuple[dict[str, str], ...] = (
    {
        "kind": "'charged'",
        "key": "'charged:' || c.id",
        "agency": "c.agency_code",
        "at": "c.created_at",
        "by": "'opening'",
        "source": "payments_charge c",
        "condition": "TRUE",
        "sides": f"('owed', '', c.amount, c.id, {_NO}, {_NO}), ('income', '', -c.amount, c.id, {_NO}, {_NO})",
    },
    {
        "kind": "'cancelled'",
        "key": "'cancelled:' || c.id",
        "agency": "c.agency_code",
        "at": "c.cancelled_at",
        "by": "'opening'",
        "source": "payments_charge c",
        "condition": "c.cancelled_at IS NOT NULL",
        "sides": f"('income', '', c.amount, c.id, {_NO}, {_NO}), ('owed', '', -c.amount, c.id, {_NO}, {_NO})",
    },
    {
        "kind": "'paid'",
        "key": "'paid:' || p.id",
        "agency": "c.agency_code",
        "at": "p.confirmed_at",
        "by": "coalesce(nullif(p.taken_by, ''), 'opening')",
        "source": f"{_PAID} LEFT JOIN payments_collectionaccount a ON a.id = p.account_id",
        "condition": "p.state = 'confirmed'",
        "sides": "(CASE WHEN p.method = 'cash' THEN 'cash' ELSE 'clearing' END, "
        f"{_PLACE}, p.amount, c.id, p.id, {_NO}), ('owed', '', -p.amount, c.id, p.id, {_NO})",
    },
)
# Calls of before that told of money which settled nothing become stray money, once a transaction.
_STRAYS = """
    INSERT INTO payments_straymoney (kind, agency_code, place, provider, transaction, amount, charge_id, payment_id,
                                     purpose, payer, arrived_at, note)
    SELECT DISTINCT ON (k.provider, k.transaction)
        CASE WHEN k.outcome = 'wrong_amount' AND (k.payload->>'amount')::bigint < p.amount THEN 'partial'
             WHEN k.outcome = 'wrong_amount' THEN 'over' WHEN c.cancelled_at IS NOT NULL THEN 'cancelled'
             ELSE 'twice' END,
        c.agency_code, {place}, k.provider, k.transaction, (k.payload->>'amount')::bigint, c.id, p.id, p.reference, '',
        k.received_at, ''
    FROM payments_providercall k JOIN payments_payment p ON p.id = k.payment_id
    JOIN payments_charge c ON c.id = p.charge_id
    WHERE k.outcome IN ('surplus', 'wrong_amount') AND k.transaction <> '' AND k.payload->>'amount' ~ '^[0-9]{{1,15}}$'
    AND (k.payload->>'amount')::bigint > 0
    AND NOT EXISTS (SELECT FROM payments_payment q WHERE q.state = 'confirmed' AND q.method <> 'cash'
                    AND q.provider_transaction = k.transaction)
    ORDER BY k.provider, k.transaction, k.id
    ON CONFLICT DO NOTHING
"""
_STRAY_ENTRY = {
    "kind": "'stray'",
    "key": "'stray:' || s.id",
    "agency": "s.agency_code",
    "at": "s.arrived_at",
    "by": "'opening'",
    "source": "payments_straymoney s",
    "condition": "s.closed_at IS NULL",
    "sides": f"('clearing', s.place, s.amount, {_NO}, s.payment_id, {_NO}), "
    f"('stray', s.place, -s.amount, {_NO}, {_NO}, s.id)",
}


def enter_what_is_missing(cursor: Any, *, place: str) -> None:
    """Enter everything that has no entry. `place`: where transfers of before went, as a literal name."""
    quoted = "'" + place.replace("'", "''") + "'"
    cursor.execute(_STRAYS.format(place=quoted))
    for entry in (*_OPENING, _STRAY_ENTRY):
        # Names and literals of ours only.
        cursor.execute(_TRANSACTION.format(**entry))
        cursor.execute(_LINES.format(**entry | {"sides": entry["sides"].replace("{place}", quoted)}))
