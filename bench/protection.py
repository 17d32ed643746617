"""Acts a second with the history protected, against an earlier build that protects nothing, by turns.

Before: the build of the commit BEFORE (the last one before sealing and roles, when nothing is named), its code checked
out beside this one for the run, with servers and a database of its own. Protected: this build as it runs, the web's
role, the append-only triggers, and the sealing of what is written, once a second beside the acts. Bare: this build as
the owner of the tables, no trigger on the history, nothing sealed; what stands between bare and before is no
protection, but what the portal has learnt since.

Eight processes each work a dossier up and down its route (`bench.lifecycle` of each build). Processor milliseconds of
an act (of the process, and of its server process) stand beside the rate, which tells little on a machine that others
use; what seals has a process of its own and is not in them. Usage: make bench NAME=protection (ROUNDS, BEFORE); the
last line is the result as JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from bench.builds import OURS, Build, Side, at_once, become, checked_out

BEFORE = os.environ.get("BEFORE", "412b7d40~1")
GOAL = 0.95
ROUNDS = int(os.environ.get("ROUNDS", "12"))
SECONDS = 2.0
CLIENTS = 8
Turn = dict[str, Any]


def main() -> None:
    from oss_portal.engines.folder import DataFolder

    root = DataFolder().root
    with checked_out(BEFORE) as old:
        before, ours = (
            Build("bench.protection", checkout, DATA_DIR=str(root / name))
            for checkout, name in ((old, "bench-protection-before"), (OURS, "bench-protection"))
        )
        sides = {"before": (before, "plain"), "bare": (ours, "bare"), "protected": (ours, "protected")}
        found: dict[str, list[Turn]] = {name: [] for name in sides}
        for number in range(ROUNDS + 1):
            for name, (build, how) in sides.items():
                turn = build.ask(how)
                if number:  # the first round only warms
                    found[name].append(turn)
        for build in (before, ours):
            build.end()
    print(json.dumps(summary(found)))


def summary(found: dict[str, list[Turn]]) -> dict[str, Any]:
    sides = {name: _side(turns) for name, turns in found.items()}
    ours, before, bare = (sides[name] for name in ("protected", "before", "bare"))
    ratio = ours["per_second"] / before["per_second"]
    processor = {name: side["processor_ms"] + side["server_ms"] for name, side in sides.items()}
    return {
        "name": "protection",
        "ours": ours["per_second"],
        "other": before["per_second"],
        "ratio": round(ratio, 3),
        "goal": GOAL,
        "holds": ratio >= GOAL,
        "detail": {
            "unit": "acts a second",
            "earlier_build": BEFORE,
            "clients": CLIENTS,
            "rounds": ROUNDS,
            "seconds": SECONDS,
            "load": round(os.getloadavg()[0], 1),
            "ratio_to_bare": round(ours["per_second"] / bare["per_second"], 3),
            "processor_ratio": round(processor["before"] / processor["protected"], 3),
            "processor_ratio_to_bare": round(processor["bare"] / processor["protected"], 3),
            **sides,
        },
    }


def _side(turns: list[Turn]) -> dict[str, float]:
    """The median of its turns: what else the machine does comes and goes."""
    return {name: round(statistics.median(turn[name] for turn in turns), 2) for name in turns[0]}


def build() -> None:
    """The process of one build: its own code and its own `bench.lifecycle`."""
    checkout = become()
    from bench import stage

    stage.prepare("bench-lifecycle")
    from django.db import connections

    from bench.lifecycle import _acts, _at_work

    stage.say(f"Taking dossiers in: {checkout}")
    dossiers = [_at_work() for _n in range(2 * CLIENTS)]
    connections.close_all()
    for line in sys.stdin:
        if (how := line.strip()) == "bare":
            with _history_unguarded():
                turn = _turn(lambda n: _as_owner(_acts, dossiers[CLIENTS + n]))
        elif how:
            with _sealing() if how == "protected" else nullcontext():
                turn = _turn(lambda n: _acts(dossiers[n]))
        print(json.dumps(turn), flush=True)


def _turn(side: Side) -> Turn:
    found = at_once(side, CLIENTS, SECONDS)
    took = [each for one in found for each in one.latencies]
    return {
        "per_second": len(took) / max(each.seconds for each in found),
        "median_ms": statistics.median(took),
        "processor_ms": sum(each.processor_ms for each in found) / len(took),
        "server_ms": sum(each.server_ms for each in found) / len(took),
    }


def _as_owner(acts: Callable[[Any], Callable[[], None]], dossier: Any) -> Callable[[], None]:
    """In a process of its own, which ends with it."""
    from core.owner import as_owner

    as_owner().__enter__()
    return acts(dossier)


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
    """A thread beside the acts that seals what is final, once a second."""
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
    build() if sys.argv[-1] == "--build" else main()
