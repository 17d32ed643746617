"""Acts a second with the history protected, against the same acts with nothing that protects it, by turns.

Protected: the web's role of the database, the append-only trigger, and the sealing of what is written, once a second
beside the acts. Bare: the owner of the tables, no trigger on the history, nothing sealed. The acts and the processes
are those of `bench.lifecycle`. Run with `make bench NAME=protection`; the last line is the result as JSON.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench import stage
from bench.lifecycle import SECONDS, _acts, _at_work, _run
from bench.stage import CLIENTS, Measured, say

GOAL = 0.95
ROUNDS = 8


def main() -> None:
    stage.prepare("bench-lifecycle")
    from django.db import connections

    say("Taking dossiers in")
    dossiers = [_at_work() for _n in range(2 * CLIENTS)]
    connections.close_all()
    found = {"bare": Measured(), "protected": Measured()}
    say("Acting by turns")
    for _round in range(ROUNDS):
        with _history_unguarded():
            found["bare"].add(_run(lambda n: _as_owner(dossiers[CLIENTS + n])))
        with _sealing():
            found["protected"].add(_run(lambda n: _acts(dossiers[n])))
    ours, other = found["protected"].rate, found["bare"].rate
    result = {
        "name": "protection",
        "ours": round(ours, 1),
        "other": round(other, 1),
        "ratio": round(ours / other, 3),
        "goal": GOAL,
        "holds": ours >= GOAL * other,
        "detail": {"unit": "acts a second", "clients": CLIENTS, "rounds": ROUNDS, "seconds": SECONDS}
        | {name: measured.summary() for name, measured in found.items()},
    }
    print(json.dumps(result))


def _as_owner(dossier: Any) -> Any:
    """In a process of its own, which ends with it."""
    from core.owner import as_owner

    as_owner().__enter__()
    return _acts(dossier)


@contextmanager
def _history_unguarded() -> Iterator[None]:
    _switch("DISABLE")
    try:
        yield
    finally:
        _switch("ENABLE")


def _switch(how: str) -> None:
    from django.db import connection

    from core.owner import as_owner

    with as_owner(), connection.cursor() as cursor:
        for table in ("dossiers_dossierevent", "journal_entry"):
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
    connection.close()


@contextmanager
def _sealing() -> Iterator[None]:
    """A process beside the acts that seals what is final, once a second."""
    from django.db import connections
    from django.utils import timezone

    from journal.sealing import seal_streams

    over = threading.Event()

    def seal() -> None:
        while not over.wait(1.0):
            seal_streams(at=timezone.now())
        connections.close_all()

    worker = threading.Thread(target=seal, daemon=True)
    worker.start()
    try:
        yield
    finally:
        over.set()
        worker.join()


if __name__ == "__main__":
    main()
