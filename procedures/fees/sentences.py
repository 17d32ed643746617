"""How a fee comes about, in sentences in Vietnamese (0) and English (1)."""

from collections.abc import Iterable
from typing import Any

from procedures.fees.lines import ComputedLine
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


def line_title(line: ComputedLine, language: str) -> str:
    """The line's name with the step that it is of ("vi" or "en")."""
    name = (language == "en" and line.name_en) or line.name
    step = step_words(line.per, line.counts_from, line.counts_to, int(language == "en"))
    return f"{name} ({step})" if step else name


def explain_fee(
    lines: tuple[ComputedLine, ...], total: int | None, language: int, *, gap: bool = False, unsure: bool = False
) -> tuple[str, ...]:
    """Sentences in Vietnamese (0) or English (1)."""
    if not lines and not gap:
        if unsure:
            return (("Miễn phí (chờ xác nhận).", "Free of charge (to be confirmed).")[language],)
        return (("Miễn phí.", "Free of charge.")[language],)
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
        together = line.stepped and not line.is_unverified
        key = (line.name, line.kind, line.per, line.each, line.relief, line.percent) if together else place
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _explain_group(group: list[ComputedLine], language: int) -> str:
    """One sentence: the steps, what one of `each` costs, its cap where it bites, the sum."""
    line, amount = group[0], sum(line.amount or 0 for line in group)
    if not line.stepped or line.is_unverified or not amount:
        return _explain_line(line, language)
    name = (line.name, line.name_en or line.name)[language]
    parts, whole, cut = [], 0, sum(line.cut for line in group)
    for step in group:
        unit = step.unit_amount or 0
        whole += unit * step.covered
        label = step_words(step.per, step.counts_from, step.counts_to, language)
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


def step_words(per: str, first: int | None, last: int | None, language: int) -> str:
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
    said = [step] if (step := step_words(per, first, last, english)) else []
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
    if line.amount is None or (line.unit_amount is None and line.amount):
        if line.set_by:
            return f"{name}: " + ("do Hội đồng nhân dân tỉnh quy định.", "set by the provincial Council.")[language]
        return f"{name}: " + ("chờ xác nhận.", "to be confirmed.")[language]
    relief = (line.relief, line.relief_en or line.relief)[language]
    reduced = ""
    if relief:
        left = (f"còn {line.percent} %", f"{line.percent} % left to pay")[language]
        reduced = f" × {line.percent} % ({relief})" if line.amount else f" ({relief}: {left})"
    if line.amount == 0:
        return f"{name}: " + ("không thu", "nothing to pay")[language] + f"{reduced}."
    unit = line.unit_amount or 0
    if line.per == "dossier" and not reduced:
        return f"{name}: {format_money(line.amount)}."
    if line.per == "dossier":
        return f"{name}: {format_money(unit)}{reduced} = {format_money(line.amount)}."
    each = _PER[line.per][language]
    sum_up = f"{line.quantity} × {format_money(unit)}/{each}{reduced} = {format_money(line.amount)}"
    return f"{name}: {sum_up}."


def kind_name(kind: str, language: str) -> str:
    """Levy, charge or price in words ("vi" or "en")."""
    return _KINDS.get(kind, _KINDS["unknown"])[language == "en"]


def per_name(per: str, language: str) -> str:
    """What a line is counted by, in words ("vi" or "en")."""
    return _PER[per][language == "en"]
