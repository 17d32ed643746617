"""A dossier told the slow way, as a template from which any number like it are written.

Its rows are read as COPY text. What tells dossiers apart becomes a slot: keys, references, codes and numbers, and every
moment. Days move along working days (by whole weeks where a limit counts calendar days or a day off is used), so that
weekends, holidays, due dates and used minutes stay what the clock would say.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.db import connection, models

from dossiers.models import (
    DeadlineAlert,
    Dossier,
    DossierDocument,
    DossierEvent,
    DueDateChange,
    Folder,
    FolderMove,
    Involvement,
    Opinion,
    Participation,
    Pause,
    StepRun,
    SupplementRequest,
)
from payments.models import Charge, LedgerLine, LedgerTransaction, Payment, Receipt
from vietnam.working_time import VIETNAM

# Parents first. Papers (files of their own), notices and the audit log are not written.
TABLES: tuple[type[models.Model], ...] = (
    Dossier,
    DossierDocument,
    DossierEvent,
    StepRun,
    Participation,
    Pause,
    DueDateChange,
    SupplementRequest,
    DeadlineAlert,
    Opinion,
    Folder,
    FolderMove,
    Charge,
    Payment,
    Receipt,
    LedgerTransaction,
    LedgerLine,
    Involvement,
)
# What a transaction of the ledger is about; its key ends with the key of that.
_ENTERED: dict[str, type[models.Model]] = {"charged": Charge, "cancelled": Charge, "paid": Payment}
# What leads from the rows of a table (t) to their dossier, where they do not name it.
_LEADS: dict[type[models.Model], str] = {
    Dossier: "JOIN chosen ON chosen.id = t.id",
    FolderMove: "JOIN dossiers_folder f ON f.id = t.folder_id JOIN chosen ON chosen.id = f.dossier_id",
    Charge: "JOIN chosen ON chosen.reference = t.owner",
    Payment: "JOIN payments_charge c ON c.id = t.charge_id JOIN chosen ON chosen.reference = c.owner",
    Receipt: "JOIN payments_payment p ON p.id = t.payment_id JOIN payments_charge c ON c.id = p.charge_id "
    "JOIN chosen ON chosen.reference = c.owner",
    LedgerTransaction: "JOIN (SELECT DISTINCT l.transaction_id, chosen.id FROM payments_ledgerline l "
    "JOIN payments_charge c ON c.id = l.charge_id JOIN chosen ON chosen.reference = c.owner) chosen "
    "ON chosen.transaction_id = t.id",
    LedgerLine: "JOIN payments_charge c ON c.id = t.charge_id JOIN chosen ON chosen.reference = c.owner",
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:\+\d\d(?::?\d\d)?|Z)")

Mover = Callable[[date], date]


@dataclass(frozen=True)
class Example:
    """One dossier's rows. `parts[n]` is the text of all its rows in TABLES[n], with slots."""

    counts: tuple[int, ...]  # rows in each table, as many keys
    parts: tuple[bytes, ...]
    days: tuple[date, ...]  # on which something is, in Vietnam; the last of the values that fill slots
    slots: tuple[tuple[int, ...], ...]  # for each part, which value fills each of its slots
    code: str
    receipts: tuple[tuple[str, date], ...]  # (agency code, day) of each receipt
    arrived: datetime
    last: datetime  # the last thing that happened
    ends: datetime  # the last moment of any kind, planned ones too
    by_weeks: bool  # its limit counts calendar days
    open: bool

    @cached_property
    def filled(self) -> tuple[tuple[int, bytes, Callable[[Sequence[Any]], tuple[Any, ...]]], ...]:
        """Of each table with rows its place in TABLES, their text, and a function that picks what fills it out of the
        values of one dossier."""
        made = zip(self.parts, self.slots, strict=True)
        return tuple((n, part, _picker(slots)) for n, (part, slots) in enumerate(made) if part)

    @cached_property
    def keys(self) -> tuple[tuple[int, int], ...]:
        """Of each table with rows of its own keys its place in TABLES, and how many."""
        return tuple((n, count) for n, count in enumerate(self.counts) if count)

    @cached_property
    def named_by(self) -> tuple[str, date]:
        """What its code begins with, and the day in it."""
        beginning, day, _number = self.code.rsplit("-", 2)
        return beginning, datetime.strptime(day, "%y%m%d").date()  # noqa: DTZ007


