"""What a dossier costs, line by line. Everybody who needs an amount asks here; payments only collects it."""

from collections.abc import Iterable, Iterator, Mapping
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
_MANY = {"dossier": "dossiers", "copy": "copies", "page": "pages", "person": "persons", "item": "items"}


@dataclass(frozen=True)
class ComputedLine:
    """One line of a charge; amounts in đồng, None while in doubt. `name_en` may be empty.

    `quantity` is what the line covers in all: `covered` in one of `each`, `times` over.
    """

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
    counts_from: int | None = None
    counts_to: int | None = None
    each: str = ""
    covered: int = 1
    times: int = 1
    cut: int = 0  # what a cap takes off one of `each`, before a relief

    @property
    def in_doubt(self) -> bool:
        return self.amount is None

    @property
    def stepped(self) -> bool:
        """Whether more than a quantity and an amount of one makes up the line."""
        return bool(self.counts_from or self.counts_to or self.each or self.cut)

    def title(self, language: str) -> str:
        """The name with the step that it is of ("vi" or "en")."""
        name = (language == "en" and self.name_en) or self.name
        step = _step(self.per, self.counts_from, self.counts_to, int(language == "en"))
        return f"{name} ({step})" if step else name


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
    have a last day are left out. A line without a case holds in every case. A channel without a line is free.
    A step of a quantity that covers none of it is left out. A cap counts before reliefs.
    """
    if value is not None and value < 0:
        raise ValueError(f"a value is not negative: {value}")
    claimed = frozenset(exemptions)
    found = lines_in_force(fee_lines, channel, case, on)
    chosen = [row for row in found if value is None or _within(row, value)]
    lines = tuple(_lines(chosen, quantities or {}, claimed, value))
    amounts = [line.amount for line in lines]
    known = [amount for amount in amounts if amount is not None]
    total = sum(known) if len(known) == len(amounts) else None
    gap = any(map(banded_amount, found)) and not any(map(banded_amount, chosen))
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


def _quantity(per: str, quantities: Mapping[str, int]) -> int:
    quantity = 1 if per == "dossier" else quantities.get(per, 1)
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
        covered = _covered(row, _quantity(row.per, quantities))
        if not covered and (row.counts_from or row.counts_to):
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
    relief = min((r for r in row.exemptions if r["key"] in claimed), key=lambda r: r["percent"], default=None)
    percent = relief["percent"] if relief else 100
    amount = None
    if certain and row.amount is not None and not open_band:
        amount = (row.amount * covered - cut) * times * percent // 100
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
        needs_value=certain and open_band,
        counts_from=row.counts_from,
        counts_to=row.counts_to,
        each=row.each,
        covered=covered,
        times=times,
        cut=cut,
    )


def _explain(
    lines: tuple[ComputedLine, ...], total: int | None, language: int, *, gap: bool = False
) -> tuple[str, ...]:
    """Sentences in Vietnamese (0) or English (1)."""
    if not lines and not gap:
        return ((("Miễn phí.", "Free of charge."))[language],)
    sentences = [_explain_group(group, language) for group in _grouped(lines)]
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
    elif len(sentences) > 1:
        sentences.append((f"Tổng cộng {format_money(total)}.", f"Total {format_money(total)}.")[language])
    return tuple(sentences)


def _grouped(lines: Iterable[ComputedLine]) -> list[list[ComputedLine]]:
    """The steps of one fee together, any other line alone."""
    groups: dict[Any, list[ComputedLine]] = {}
    for place, line in enumerate(lines):
        together = line.stepped and not line.in_doubt
        key = (line.name, line.kind, line.per, line.each, line.relief, line.percent) if together else place
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _explain_group(group: list[ComputedLine], language: int) -> str:
    """One sentence: the steps, what one of `each` costs, its cap where it bites, the sum."""
    line, amount = group[0], sum(line.amount or 0 for line in group)
    if not line.stepped or line.in_doubt or not amount:
        return _explain_line(line, language)
    name = (line.name, line.name_en or line.name)[language]
    parts, whole, cut = [], 0, sum(line.cut for line in group)
    for step in group:
        unit = step.unit_amount or 0
        whole += unit * step.covered
        label = _step(step.per, step.counts_from, step.counts_to, language)
        counted = f"{step.covered} × {format_money(unit)}"
        parts.append(f"{label}: {counted}" if label else f"{counted}/{_PER[step.per][language]}")
    reduced = f" × {line.percent} % ({(line.relief, line.relief_en or line.relief)[language]})" if line.relief else ""
    if line.each or cut or len(group) > 1:
        said = _of_each(line.each, whole, language)
        if cut:
            said += (", chỉ thu tối đa ", ", at most ")[language] + format_money(whole - cut)
        parts.append(said)
    if line.each:
        many = _PER[line.each][language] if not language or line.times == 1 else _MANY[line.each]
        parts[-1] += f" × {line.times} {many}"
    alone = len(parts) > 1 and not line.each and not reduced
    return f"{name}: {'; '.join(parts)}" + ("." if alone else f"{reduced} = {format_money(amount)}.")


def _of_each(each: str, amount: int, language: int) -> str:
    if not each:
        return ("cộng ", "in all ")[language] + format_money(amount)
    unit = _PER[each][language]
    return (f"mỗi {unit} {format_money(amount)}", f"each {unit} {format_money(amount)}")[language]


def _step(per: str, first: int | None, last: int | None, language: int) -> str:
    """ "trang 1–2", "từ trang 3"; empty for the whole quantity."""
    if first is None and last is None:
        return ""
    low, unit = first or 1, _PER[per][language]
    if last is None:
        return (f"từ {unit} {low}", f"from {unit} {low}")[language]
    if last == low:
        return f"{unit} {low}"
    return f"{_MANY[per] if language else unit} {low}–{last}"


def counting(
    per: str, first: int | None, last: int | None, each: str | None, at_most: int | None, language: str
) -> list[str]:
    """How a line counts, in words: its step, what it is paid for, its cap ("vi" or "en")."""
    english = int(language == "en")
    said = [step] if (step := _step(per, first, last, english)) else []
    unit = _PER[each or "dossier"][english]
    if at_most is not None:
        money = format_money(at_most)
        said.append((f"tối đa {money} mỗi {unit}", f"at most {money} for each {unit}")[english])
    elif each:
        said.append((f"tính cho mỗi {unit}", f"for each {unit}")[english])
    return said


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
