"""What a dossier costs, line by line. Everybody who needs an amount asks here; payments only collects it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from procedures.models import Edition, FeeLine
from vietnam.money import format_money

_KINDS = {
    "levy": ("Lệ phí", "Levy"),
    "charge": ("Phí", "Charge"),
    "price": ("Giá dịch vụ", "Service price"),
    "unknown": ("Khoản thu", "Payment"),
}
_PER = {
    "dossier": ("hồ sơ", "dossier"),
    "copy": ("bản", "copy"),
    "page": ("trang", "page"),
    "person": ("người", "person"),
    "item": ("lần", "item"),
}


@dataclass(frozen=True)
class ComputedLine:
    """One line of a charge; amounts in đồng, None while in doubt. `name_en` may be empty."""

    name: str
    name_en: str
    kind: str
    per: str
    quantity: int
    unit_amount: int | None
    amount: int | None
    exempt: str = ""
    exempt_en: str = ""
    legal_basis: str = ""
    # Who of those named pays less and how much is left to pay, in percent; empty when nobody was named.
    relief: str = ""
    relief_en: str = ""
    percent: int = 100
    needs_value: bool = False  # a line of a value band, while no value was given

    @property
    def in_doubt(self) -> bool:
        return self.amount is None


@dataclass(frozen=True)
class FeeResult:
    """`total` in đồng; None when a line is in doubt, since a part of a sum is not the sum."""

    lines: tuple[ComputedLine, ...] = ()
    total: int | None = 0
    explanation: tuple[str, ...] = field(default=())
    explanation_en: tuple[str, ...] = field(default=())

    @property
    def free(self) -> bool:
        return self.total == 0

    @property
    def needs_value(self) -> bool:
        """Whether nothing but the value is missing for the total."""
        waiting = [line for line in self.lines if line.in_doubt]
        return bool(waiting) and all(line.needs_value for line in waiting)


def compute(
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
    have a last day are left out. A line without a case holds in every case. A channel without a line is free.
    """
    if value is not None and value < 0:
        raise ValueError(f"a value is not negative: {value}")
    claimed = frozenset(exemptions)
    found = held(fee_lines, channel, case, on)
    chosen = [row for row in found if value is None or _within(row, value)]
    lines = tuple(_line(row, _quantity(row.per, quantities or {}), claimed, value) for row in chosen)
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    total = sum(known) if len(known) == len(amounts) else None
    gap = any(map(banded, found)) and not any(map(banded, chosen))
    if gap:
        total = None
    return FeeResult(lines, total, _explain(lines, total, 0, gap=gap), _explain(lines, total, 1, gap=gap))


def result_of(lines: Iterable[ComputedLine]) -> FeeResult:
    """The result of lines whose amounts are all known."""
    found = tuple(lines)
    total = sum(line.amount or 0 for line in found)
    return FeeResult(found, total, _explain(found, total, 0), _explain(found, total, 1))


def fee_for(
    edition: Edition, channel: str, case: str = "", quantities: Mapping[str, int] | None = None, **facts: Any
) -> FeeResult:
    """`compute` for an edition with its further facts; reads its fee lines (prefetch ``fee_lines`` for many)."""
    return compute(edition.fee_lines.all(), channel, case, quantities, **facts)


def held(fee_lines: Iterable[FeeLine], channel: str, case: str = "", on: date | None = None) -> list[FeeLine]:
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


def banded(row: FeeLine) -> bool:
    """Whether the line holds for some values only."""
    return row.value_from is not None or row.value_below is not None


def _within(row: FeeLine, value: int) -> bool:
    return (row.value_from or 0) <= value and (row.value_below is None or value < row.value_below)


def _quantity(per: str, quantities: Mapping[str, int]) -> int:
    quantity = 1 if per == "dossier" else quantities.get(per, 1)
    if quantity < 0:
        raise ValueError(f"a quantity is not negative: {per} {quantity}")
    return quantity


def _line(row: FeeLine, quantity: int, claimed: frozenset[str], value: int | None) -> ComputedLine:
    certain = row.known
    open_band = banded(row) and value is None
    relief = min((r for r in row.exemptions if r["key"] in claimed), key=lambda r: r["percent"], default=None)
    percent = relief["percent"] if relief else 100
    amount = None
    if certain and row.amount is not None and not open_band:
        amount = row.amount * quantity * percent // 100
    return ComputedLine(
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        per=row.per,
        quantity=quantity,
        unit_amount=row.amount if certain else None,
        amount=amount,
        exempt=row.exempt,
        exempt_en=row.exempt_en,
        legal_basis=row.legal_basis,
        relief=relief["name"] if relief else "",
        relief_en=relief.get("name_en", "") if relief else "",
        percent=percent,
        needs_value=certain and open_band,
    )


def _explain(
    lines: tuple[ComputedLine, ...], total: int | None, language: int, *, gap: bool = False
) -> tuple[str, ...]:
    """Sentences in Vietnamese (0) or English (1)."""
    if not lines and not gap:
        return ((("Miễn phí.", "Free of charge."))[language],)
    sentences = [_explain_line(line, language) for line in lines]
    if gap:
        sentences.append(
            ("Bảng thu không có mức cho giá trị này.", "The fee table has no line for this value.")[language]
        )
    if total is None:
        sentences.append(
            (
                "Mức thu chờ xác nhận; cán bộ sẽ báo số tiền trước khi thu.",
                "The amount is to be confirmed; you will be told before you pay.",
            )[language]
        )
    elif len(lines) > 1:
        sentences.append((f"Tổng cộng {format_money(total)}.", f"Total {format_money(total)}.")[language])
    return tuple(sentences)


def _explain_line(line: ComputedLine, language: int) -> str:
    name = (line.name, line.name_en or line.name)[language]
    if line.needs_value:
        return f"{name}: " + ("tùy giá trị.", "depends on the value.")[language]
    if line.unit_amount is None or line.amount is None:
        return f"{name}: " + ("chờ xác nhận.", "to be confirmed.")[language]
    relief = (line.relief, line.relief_en or line.relief)[language]
    reduced = ""
    if relief:
        left = (f"còn {line.percent} %", f"{line.percent} % left to pay")[language]
        reduced = f" × {line.percent} % ({relief})" if line.amount else f" ({relief}: {left})"
    if line.amount == 0:
        return f"{name}: " + ("không thu", "nothing to pay")[language] + f"{reduced}."
    if line.per == "dossier" and not reduced:
        return f"{name}: {format_money(line.amount)}."
    if line.per == "dossier":
        return f"{name}: {format_money(line.unit_amount)}{reduced} = {format_money(line.amount)}."
    each = _PER[line.per][language]
    sum_up = f"{line.quantity} × {format_money(line.unit_amount)}/{each}{reduced} = {format_money(line.amount)}"
    return f"{name}: {sum_up}."


def kind_name(kind: str, language: str) -> str:
    """Levy, charge or price in words ("vi" or "en")."""
    return _KINDS.get(kind, _KINDS["unknown"])[language == "en"]


def per_name(per: str, language: str) -> str:
    """What a line is counted by, in words ("vi" or "en")."""
    return _PER[per][language == "en"]
