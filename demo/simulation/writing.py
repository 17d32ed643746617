"""Rows of many dossiers on their way into the database: filled here, sent by two connections with their own tables."""

import secrets
import uuid
from collections.abc import Callable, Iterator
from queue import Queue
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any, Self

from django.db import connection, models, transaction

from demo.simulation.examples import TABLES, Example, Mover, copy_columns, has_key
from demo.simulation.tables import without_indexes
from dossiers.models import Dossier, DossierDocument, Involvement, StepRun
from dossiers.statistics import tallies
from journal.models import NumberSeries
from payments.models import Charge, Payment

CHUNK = 4_000  # dossiers whose rows are sent together
# What one connection writes; the other one writes the rest. Both have about as much to do, their indexes included;
# tallies, which are counted from the dossiers alone, go with these.
_FIRST = (Dossier, DossierDocument, StepRun, Involvement)
_CHARGES, _PAYMENTS = TABLES.index(Charge), TABLES.index(Payment)


class Writer:
    """Fills templates, while two threads send what is filled. What they wrote is in force when both have all of it."""

    def __init__(self) -> None:
        self.given: dict[str, int] = {}
        self.next_keys: list[int] = []
        self.chunks: list[list[bytes]] = [[] for _table in TABLES]
        self.waiting = 0
        together = Barrier(2)
        shares = [tuple(m for m in TABLES if (m in _FIRST) == first) for first in (True, False)]
        self.hands = [_Hand(shares[0], together, self._count), _Hand(shares[1], together)]

    def __enter__(self) -> Self:
        for hand in self.hands:
            hand.thread.start()
        try:
            for hand in self.hands:
                hand.wait_until_alone()
        except BaseException:
            self._stop()
            raise
        # Nobody else writes a dossier now.
        self.given = dict(NumberSeries.objects.values_list("scope", "last"))
        self.next_keys = [_last_key(model) + 1 if has_key(model) else 0 for model in TABLES]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def finish(self) -> None:
        """Send the rest and wait until it is written, with all indexes."""
        self._flush()
        for hand in self.hands:
            hand.queue.put(None)
        for hand in self.hands:
            hand.thread.join()
        self._raise_failure()

    def write(self, example: Example, move: Mover, times: int) -> None:
        """So many dossiers after an example, its days moved."""
        beginning, filed = example.named_by
        day = f"{move(filed):%y%m%d}"
        stem = f"{beginning}-{day}"
        days = [move(day).isoformat().encode() for day in example.days]
        charges, payments = example.counts[_CHARGES], example.counts[_PAYMENTS]
        for _time in range(times):
            number = b"%04d" % self._next(f"dossier:{stem}")
            values: list[Any] = [str(uuid.uuid4()).encode(), f"{stem}-".encode() + number, day.encode(), number]
            values += [f"TT{secrets.token_hex(6).upper()}".encode() for _n in range(payments)]
            values += [str(uuid.uuid4()).encode() for _n in range(charges)]
            for agency, day_of_receipt in example.receipts:
                moved = move(day_of_receipt).year
                values.append(f"{self._next(f'receipt:{agency}:{moved}'):07d}/{moved}".encode())
            for n, count in example.keys:
                key = self.next_keys[n]
                self.next_keys[n] = key + count
                values += range(key, key + count)
            values += days
            for n, part, fill in example.filled:
                self.chunks[n].append(part % fill(values))
            self.waiting += 1
            if self.waiting >= CHUNK:
                self._flush()

    def _next(self, scope: str) -> int:
        self.given[scope] = self.given.get(scope, 0) + 1
        return self.given[scope]

    def _flush(self) -> None:
        self._raise_failure()
        filled = {model: b"".join(rows) for model, rows in zip(TABLES, self.chunks, strict=True)}
        for hand in self.hands:
            hand.queue.put({model: filled[model] for model in hand.tables})
        self.chunks = [[] for _table in TABLES]
        self.waiting = 0

    def _raise_failure(self) -> None:
        failures = [hand.failure for hand in self.hands if hand.failure is not None]
        # Of two, one only says that the other one failed.
        for failure in sorted(failures, key=lambda each: isinstance(each, BrokenBarrierError)):
            raise failure

    def _stop(self) -> None:
        for hand in self.hands:
            hand.stop()

    def _count(self) -> None:
        """What is numbered and counted besides, with the dossiers."""
        tallies.count_anew()
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO journal_numberseries (scope, last) VALUES (%s, %s) "
                "ON CONFLICT (scope) DO UPDATE SET last = excluded.last",
                list(self.given.items()),
            )
            for model, following in zip(TABLES, self.next_keys, strict=True):
                if has_key(model):
                    cursor.execute(
                        "SELECT setval(pg_get_serial_sequence(%s, 'id'), greatest(%s, 1))",
                        [model._meta.db_table, following - 1],
                    )


class _Hand:
    """A thread with a connection and a transaction of its own, in which it writes some tables."""

    def __init__(
        self, tables: tuple[type[models.Model], ...], together: Barrier, besides: Callable[[], None] | None = None
    ) -> None:
        self.tables, self.together, self.besides = tables, together, besides
        self.queue: Queue[dict[type[models.Model], bytes] | None] = Queue(maxsize=2)  # None: there is no more
        self.failure: BaseException | None = None
        self.alone, self.stopped = Event(), Event()
        self.thread = Thread(target=self._run, daemon=True)

    def wait_until_alone(self) -> None:
        """Until nobody else can write its tables. Errors: what keeps it from that."""
        self.alone.wait()
        if self.failure is not None:
            raise self.failure

    def stop(self) -> None:
        """Undo what is not in force yet, and wait for that."""
        self.stopped.set()
        self.together.abort()
        self.queue.put(None)
        self.thread.join()

    def _run(self) -> None:
        taken = self._taken()
        try:
            with transaction.atomic(durable=True):
                with without_indexes(self.tables):
                    self.alone.set()
                    for rows in taken:
                        self._send(rows)
                    if self.besides is not None and not self.stopped.is_set():
                        self.besides()
                self.together.wait()  # a moment later both are in force; broken when the other one failed
        except BaseException as failure:  # noqa: BLE001 - raised again by the thread that fills
            self.failure = failure
            self.together.abort()
        finally:
            connection.close()
            self.alone.set()
            for _rows in taken:  # so that nobody waits for room
                pass

    def _taken(self) -> Iterator[dict[type[models.Model], bytes]]:
        while (rows := self.queue.get()) is not None:
            if self.failure is None and not self.stopped.is_set():
                yield rows

    def _send(self, rows: dict[type[models.Model], bytes]) -> None:
        with connection.cursor() as cursor:
            for model, text in rows.items():
                if text:
                    with cursor.copy(f"COPY {model._meta.db_table} ({copy_columns(model)}) FROM STDIN") as copy:
                        copy.write(text)


def _last_key(model: type[models.Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM pg_sequences WHERE schemaname || '.' || sequencename = "
                       "pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])  # fmt: skip
        return cursor.fetchone()[0] or 0
