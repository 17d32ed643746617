"""What a dossier costs, line by line. Everybody who needs an amount asks here; payments only collects it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procedures.fees import sentences
from procedures.fees.lines import ComputedLine
from procedures.models import FREE, Edition, FactState, FeeLine


@dataclass(frozen=True)
class FeeResult:
    """`total` in đồng; None when a line is unverified, since a part of a sum is not the sum.

    `free_to_be_confirmed`: nothing is paid as far as is known, which nobody has confirmed.
    """

    lines: tuple[ComputedLine, ...] = ()
    total: int | None = 0
    explanation: tuple[str, ...] = field(default=())
    explanation_en: tuple[str, ...] = field(default=())
    free_to_be_confirmed: bool = False

    @property
    def free(self) -> bool:
        return self.total == 0

    @property
    def needs_value(self) -> bool:
        """Whether nothing but the value is missing for the total."""
        waiting = [line for line in self.lines if line.is_unverified]
        return bool(waiting) and all(line.needs_value for line in waiting)

    @property
    def left_to_council(self) -> bool:
        """Whether nothing is missing but amounts that the provincial Council sets."""
        waiting = [line for line in self.lines if line.is_unverified]
        return bool(waiting) and all(line.set_by and line.unit_amount is None for line in waiting)


def compute_fee(
    fee_lines: Iterable[FeeLine],
    channel: str,
    case: str = "",
    quantities: Mapping[str, int] | None = None,
    *,
    value: int | None = None,
    exemptions: Iterable[str] = (),
    on: date | None = None,
) -> FeeResult:
    """Compute the fee of a channel and case from an edition's lines.

    `quantities` counts what is asked for by `per` (copy, page, person, item; 1 unless given, never negative). `value`
    in đồng chooses among lines of value bands; without it such lines are open. `exemptions` are keys of a line's
    exemptions that the applicant claims; the most favourable counts. `on` is the day of filing: without it, lines that
    have a last day are left out. A line without a case holds in every case. A channel without a line costs nothing.
    A line `on_request` counts what was asked for, none unless said. A step of a quantity that covers none of it is
    left out. A cap counts before reliefs.
    """
    if value is not None and value < 0:
        raise ValueError(f"a value is not negative: {value}")
    claimed = frozenset(exemptions)
    in_force = lines_in_force(fee_lines, channel, case, on)
    found = [row for row in in_force if row.kind != FREE]
    unsure = any(row.kind == FREE and row.state != FactState.CONFIRMED for row in in_force)
    chosen = [row for row in found if value is None or _within(row, value)]
    lines = tuple(_lines(chosen, quantities or {}, claimed, value))
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    total = sum(known) if len(known) == len(amounts) else None
    gap = any(map(banded_amount, found)) and not any(map(banded_amount, chosen))
    if gap:
        total = None
    vietnamese, in_english = (sentences.explain_fee(lines, total, each, gap=gap, unsure=unsure) for each in (0, 1))
    return FeeResult(lines, total, vietnamese, in_english, free_to_be_confirmed=unsure)


def result_of(lines: Iterable[ComputedLine]) -> FeeResult:
    """The result of lines whose amounts are all known."""
    found = tuple(lines)
    total = sum(line.amount or 0 for line in found)
    return FeeResult(found, total, sentences.explain_fee(found, total, 0), sentences.explain_fee(found, total, 1))


def fee_for(
    edition: Edition, channel: str, case: str = "", quantities: Mapping[str, int] | None = None, **facts: Any
) -> FeeResult:
    """`compute` for an edition with its further facts; reads its fee lines (prefetch ``fee_lines`` for many)."""
    return compute_fee(edition.fee_lines.all(), channel, case, quantities, **facts)


def lines_in_force(fee_lines: Iterable[FeeLine], channel: str, case: str = "", on: date | None = None) -> list[FeeLine]:
    """The lines of a channel and case that hold on a day (see `compute`), in their order."""
    return [
        row
        for row in sorted(fee_lines, key=lambda row: row.position)
        if row.channel == channel and row.case in ("", case) and _valid(row, on)
    ]


def _valid(row: FeeLine, on: date | None) -> bool:
    if on is None:
        return row.valid_to is None
    return (row.valid_from is None or row.valid_from <= on) and (row.valid_to is None or on <= row.valid_to)


def banded_amount(row: FeeLine) -> bool:
    """Whether the line holds for some values only."""
    return row.value_from is not None or row.value_below is not None


def _within(row: FeeLine, value: int) -> bool:
    return (row.value_from or 0) <= value and (row.value_below is None or value < row.value_below)


def _quantity(per: str, quantities: Mapping[str, int], *, usual: int = 1) -> int:
    quantity = 1 if per == "dossier" else quantities.get(per, usual)
    if quantity < 0:
        raise ValueError(f"a quantity is not negative: {per} {quantity}")
    return quantity


def _covered(row: FeeLine, quantity: int) -> int:
    """How many of a quantity are between the ends of the line's step."""
    last = quantity if row.counts_to is None else min(quantity, row.counts_to)
    return max(0, last - (row.counts_from or 1) + 1)


def _lines(
    rows: list[FeeLine], quantities: Mapping[str, int], claimed: frozenset[str], value: int | None
) -> Iterator[ComputedLine]:
    """Lines that share a cap use it up in their order."""
    left: dict[tuple[str, str], int] = {}
    for row in rows:
        if row.at_most is not None:
            left[row.per, row.each] = min(row.at_most, left.get((row.per, row.each), row.at_most))
    for row in rows:
        covered = _covered(row, _quantity(row.per, quantities, usual=0 if row.on_request else 1))
        if not covered and (row.counts_from or row.counts_to or row.on_request):
            continue
        cut = 0
        if (
            row.at_most is not None
            and row.known
            and row.amount is not None
            and not (banded_amount(row) and value is None)
        ):
            cost = row.amount * covered
            cut = max(0, cost - left[row.per, row.each])
            left[row.per, row.each] -= cost - cut
        yield _line(row, covered, _quantity(row.each, quantities) if row.each else 1, cut, claimed, value)


def _line(row: FeeLine, covered: int, times: int, cut: int, claimed: frozenset[str], value: int | None) -> ComputedLine:
    certain = row.known
    open_band = banded_amount(row) and value is None
    relief = min((r for r in row.reliefs if r["key"] in claimed), key=lambda r: r["percent"], default=None)
    percent = relief["percent"] if relief else 100
    amount = None
    if certain and row.amount is not None and not open_band:
        amount = (row.amount * covered - cut) * times * percent // 100
    elif row.state == FactState.CONFIRMED and not percent:
        amount = 0  # whoever pays nothing of it need not know how much it is
    return ComputedLine(
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        per=row.per,
        quantity=covered * times,
        unit_amount=row.amount if certain else None,
        amount=amount,
        exempt=row.exempt,
        exempt_en=row.exempt_en,
        legal_basis=row.legal_basis,
        relief=relief["name"] if relief else "",
        relief_en=relief.get("name_en", "") if relief else "",
        percent=percent,
        needs_value=certain and open_band and amount is None,
        set_by=row.set_by,
        counts_from=row.counts_from,
        counts_to=row.counts_to,
        each=row.each,
        covered=covered,
        times=times,
        cut=cut,
    )
