"""Money: what is owed, how it is asked for, what came, what became of it, and the papers. Amounts are whole đồng."""

from payments.models.accounts import CollectionAccount, ReceiptSeries
from payments.models.calls import ProviderCall, RawCall
from payments.models.charges import Charge, Payment, Receipt, ReceiptSignature
from payments.models.ledger import LedgerLine, LedgerTransaction
from payments.models.refunds import Refund
from payments.models.statements import (
    BankStatement,
    CashClosing,
    DayClosing,
    LineMatch,
    StatementLine,
    StatementMapping,
)
from payments.models.strays import StrayMoney

__all__ = [
    "BankStatement",
    "CashClosing",
    "Charge",
    "CollectionAccount",
    "DayClosing",
    "LedgerLine",
    "LedgerTransaction",
    "LineMatch",
    "Payment",
    "ProviderCall",
    "RawCall",
    "Receipt",
    "ReceiptSeries",
    "ReceiptSignature",
    "Refund",
    "StatementLine",
    "StatementMapping",
    "StrayMoney",
]
