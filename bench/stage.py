"""The stage of measures: durable servers in a data folder of their own, the province, its catalogue and its people.

Set up once; later runs find it as it was. `replayed` turns the writes of one act into statements that can be run
again with fresh keys, so that a measure is held against the bare cost of its own INSERTs and UPDATEs.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from oss_portal import engines
from oss_portal.engines.folder import DataFolder

CLIENTS = 8
_FIRST_INSERT = re.compile(r"INSERT INTO \"?(\w+)\"? \(([^)]*)\)")
_PLACE = re.compile(r'(?:"(?P<column>\w+)" = )?%s')


def prepare(name: str = "bench") -> DataFolder:
    """Servers, settings and data in a folder of that name; afterwards Django can be used in this process."""
    folder = DataFolder(DataFolder().root / name)
    os.environ["DATA_DIR"] = str(folder.root)
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oss_portal.settings")
    say("Starting PostgreSQL and Valkey")
    engines.ensure(folder)
    import django

    django.setup()
    from django.core.management import call_command

    from accounts.models import StaffPost
    from demo import people

    say("Bringing database and catalogue up to date")
    call_command("migrate", interactive=False, verbosity=0)
    if not StaffPost.objects.exists():
        call_command("load_province", verbosity=0)
        call_command("load_catalogue", verbosity=0)
        people.load_demo_people()
    return folder


def fill_with_dossiers(number: int) -> None:
    """Simulated years, unless the stage has as many from an earlier run."""
    from django.core.management import call_command

    from dossiers.models import Dossier

    if Dossier.objects.count() < number:
        say(f"Writing {number} dossiers")
        call_command("simulate", dossiers=260, months=22, seed=3, bulk=number, stdout=sys.stderr)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@dataclass
class Measured:
    """What clients did in a time: things done a second, and how long each took (milliseconds)."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def add(self, other: Measured) -> None:
        self.seconds += other.seconds
        self.latencies += other.latencies

    def summary(self) -> dict[str, float]:
        found = sorted(self.latencies)
        return {
            "per_second": round(self.rate, 1),
            "median_ms": round(statistics.median(found), 2),
            "p95_ms": round(found[int(len(found) * 0.95)], 2),
        }


def repeat(do: Callable[[], object], until: float) -> list[float]:
    """Milliseconds of each call of `do`, one after the other until the clock says `until`."""
    took = []
    while (begun := time.perf_counter()) < until:
        do()
        took.append((time.perf_counter() - begun) * 1000)
    return took


@dataclass(frozen=True)
class Statement:
    """One write: the table, its SQL, and the column of each value (empty where it is no plain column).

    `named` are the values of SQL that names them; they are written as they were.
    """

    table: str
    sql: str
    values: tuple[Any, ...]
    columns: tuple[str, ...]
    named: Mapping[str, Any] | None = None

    @property
    def returns(self) -> bool:
        return "RETURNING" in self.sql

    def with_values(self, fresh: dict[str, Any]) -> tuple[Any, ...] | Mapping[str, Any]:
        """The values, those of the named columns replaced."""
        if self.named is not None:
            return self.named
        return tuple(
            fresh.get(f"{self.table}.{column}", value) for column, value in zip(self.columns, self.values, strict=True)
        )


@contextmanager
def written() -> Iterator[tuple[list[Statement], list[str]]]:
    """Collects what is written within the block, and the text of every statement that is no savepoint."""
    from django.db import connection

    writes: list[Statement] = []
    every: list[str] = []

    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        text = str(sql).strip()
        if "SAVEPOINT" not in text:
            every.append(text)
        for part, own in _parts(text, params or ()):
            if part.startswith(("INSERT", "UPDATE", "WITH")) and not part.startswith("WITH RECURSIVE"):
                writes.append(_statement(part, own))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield writes, every


def _parts(
    text: str, values: Sequence[Any] | Mapping[str, Any]
) -> Iterator[tuple[str, Sequence[Any] | Mapping[str, Any]]]:
    """The statements of a message (`core.together` sends several in one), each with its values."""
    if isinstance(values, Mapping):
        yield text, values
        return
    rest = iter(values)
    for part in map(str.strip, text.split(";")):
        yield part, tuple(itertools.islice(rest, part.count("%s")))


@contextmanager
def read() -> Iterator[list[Statement]]:
    """Collects what is read within the block."""
    from django.db import connection

    reads: list[Statement] = []

    def wrapper(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lstrip().startswith("SELECT"):
            reads.append(Statement("", str(sql), tuple(params or ()), ()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield reads


def _places(columns: Sequence[str], values: str) -> Iterator[str]:
    """The column of each place of one row of values; empty for the places within an expression."""
    depth, begun, found = 0, 0, []
    for at, sign in enumerate(values):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0 or (depth == 0 and sign == ","):
            found.append(values[begun:at].strip())
            begun = at + 1
        if depth < 0:
            break
    for column, value in zip(columns, found, strict=True):
        yield from [column] if value == "%s" else [""] * value.count("%s")


def _statement(sql: str, params: Sequence[Any] | Mapping[str, Any]) -> Statement:
    table = re.split(r"[ (\n]", sql.removeprefix("INSERT INTO ").removeprefix("UPDATE "))[0].strip('"')
    if isinstance(params, Mapping):
        return Statement(table, sql, (), (), params)
    values = tuple(params)
    if sql.startswith("WITH") and "INSERT" not in sql:  # told by its first UPDATE
        changed = re.split(r"\s+", sql.partition("UPDATE ")[2], maxsplit=1)[0].strip('"')
        return Statement(changed, sql, values, tuple(m.group("column") or "" for m in _PLACE.finditer(sql)))
    if sql.startswith("WITH"):  # told by its first INSERT; the values of others follow, in columns without a name
        first = _FIRST_INSERT.search(sql)
        table, columns = (first.group(1), first.group(2).replace('"', "").split(", ")) if first else ("", [])
        return Statement(table, sql, values, (*columns, *[""] * len(values))[: len(values)])
    if sql.startswith("INSERT"):
        named = re.search(r"\(([^)]*)\) VALUES", sql)
        columns = tuple(name.strip(' "') for name in named.group(1).split(",")) if named else ()
        if columns and len(values) % len(columns):  # one of the values is made by an expression with places of its own
            columns = tuple(_places(columns, sql[sql.index(" VALUES (") + 9 :]))
        columns = (columns * len(values))[: len(values)] if columns else ("",) * len(values)
        if sql.startswith("INSERT INTO journal_numberseries"):
            columns = ("scope",)
    else:
        columns = tuple(match.group("column") or "" for match in _PLACE.finditer(sql))
    return Statement(table, sql, values, columns)
