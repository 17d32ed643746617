"""camt.053 (ISO 20022): booked entries alone are money, and an entry that reverses has its sign turned already.

The document's Credit/Debit indicator says what an entry does to the balance, a reversal's included; `RvslInd` only says
that it takes an earlier one back. Read element by element, without entities and without the network.
"""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from payments.statements.bookings import Booking, Statement, UnreadableStatement, whole_dong

_BOOKED = "BOOK"
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_AMOUNTS = (("Amt",), ("AmtDtls", "TxAmt", "Amt"))  # of a transaction, from version 3 on and before


def read_camt053(content: bytes) -> Statement:
    """The statement of a file. Raises UnreadableStatement."""
    statement = Statement(iter(()))
    statement.bookings = _bookings(content, statement)
    return statement


def _bookings(content: bytes, statement: Statement) -> Iterator[Booking]:
    try:
        elements = etree.iterparse(
            BytesIO(content), events=("end",), resolve_entities=False, no_network=True, load_dtd=False
        )
        found = False
        for _event, element in elements:
            name = _name(element)
            if name == "Ntry":
                if booked := _bookings_of(element):
                    yield from booked
                else:
                    statement.pending += 1
                _forget(element)
            elif name == "Bal":
                _take_balance(element, statement)
                _forget(element)
            elif name == "Acct" and _name(element.getparent()) == "Stmt":
                statement.account = _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")
            elif name == "Stmt":
                found = True
    except etree.XMLSyntaxError as error:
        raise UnreadableStatement(_("Tệp không phải XML hợp lệ. Hãy xuất lại tệp từ ngân hàng.")) from error
    if not found:
        raise UnreadableStatement(_("Tệp XML không có bản sao kê (Stmt) nên không phải camt.053."))


def _bookings_of(entry: Any) -> list[Booking]:
    """One for each transaction of an entry; none for what is not booked."""
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status != _BOOKED:
        return []
    place = _("Dòng %s") % (_text(entry, "NtryRef") or _text(entry, "AcctSvcrRef") or "?")
    details, whole = list(_all(entry, "NtryDtls", "TxDtls")), _signed(entry, place)
    amounts = _transactions(details, whole, place)
    all_of_it = _booking(entry, details, whole, place)
    if not amounts:
        return [all_of_it]
    parts = zip(details, amounts, strict=True)
    return [_booking(entry, [detail], amount, place, batch=all_of_it) for detail, amount in parts]


def _transactions(details: list[Any], whole: int, place: str) -> list[int]:
    """The amounts of a batch's transactions (TxDtls) where the bank gives them and they add up; else none."""
    if len(details) < 2:
        return []
    amounts = [amount for detail in details if (amount := _own_amount(detail, whole, place)) is not None]
    return amounts if len(amounts) == len(details) and sum(amounts) == whole else []


def _own_amount(detail: Any, whole: int, place: str) -> int | None:
    """A transaction's own amount, with its entry's sign unless it says another; None where none can be read."""
    amount = next((a for path in _AMOUNTS for a in _all(detail, *path)), None)
    if amount is None or amount.get("Ccy") != "VND":
        return None
    try:
        return _SIGNS.get(_text(detail, "CdtDbtInd"), -1 if whole < 0 else 1) * whole_dong(
            amount.text or "", place=place
        )
    except UnreadableStatement:
        return None


def _booking(entry: Any, details: list[Any], amount: int, place: str, *, batch: Booking | None = None) -> Booking:
    purposes = [text for detail in details for text in _texts(detail, "RmtInf", "Ustrd")]
    ids = [_text(d, "Refs", "EndToEndId") for d in details]
    added = _text(entry, "AddtlNtryInf")
    booked = _day(entry, "BookgDt", place)
    return Booking(
        day=booked,
        value_day=_day(entry, "ValDt", place, otherwise=booked),
        amount=amount,
        bank_reference=(_text(entry, "AcctSvcrRef") or _text(entry, "NtryRef"))[:80],
        purpose=" ".join(filter(None, [*(i for i in ids if i != "NOTPROVIDED"), *purposes, added])),
        payer=next(filter(None, (_payer(detail) for detail in details)), ""),
        reversal=_text(entry, "RvslInd").lower() in ("true", "1"),
        batch=batch,
    )


def _payer(detail: Any) -> str:
    return _text(detail, "RltdPties", "Dbtr", "Nm") or _text(detail, "RltdPties", "Dbtr", "Pty", "Nm")


def _take_balance(element: Any, statement: Statement) -> None:
    kind = _text(element, "Tp", "CdOrPrtry", "Cd")
    amount = _signed(element, _("Số dư"))
    if kind in _OPENING and statement.opening is None:
        statement.opening = amount
    elif kind in _CLOSING:
        statement.closing = amount


def _signed(element: Any, place: str) -> int:
    amount = next(_all(element, "Amt"), None)
    if amount is None or amount.get("Ccy") != "VND":
        raise UnreadableStatement(_("%s không tính bằng đồng Việt Nam.") % place)
    sign = _SIGNS.get(_text(element, "CdtDbtInd"))
    if sign is None:
        raise UnreadableStatement(_("%s không nói ghi có hay ghi nợ (CdtDbtInd).") % place)
    return sign * whole_dong(amount.text or "", place=place)


def _day(entry: Any, name: str, place: str, otherwise: date | None = None) -> date:
    written = _text(entry, name, "Dt") or _text(entry, name, "DtTm")[:10]
    if not written and otherwise is not None:
        return otherwise
    try:
        return datetime.strptime(written[:10], "%Y-%m-%d").date()
    except ValueError as error:
        raise UnreadableStatement(_("%s không có ngày ghi sổ đọc được.") % place) from error


def _name(element: Any) -> str:
    return etree.QName(element).localname if element is not None and isinstance(element.tag, str) else ""


def _all(element: Any, *path: str) -> Iterator[Any]:
    if not path:
        yield element
        return
    for child in element:
        if _name(child) == path[0]:
            yield from _all(child, *path[1:])


def _texts(element: Any, *path: str) -> list[str]:
    return [" ".join((found.text or "").split()) for found in _all(element, *path)]


def _text(element: Any, *path: str) -> str:
    return next(filter(None, _texts(element, *path)), "")


def _forget(element: Any) -> None:
    """A long statement is not kept in memory."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