def _picker(slots: tuple[int, ...]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(slots) < 2:
        return lambda values: tuple(values[slot] for slot in slots)
    return itemgetter(*slots)


def examples_of(dossiers: Sequence[Dossier]) -> list[Example]:
    """Templates of dossiers that were told the slow way, without those that cannot be followed; a query a table."""
    rows = {model: _rows_of(model, dossiers) for model in TABLES}
    found = []
    for dossier in dossiers:
        with suppress(NoExample):
            found.append(_Reader(dossier, {model: rows[model].get(dossier.pk, []) for model in TABLES}).example())
    return found


class NoExample(Exception):
    """The dossier's rows tell more than can be written after them."""


def has_key(model: type[models.Model]) -> bool:
    """Whether rows are numbered by themselves."""
    return model._meta.auto_field is not None


class _Reader:
    # values = [uid, code, day of the code, number, payment references …, charge uids …, receipt numbers …, keys …,
    # days …]
    def __init__(self, dossier: Dossier, rows: dict[type[models.Model], list[list[str]]]) -> None:
        self.dossier, self.rows = dossier, rows
        self.day, self.number = (dossier.code or "--").rsplit("-", 2)[1:]
        self.names: list[tuple[str, int]] = [(str(dossier.uid), 0)]
        if dossier.code:
            self.names.append((dossier.code, 1))
        at = 4
        named: tuple[tuple[type[models.Model], str], ...]
        named = ((Payment, "reference"), (Charge, "uid"), (Receipt, "number"))
        for bearer, column in named:
            place = _columns(bearer).index(column)
            for row in self.rows[bearer]:
                self.names.append((row[place], at))
                at += 1
        self.keys: dict[tuple[type[models.Model], str], int] = {}
        for model in TABLES:
            for row in self.rows[model] if has_key(model) else ():
                self.keys[model, row[0]] = at
                at += 1
        self.first_day = at
        self.days: dict[date, int] = {}
        self.slots: list[int] = []
        self.last = datetime.min.replace(tzinfo=VIETNAM)

    def example(self) -> Example:
        parts, slots = [], []
        for model in TABLES:
            self.slots = []
            parts.append("".join(self._line(model, row) for row in self.rows[model]).encode())
            slots.append(tuple(self.slots))
        happened = [_moment(row[_columns(DossierEvent).index("at")]) for row in self.rows[DossierEvent]]
        happened += [_moment(row[_columns(FolderMove).index("at")]) for row in self.rows[FolderMove]]
        agency = _columns(Receipt).index("agency_code")
        issued = _columns(Receipt).index("issued_at")
        return Example(
            counts=tuple(len(self.rows[model]) if has_key(model) else 0 for model in TABLES),
            parts=tuple(parts),
            days=tuple(self.days),
            slots=tuple(slots),
            code=self.dossier.code or "",
            receipts=tuple(
                (row[agency], _moment(row[issued]).astimezone(VIETNAM).date()) for row in self.rows[Receipt]
            ),
            arrived=min(happened),
            last=max(happened),
            ends=self.last,
            by_weeks=self.dossier.limit_unit not in ("working_day", "working_hour", "at_once", ""),
            open=self.dossier.finished_at is None,
        )

    def _line(self, model: type[models.Model], row: list[str]) -> str:
        return "\t".join(map(self._cell, model._meta.concrete_fields, row)) + "\n"

    def _cell(self, field: "models.Field[Any, Any]", text: str) -> str:
        if text == "\\N" or (field.model is Dossier and field.name == "filing_key"):
            return "\\N"
        if field.model is LedgerTransaction and field.name == "key":
            kind, _colon, number = text.partition(":")
            if (about := (_ENTERED.get(kind), number)) not in self.keys:
                raise NoExample(text)
            return f"{kind}:" + self._slot("%d", self.keys[about])  # type: ignore[index]
        target = field.remote_field.model if field.remote_field else field.model if field.primary_key else None
        if target is not None and (target, text) in self.keys:
            return self._slot("%d", self.keys[target, text])
        if isinstance(field, models.DateTimeField):
            return self._date(_moment(text), " ")
        if isinstance(field, models.DateField):
            return self._day(date.fromisoformat(text))
        if not isinstance(field, models.CharField | models.TextField | models.JSONField | models.UUIDField) and (
            field.name != "search_vector"
        ):
            return text.replace("%", "%%")
        return self._named(text, words=field.name == "search_vector")

    def _date(self, moment: datetime, between: str) -> str:
        """A slot for the day, and the time of day, which stays."""
        local = moment.astimezone(VIETNAM)
        self.last = max(self.last, local)
        return f"{self._day(local.date())}{between}{local.isoformat()[11:]}"

    def _day(self, day: date) -> str:
        return self._slot("%b", self.first_day + self.days.setdefault(day, len(self.days)))

    def _slot(self, form: str, value: int) -> str:
        self.slots.append(value)
        return form

    def _named(self, text: str, *, words: bool) -> str:
        """Text with slots for the names and moments in it, in their order."""
        if words:
            pattern = f"(?<=')({re.escape(self.day)}|{re.escape(self.number)})(?=')"
        else:
            pattern = "|".join([*(re.escape(name) for name, _slot in self.names), _MOMENT.pattern])
        made, end = [], 0
        for found in re.finditer(pattern, text):
            made.append(text[end : found.start()].replace("%", "%%"))
            end = found.end()
            name = found.group()
            slot = next((slot for known, slot in self.names if known == name), None)
            if words:
                made.append(self._slot("%b", 2 if name == self.day else 3))
            elif slot is not None:
                made.append(self._slot("%b", slot))
            else:
                made.append(self._date(_moment(name), name[10]))
        return "".join([*made, text[end:].replace("%", "%%")])


def _columns(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields]


def copy_columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def _rows_of(model: type[models.Model], dossiers: Sequence[Dossier]) -> dict[int, list[list[str]]]:
    """Rows of one table by the key of their dossier, oldest first, each as the cells of COPY's text format."""
    keys = ", ".join(str(int(dossier.pk)) for dossier in dossiers) or "NULL"
    columns = ", ".join(f"t.{name}" for name in copy_columns(model).split(", "))
    leads = _LEADS.get(model, "JOIN chosen ON chosen.id = t.dossier_id")
    query = f"""
        WITH chosen AS (SELECT id, 'dossier:' || uid AS reference FROM dossiers_dossier WHERE id IN ({keys}))
        SELECT chosen.id, {columns} FROM {model._meta.db_table} t {leads} ORDER BY 1, 2
    """  # noqa: S608
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        text = b"".join(bytes(block) for block in copy).decode()
    found: dict[int, list[list[str]]] = defaultdict(list)
    for line in text.splitlines():
        key, *cells = line.split("\t")
        found[int(key)].append(cells)
    return found


def _moment(text: str) -> datetime:
    text = text.replace("Z", "+00:00")
    return datetime.fromisoformat(text if text[-3] != "+" else f"{text}:00")
