"""The steps of an internal route: plain values, read from and written to the JSON list that a route keeps.

Nothing here knows a database. A draft may hold anything a person typed; `procedures.routes.checking` says what is
wrong with it, so reading never refuses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from vietnam.working_time import MINUTES_OF_WORKING_DAY

# What a step can carry of the life cycle, in the order in which a plain route has them.
RECEIVE, ASSIGN, VERIFY, SUBMIT, APPROVE, ISSUE, RETURN = ACTS = (
    "receive",
    "assign",
    "verify",
    "submit",
    "approve",
    "issue",
    "return",
)
DAY, HOUR = "day", "hour"
MINUTES_OF = {DAY: MINUTES_OF_WORKING_DAY, HOUR: 60}
# Roles of accounts.StaffPost that work on a dossier.
ROLES = ("counter", "officer", "unit_head", "leader", "clerk")


@dataclass(frozen=True)
class Limit:
    """Working time of a step: days of eight hours or hours."""

    amount: Decimal
    unit: str = DAY

    @property
    def exact(self) -> Fraction:
        """In working minutes."""
        return Fraction(self.amount) * MINUTES_OF[self.unit]

    @property
    def minutes(self) -> int:
        return round(self.exact)


@dataclass(frozen=True)
class Consulted:
    """A body asked for its opinion while the step runs. Without an agency, the step's holder names it when asking."""

    agency_key: str
    role: str
    limit: Limit | None
    question: str


@dataclass(frozen=True)
class Opening:
    """A dossier of another procedure that the step opens at another agency; `wait`: the step ends when that is done."""

    procedure: str
    agency_key: str = ""
    wait: bool = False


@dataclass(frozen=True)
class Step:
    """`limit` is the step's own work; the branch of opinions comes on top with its longest limit. `share` is used by
    standard routes instead: the part of the procedure's limit."""

    key: str
    name: str
    name_en: str = ""
    act: str = ""
    role: str = ""
    agency_key: str = ""  # empty: the competent agency (the receiving one for role counter)
    limit: Limit | None = None
    share: Fraction | None = None
    product: str = ""
    note: str = ""
    back_to: tuple[str, ...] = ()
    opinions: tuple[Consulted, ...] = field(default=())
    opens: Opening | None = None

    @property
    def carries(self) -> str:
        """The act of the life cycle that this step carries."""
        return self.act or self.key

    @property
    def longest_opinion(self) -> Fraction:
        return max((o.limit.exact for o in self.opinions if o.limit), default=Fraction(0))

    @property
    def exact(self) -> Fraction:
        """Working minutes of the whole step: its own and the longest opinion's. Shares count nothing."""
        return (self.limit.exact if self.limit else Fraction(0)) + self.longest_opinion


def read_steps(rows: Iterable[dict[str, Any]]) -> tuple[Step, ...]:
    """The steps of a stored list."""
    return tuple(
        Step(
            key=row.get("key", ""),
            name=row.get("name", ""),
            name_en=row.get("name_en", ""),
            act=row.get("act", ""),
            role=row.get("role", ""),
            agency_key=row.get("agency_key", ""),
            limit=_limit(row),
            share=Fraction(row["share"]) if row.get("share") else None,
            product=row.get("product", ""),
            note=row.get("note", ""),
            back_to=tuple(row.get("back_to", ())),
            opinions=tuple(
                Consulted(o.get("agency_key", ""), o.get("role", ""), _limit(o), o.get("question", ""))
                for o in row.get("opinions", ())
            ),
            opens=Opening(**row["opens"]) if row.get("opens") else None,
        )
        for row in rows
    )


def _limit(row: dict[str, Any]) -> Limit | None:
    if row.get("amount") in (None, ""):
        return None
    try:
        amount = Decimal(row["amount"])
    except InvalidOperation:
        return None
    return Limit(amount, row.get("unit", DAY)) if amount.is_finite() else None


def write_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The list to store: what a step does not have is left out, so that equal routes are equal lists."""
    return [_filled(_row(step)) for step in steps]


def _row(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "name": step.name,
        "name_en": step.name_en,
        "act": step.act if step.act != step.key else "",
        "role": step.role,
        "agency_key": step.agency_key,
        **_amount(step.limit),
        "share": str(_plain(Decimal(step.share.numerator) / step.share.denominator)) if step.share else "",
        "product": step.product,
        "note": step.note,
        "back_to": list(step.back_to),
        "opinions": [
            _filled({"agency_key": o.agency_key, "role": o.role, **_amount(o.limit), "question": o.question})
            for o in step.opinions
        ],
        "opens": _filled(vars(step.opens)) if step.opens else None,
    }


def _amount(limit: Limit | None) -> dict[str, str]:
    return {"amount": str(_plain(limit.amount)), "unit": limit.unit} if limit else {}


def _plain(amount: Decimal) -> Decimal:
    """Without needless zeros and without an exponent."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount.normalize()


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value not in ("", None, [], False)}


def fresh_key(act: str, taken: Iterable[str]) -> str:
    """A key for a new step: the act's own name, else ``verify-2``, ``verify-3``, …"""
    used = set(taken)
    number = 1
    while (key := act if number == 1 else f"{act}-{number}") in used:
        number += 1
    return key
