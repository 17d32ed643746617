"""What a dossier costs, line by line. Everybody who needs an amount asks here; payments only collects it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from procedures.models import Edition, FactState, FeeLine
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


def compute(
    fee_lines: Iterable[FeeLine], channel: str, case: str = "", quantities: Mapping[str, int] | None = None
) -> FeeResult:
    """Compute the fee of a channel and case from an edition's lines.

    `quantities` counts what is asked for by `per` (copy, page, person, item; 1 unless given, never negative).
    A line without a case holds in every case. A channel without a line is free.
    """
    lines = tuple(
        _line(row, _quantity(row.per, quantities or {}))
        for row in sorted(fee_lines, key=lambda row: row.position)
        if row.channel == channel and row.case in ("", case)
    )
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    total = sum(known) if len(known) == len(amounts) else None
    return FeeResult(lines, total, _explain(lines, total, 0), _explain(lines, total, 1))


def fee_for(edition: Edition, channel: str, case: str = "", quantities: Mapping[str, int] | None = None) -> FeeResult:
    """`compute` for an edition; reads its fee lines (prefetch ``fee_lines`` for many)."""
    return compute(edition.fee_lines.all(), channel, case, quantities)


def _quantity(per: str, quantities: Mapping[str, int]) -> int:
    quantity = 1 if per == "dossier" else quantities.get(per, 1)
    if quantity < 0:
        raise ValueError(f"a quantity is not negative: {per} {quantity}")
    return quantity


def _line(row: FeeLine, quantity: int) -> ComputedLine:
    certain = row.state == FactState.CONFIRMED and row.amount is not None
    return ComputedLine(
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        per=row.per,
        quantity=quantity,
        unit_amount=row.amount if certain else None,
        amount=row.amount * quantity if certain and row.amount is not None else None,
        exempt=row.exempt,
        exempt_en=row.exempt_en,
        legal_basis=row.legal_basis,
    )


def _explain(lines: tuple[ComputedLine, ...], total: int | None, language: int) -> tuple[str, ...]:
    """Sentences in Vietnamese (0) or English (1)."""
    if not lines:
        return ((("Miễn phí.", "Free of charge."))[language],)
    sentences = [_explain_line(line, language) for line in lines]
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
    if line.unit_amount is None or line.amount is None:
        return f"{name}: " + ("chờ xác nhận.", "to be confirmed.")[language]
    if line.amount == 0:
        return f"{name}: " + ("không thu.", "nothing to pay.")[language]
    if line.per == "dossier":
        return f"{name}: {format_money(line.amount)}."
    each = _PER[line.per][language]
    sum_up = f"{line.quantity} × {format_money(line.unit_amount)}/{each} = {format_money(line.amount)}"
    return f"{name}: {sum_up}."


def kind_name(kind: str, language: str) -> str:
    """Levy, charge or price in words ("vi" or "en")."""
    return _KINDS.get(kind, _KINDS["unknown"])[language == "en"]


def per_name(per: str, language: str) -> str:
    """What a line is counted by, in words ("vi" or "en")."""
    return _PER[per][language == "en"]
