"""What a fee comes to before anybody has said how many and of what value: an amount, a range, or where it starts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procedures.fees.calculation import banded_amount, compute_fee, lines_in_force
from procedures.models import FeeLine


@dataclass(frozen=True)
class FeeRange:
    """Amounts in đồng over the channels and cases that were asked for.

    `low` and `high` span what is known; None where nothing is. `upward`: more of what is counted costs more.
    `waiting`: some amount is not known; `left_to_council`: every such amount is the provincial Council's.
    `on_request`: there are lines for what is asked for besides. `free_to_be_confirmed`: somewhere nothing is paid as
    far as is known, which nobody has confirmed.
    """

    low: int | None = None
    high: int | None = None
    upward: bool = False
    waiting: bool = False
    left_to_council: bool = False
    on_request: bool = False
    free_to_be_confirmed: bool = False


def fee_range(
    fee_lines: Iterable[FeeLine], channels: Iterable[str], cases: Iterable[str], on: date | None = None
) -> FeeRange:
    """The range over every channel and case, for one of what is counted and whatever value. A read."""
    lines, of_cases = list(fee_lines), list(cases)
    found = [_of_one(lines, channel, case, on) for channel in channels for case in of_cases]
    waiting = [each for each in found if each.waiting]
    return FeeRange(
        low=min((each.low for each in found if each.low is not None), default=None),
        high=max((each.high for each in found if each.high is not None), default=None),
        upward=any(each.upward for each in found),
        waiting=bool(waiting),
        left_to_council=bool(waiting) and all(each.left_to_council for each in waiting),
        on_request=any(each.on_request for each in found),
        free_to_be_confirmed=any(each.free_to_be_confirmed for each in found),
    )


def _of_one(lines: list[FeeLine], channel: str, case: str, on: date | None) -> FeeRange:
    """The range in one channel and case: of each band of values that its lines name."""
    rows = lines_in_force(lines, channel, case, on)
    values: list[int | None] = [*sorted({row.value_from or 0 for row in rows if banded_amount(row)})]
    results = [compute_fee(rows, channel, case, value=value, on=on) for value in values or [None]]
    waiting = [result for result in results if result.total is None]
    # Where an amount waits, the fee starts at what is known of the rest; knowing nothing is no start.
    sums = [(result.total, sum(line.amount or 0 for line in result.lines)) for result in results]
    known = [part for total, part in sums if total is not None or part]
    return FeeRange(
        low=min(known, default=None),
        high=max(known, default=None),
        upward=any(row.amount != 0 and row.known and row.per != "dossier" and not row.on_request for row in rows),
        waiting=bool(waiting),
        left_to_council=bool(waiting) and all(result.left_to_council for result in waiting),
        on_request=any(row.on_request for row in rows),
        free_to_be_confirmed=any(result.free_to_be_confirmed for result in results),
    )
