"""What must always hold of the ledger, as statements that find what breaks it. Empty answers are good ones."""

from django.db import connection

RULES: dict[str, str] = {
    "a transaction comes to nought": """
        SELECT transaction_id FROM payments_ledgerline GROUP BY 1 HAVING sum(amount) <> 0""",
    "a transaction has lines": """
        SELECT id FROM payments_ledgertransaction t
        WHERE NOT EXISTS (SELECT FROM payments_ledgerline l WHERE l.transaction_id = t.id)""",
    "a charge is entered, and owed exactly while it is open": """
        SELECT c.id FROM payments_charge c
        LEFT JOIN (SELECT charge_id, sum(amount) AS owed, count(*) AS entries FROM payments_ledgerline
                   WHERE account = 'owed' GROUP BY 1) l ON l.charge_id = c.id
        WHERE l.entries IS NULL OR l.owed < 0 OR l.owed > c.amount
           OR (l.owed > 0) <> (c.settled_at IS NULL AND c.cancelled_at IS NULL)""",
    "a confirmed payment is entered once, with its amount": """
        SELECT p.id FROM payments_payment p
        LEFT JOIN (SELECT payment_id, sum(amount) AS came FROM payments_ledgerline l
                   JOIN payments_ledgertransaction t ON t.id = l.transaction_id
                   WHERE t.kind = 'paid' AND l.account IN ('clearing', 'cash', 'stray') AND l.amount > 0
                   GROUP BY 1) l ON l.payment_id = p.id
        WHERE p.state IN ('confirmed', 'reversed') AND p.amount > 0 AND l.came IS DISTINCT FROM p.amount
           OR p.state NOT IN ('confirmed', 'reversed') AND l.came IS NOT NULL""",
    "a reversed payment has gone as it came, and its receipt says so": """
        SELECT p.id FROM payments_payment p
        LEFT JOIN (SELECT payment_id, sum(amount) AS back FROM payments_ledgerline l
                   JOIN payments_ledgertransaction t ON t.id = l.transaction_id
                   WHERE t.kind = 'reversed' AND l.account IN ('bank', 'clearing') GROUP BY 1) l ON l.payment_id = p.id
        WHERE (p.state = 'reversed') <> (l.back IS NOT NULL) OR l.back <> -p.amount
           OR p.state = 'reversed' AND 0 <> (
               SELECT sum(r.amount) FROM payments_receipt r LEFT JOIN payments_receipt o ON o.id = r.adjusts_id
               WHERE p.id IN (r.payment_id, o.payment_id))""",
    "stray money is open exactly while something is left of it": """
        SELECT s.id FROM payments_straymoney s
        LEFT JOIN (SELECT stray_id, -sum(amount) AS rest FROM payments_ledgerline
                   WHERE account = 'stray' GROUP BY 1) l ON l.stray_id = s.id
        WHERE l.rest IS NULL OR l.rest < 0 OR l.rest > s.amount OR (l.rest > 0) <> (s.closed_at IS NULL)""",
    "a refund is owed from its grant until it is done": """
        SELECT r.id FROM payments_refund r
        LEFT JOIN (SELECT refund_id, -sum(amount) AS rest FROM payments_ledgerline
                   WHERE account = 'refund' GROUP BY 1) l ON l.refund_id = r.id
        WHERE coalesce(l.rest, 0) <> CASE WHEN r.state IN ('granted', 'sent') THEN r.amount ELSE 0 END""",
    "a settled charge has one receipt": """
        SELECT c.id FROM payments_charge c WHERE c.settled_at IS NOT NULL AND 1 <> (
            SELECT count(*) FROM payments_receipt r JOIN payments_payment p ON p.id = r.payment_id
            WHERE p.charge_id = c.id AND p.state = 'confirmed')""",
    "no cashier and no refund is below nought": """
        SELECT min(id) FROM payments_ledgerline WHERE account IN ('cash', 'safe')
        GROUP BY account, place HAVING sum(amount) < 0""",
}


def broken_rules() -> dict[str, list[int]]:
    """Up to ten keys of rows that break each rule; empty when all is well."""
    found = {}
    with connection.cursor() as cursor:
        for rule, statement in RULES.items():
            cursor.execute(f"{statement} LIMIT 10")
            if rows := [row[0] for row in cursor.fetchall()]:
                found[rule] = rows
    return found
