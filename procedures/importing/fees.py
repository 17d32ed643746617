"""What a fee as written says: an amount for sure, free for sure, or an open query with a name with a proposal."""

import re
from dataclasses import dataclass

from procedures.importing.channels import FREE, Cell

# An amount below is never a fee in đồng; it may be thousands, dollars or a slip, and only a person can tell.
SMALLEST = 1000
_AMOUNT = re.compile(r"(\d[\d.,]*)\s*(VNĐ|Việt Nam Đồng|USD)")
_IN_TEXT = re.compile(
    r"(?<![\d.,/])(\d{1,3}(?:[.,]\d{3})+|\d{4,9})\s*(?:đồng|vnđ|vnd|đ(?![a-zà-ỹ])|VNĐ|Việt Nam Đồng)", re.I
)
_USD_IN_TEXT = re.compile(r"\d\s*(?:USD|đô la)", re.I)


@dataclass(frozen=True)
class FeeReading:
    """`amount` in đồng where it is certain (0: free). Else `open_queries` name why; `proposal` is what may be meant."""

    amount: int | None
    open_queries: tuple[str, ...] = ()
    proposal: int | None = None


def read_fee(cell: Cell) -> FeeReading:
    """Judge the fee of a cell with what its brackets and note say of fees. Small amounts are never multiplied."""
    told = amounts_in(cell.fee_text)
    if "phí" in cell.note.casefold():
        told |= amounts_in(cell.note)
    written = _AMOUNT.search(cell.glued or cell.fee)
    amount = int(re.sub(r"\D", "", written[1])) if written and not cell.glued else None
    open_queries = []
    if cell.glued:
        open_queries.append("number_fee_glued")
    elif cell.fee == FREE:
        if told:
            open_queries.append("free_beside_amount")
        elif "hội đồng nhân dân" in cell.fee_text.casefold():
            open_queries.append("fee_set_by_council")
    elif written is None:
        open_queries.append("fee_not_amount")
    if written and (written[2] == "USD" or _USD_IN_TEXT.search(cell.fee_text)):
        open_queries.append("fee_usd")
    elif amount is not None and amount < SMALLEST:
        open_queries.append("fee_below_1000")
    certain = {amount} if amount is not None and amount >= SMALLEST else set()
    if len(told | certain) > 1:
        open_queries.append("fee_several")
    if not open_queries:
        return FeeReading(amount if written else 0)
    if "fee_usd" in open_queries:
        return FeeReading(None, tuple(open_queries))
    return FeeReading(None, tuple(open_queries), amount if certain else _only(told))


def amounts_in(text: str) -> set[int]:
    """Amounts in đồng that a text names, of 1,000 and more."""
    found = {int(re.sub(r"\D", "", match[1])) for match in _IN_TEXT.finditer(text)}
    return {amount for amount in found if amount >= SMALLEST}


def _only(amounts: set[int]) -> int | None:
    return next(iter(amounts)) if len(amounts) == 1 else None


_PER = {"trang": "page", "bản": "copy", "người": "person"}
_PER_IN_TEXT = re.compile(r"/\s*(?:\d+\s*|một\s*)?(trang|bản|người)", re.I)


def counted_by(text: str) -> str:
    """By what a fee is counted, where its text says so; a dossier otherwise."""
    match = _PER_IN_TEXT.search(text)
    return _PER[match[1].casefold()] if match else "dossier"


def kind_of(text: str) -> str:
    """Levy, charge or price where the text says so."""
    folded = text.casefold()
    if "lệ phí" in folded:
        return "levy"
    if "giá dịch vụ" in folded:
        return "price"
    return "charge" if "phí" in folded else "unknown"
