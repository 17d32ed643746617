"""Which payments a batch of bookings is about: by our reference in the purpose, and the amount. One query a kind."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from payments.models import CollectionAccount
from payments.statements.bookings import Booking
from payments.statements.references import cut_references_in, references_in


@dataclass
class Matched:
    """What a booking holds: (key, amount) of payments or of stray money; empty when it is left to a person."""

    references: list[str] = field(default_factory=list)
    payments: list[tuple[int, int]] = field(default_factory=list)
    strays: list[tuple[int, int]] = field(default_factory=list)
    unconfirmed: list[int] = field(default_factory=list)  # keys of payments that nobody has confirmed yet

    @property
    def found(self) -> bool:
        return bool(self.payments or self.strays)


@dataclass(frozen=True)
class _Candidate:
    pk: int
    reference: str
    amount: int
    confirmed: bool
    matched: bool  # an earlier line holds its money


def match_bookings(account: CollectionAccount, bookings: Sequence[Booking]) -> list[Matched]:
    """For each booking what it holds; a payment or a stray sum is given to one booking only."""
    written = [references_in(b.purpose) if b.amount > 0 else [] for b in bookings]
    known = _payments(account, {reference for found in written for reference in found})
    cuts = [
        [] if b.amount <= 0 or any(r in known for r in found) else cut_references_in(b.purpose)
        for b, found in zip(bookings, written, strict=True)
    ]
    begun = _begun(account, {each for cut in cuts for each in cut})
    strays = _strays(account, [c.pk for c in known.values()], [b.bank_reference for b in bookings if b.amount > 0])
    taken: set[tuple[str, int]] = set()
    made = []
    for booking, found, cut in zip(bookings, written, cuts, strict=True):
        candidates = [known[reference] for reference in found if reference in known]
        if cut:
            meant = {c.pk: c for each in cut for c in begun.get(each, []) if c.amount == booking.amount}
            candidates = list(meant.values()) if len(meant) == 1 else []
        made.append(_decide(booking, candidates, strays, taken))
    return made


def _decide(
    booking: Booking, candidates: list[_Candidate], strays: dict[object, list], taken: set[tuple[str, int]]
) -> Matched:
    matched = Matched([c.reference for c in candidates])
    if booking.amount <= 0:
        return matched
    free = [c for c in candidates if not c.matched and ("payment", c.pk) not in taken]
    if free and len(free) == len(candidates) and sum(c.amount for c in free) == booking.amount:
        matched.payments = [(c.pk, c.amount) for c in free]
        matched.unconfirmed = [c.pk for c in free if not c.confirmed]
        taken.update(("payment", c.pk) for c in free)
        return matched
    for key in [*(c.pk for c in candidates), booking.bank_reference]:
        for stray, amount in strays.get(key, []):
            if amount == booking.amount and ("stray", stray) not in taken:
                matched.strays = [(stray, amount)]
                taken.add(("stray", stray))
                return matched
    return matched


_PAYMENTS = """
    SELECT p.id, p.reference, p.amount, p.state = 'confirmed', m.id IS NOT NULL
    FROM payments_payment p LEFT JOIN payments_linematch m ON m.payment_id = p.id
    WHERE {condition} AND p.method NOT IN ('cash', 'pos') AND (p.account_id = %s OR p.account_id IS NULL)
"""


def _payments(account: CollectionAccount, references: Iterable[str]) -> dict[str, _Candidate]:
    rows = _rows(_PAYMENTS.format(condition="p.reference = ANY(%s)"), [list(references), account.pk])
    return {row[1]: _Candidate(*row) for row in rows}


def _begun(account: CollectionAccount, cuts: set[str]) -> dict[str, list[_Candidate]]:
    if not cuts:
        return {}
    statement = _PAYMENTS.format(condition="p.reference LIKE ANY(%s)")
    found: dict[str, list[_Candidate]] = defaultdict(list)
    for row in _rows(statement, [[f"{cut}%" for cut in cuts], account.pk]):
        for cut in cuts:
            if row[1].startswith(cut):
                found[cut].append(_Candidate(*row))
    return found


def _strays(account: CollectionAccount, payments: list[int], numbers: list[str]) -> dict[object, list]:
    """Stray money that no line holds yet, by the payment through which it came and by the bank's number."""
    rows = _rows(
        "SELECT s.id, s.amount, s.payment_id, s.transaction FROM payments_straymoney s WHERE s.place = %s "
        "AND s.provider <> 'statement' AND (s.payment_id = ANY(%s) OR s.transaction = ANY(%s)) "
        "AND NOT EXISTS (SELECT FROM payments_linematch m WHERE m.stray_id = s.id)",
        [account.key, payments, [n for n in numbers if n]],
    )
    found: dict[object, list] = defaultdict(list)
    for pk, amount, payment, number in rows:
        held = (pk, amount)
        found[number].append(held)
        if payment is not None:
            found[payment].append(held)
    return found


def _rows(statement: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
