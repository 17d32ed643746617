"""The bank's statement of the day as camt.053, with what real ones hold: something pending, a reversal, costs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from html import escape

from simulators.bank.book import Book

GMT7 = timezone(timedelta(hours=7))
OPENING, STRANGER, COST, PENDING = 1_000_000, 45_000, 3_300, 70_000
_ENTRY = """<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="VND">{amount}.00</Amt><CdtDbtInd>{way}</CdtDbtInd>{reversal}
<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>
<AcctSvcrRef>{number}</AcctSvcrRef><NtryDtls><TxDtls><RmtInf><Ustrd>{purpose}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
_BALANCE = """<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="VND">{amount}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"""


def of_day(book: Book, day: str = "", opening: int = OPENING) -> str:
    """Every transfer that came, in the order of the orders, between the traps; booked today, or on another `day`."""
    day = day or datetime.now(GMT7).date().isoformat()
    entries, balance, account = [], opening, ""

    def enter(amount: int, number: str, purpose: str, reversal: str = "", status: str = "BOOK") -> None:
        nonlocal balance
        balance += amount if status == "BOOK" else 0
        entries.append(
            _ENTRY.format(
                number=number,
                amount=abs(amount),
                way="CRDT" if amount > 0 else "DBIT",
                reversal=reversal,
                status=status,
                day=day,
                purpose=escape(purpose),
            )
        )

    for reference, order in list(book.orders.items()):
        account = account or order.fields.get("account", "/").partition("/")[2]
        for amount, number in order.paid:
            enter(amount, number, f"Nộp lệ phí {reference} chuyển khoản")
    enter(STRANGER, "FTSTRANGER", "ủng hộ xã nhà")
    enter(-STRANGER, "FTREVERSED", "huy giao dich FTSTRANGER", "<RvslInd>true</RvslInd>")
    enter(-COST, "FTCOST", "Phí quản lý tài khoản")
    enter(PENDING, "FTPENDING", "đang chờ", status="PDNG")
    balances = _BALANCE.format(kind="OPBD", amount=opening, day=day) + _BALANCE.format(
        kind="CLBD", amount=balance, day=day
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>{day}</Id>
<Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{balances}{"".join(entries)}</Stmt></BkToCstmrStmt></Document>"""
