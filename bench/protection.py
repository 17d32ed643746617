"""Acts a second with the history protected, against an earlier build that protects nothing, by turns.

Before: the build of the commit BEFORE (the last one before sealing and roles, when nothing is named), its code checked
out beside this one for the run, with servers and a database of its own. Protected: this build as it runs, the web's
role, the append-only triggers, and the sealing of what is written, once a second beside the acts. Bare: this build as
the owner of the tables, no trigger on the history, nothing sealed; what stands between bare and before is no
protection, but what the portal has learnt since. PostgreSQL takes our table of dossiers for one of a province of some
size (`_as_in_a_province`): in a new one the trigger of lists is planned anew for each act
(docs/decisions/involvements.md).

Eight processes each work a dossier up and down its route (`bench.lifecycle` of each build). Processor milliseconds of
an act (of the process, and of its server process) stand beside the rate, which tells little on a machine that others
use; what seals has a process of its own and is not in them. Usage: make bench NAME=protection (ROUNDS, BEFORE); the
last line is the result as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
BEFORE = os.environ.get("BEFORE", "412b7d40~1")
GOAL = 0.95
ROUNDS = int(os.environ.get("ROUNDS", "12"))
SECONDS = 2.0
CLIENTS = 8
Turn = dict[str, Any]


def main() -> None:
    sys.path[0] = str(HERE.parents[1])
    from oss_portal.engines.folder import DataFolder

    root = DataFolder().root
    with tempfile.TemporaryDirectory() as folder, _checked_out(f"{folder}/before") as old:
        before = Build(old, root / "bench-protection-before")
        ours = Build(HERE.parents[1], root / "bench-protection")
        builds = {"before": before, "bare": ours, "protected": ours}
        found: dict[str, list[Turn]] = {name: [] for name in builds}
        for number in range(ROUNDS + 1):
            for name, build in builds.items():
                turn = build.act("bare" if name == "bare" else "plain" if name == "before" else "protected")
                if number:  # the first round only warms
                    found[name].append(turn)
        for build in (before, ours):
            build.end()
    print(json.dumps(summary(found)))


@contextmanager
def _checked_out(place: str) -> Iterator[Path]:
    """The earlier build in a folder of its own."""
    subprocess.run(
        ["git", "worktree", "add", "--detach", place, BEFORE], check=True, capture_output=True, cwd=HERE.parent
    )  # noqa: S603, S607
    try:
        yield Path(place)
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", place], check=True, cwd=HERE.parent)  # noqa: S603, S607


class Build:
    """A process of one build with its servers; its processes act for some seconds when told to."""

    def __init__(self, checkout: Path, data: Path) -> None:
        env = {name: text for name, text in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        data.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, str(HERE), "--build"],
            cwd=checkout,
            env={**env, "DATA_DIR": str(data), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def act(self, how: str) -> Turn:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(how + "\n")
        self.process.stdin.flush()
        while line := self.process.stdout.readline():
            if line.startswith("{"):
                return dict(json.loads(line))
        raise SystemExit("a build ended; its output says why")

    def end(self) -> None:
        self.process.communicate("")


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
    sys.path[0] = os.getcwd()
    from bench import stage

    folder = stage.prepare("bench-lifecycle")
    from django.db import connections

    from bench.lifecycle import _acts, _at_work

    if Path(os.getcwd()) == HERE.parents[1]:
        _as_in_a_province((folder.state() or {})["superuser_url"])
    stage.say(f"Taking dossiers in: {os.getcwd()}")
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


def _as_in_a_province(address: str) -> None:
    import psycopg

    with psycopg.connect(address) as server:
        server.execute("ALTER TABLE dossiers_dossier SET (autovacuum_enabled = off)")  # which would count its pages
        server.execute("UPDATE pg_class SET relpages = 2000 WHERE oid = 'dossiers_dossier'::regclass")


def _turn(side: Callable[[int], Callable[[], None]]) -> Turn:
    """The processes begin together when all are ready, and work for `SECONDS`."""
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(CLIENTS), context.Queue()
    workers = [context.Process(target=_work, args=(side, n, ready, answers), daemon=True) for n in range(CLIENTS)]
    for worker in workers:
        worker.start()
    found = [answers.get(timeout=300) for _worker in workers]
    for worker in workers:
        worker.join()
    acts = sum(len(each["latencies"]) for each in found)
    return {
        "per_second": acts / max(each["seconds"] for each in found),
        "median_ms": statistics.median(took for each in found for took in each["latencies"]),
        "processor_ms": sum(each["processor_ms"] for each in found) / acts,
        "server_ms": sum(each["server_ms"] for each in found) / acts,
    }


def _work(side: Callable[[int], Callable[[], None]], number: int, ready: Any, answers: Any) -> None:
    from bench.stage import repeat

    do = side(number)
    for _act in range(4):  # connection and calendar are there before it counts
        do()
    ready.wait()
    server, spent, begun = _server_ms(), time.process_time(), time.perf_counter()
    latencies = repeat(do, begun + SECONDS)
    found = {"seconds": time.perf_counter() - begun, "latencies": latencies}
    found |= {"processor_ms": (time.process_time() - spent) * 1000, "server_ms": _server_ms() - server}
    answers.put(found)


def _server_ms() -> float:
    """Processor time of the server's process of this connection so far."""
    from django.db import connection

    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(spent.read_text().split()[0]) / 1e6


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
