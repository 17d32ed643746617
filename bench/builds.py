"""Builds measured by turns, each a process of its own that is told what to do, and clients that act at once."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OURS = Path(__file__).resolve().parents[1]
Side = Callable[[int], Callable[[], object]]  # by the number of the client: what it does again and again


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """An earlier build in a folder of its own, without an environment of its own."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        place = f"{folder}/before"
        adding = ["git", "worktree", "add", "--detach", place, commit]
        subprocess.run(adding, check=True, capture_output=True, cwd=OURS)  # noqa: S603
        try:
            yield Path(place)
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", place], check=True, cwd=OURS)  # noqa: S603, S607


def environment(checkout: Path, **given: str) -> dict[str, str]:
    """That of this process, for one that is to become the build of a checkout."""
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "CHECKOUT": str(checkout), **given}


class Build:
    """A process of one build that runs `module` of this one with `--build`; each line it is told it answers by a record
    (see `become`)."""

    def __init__(self, module: str, checkout: Path, **env: str) -> None:
        # Servers of its own where it is given a folder, else those of whoever starts it.
        others = ("DATABASE_URL", "REDIS_URL") if "DATA_DIR" in env else ()
        mine = environment(checkout, **env)
        self.process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module, "--build"],
            cwd=OURS,
            env={name: text for name, text in mine.items() if name not in others},
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, what: str) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        print(what, file=self.process.stdin, flush=True)
        while line := self.process.stdout.readline():
            if line.startswith("{"):
                return dict(json.loads(line))
        raise SystemExit("a build ended; its output says why")

    def end(self) -> None:
        self.process.communicate("")


def become() -> Path:
    """In a `Build`'s process, before anything else is imported: from here on modules are those of its checkout."""
    checkout = Path(os.environ["CHECKOUT"])
    os.chdir(checkout)
    sys.path[0] = str(checkout)
    for name in [each for each in sys.modules if each.partition(".")[0] == "bench"]:
        del sys.modules[name]
    return checkout


@dataclass
class Worked:
    """What one client did: milliseconds of each act, and of processor time in it and in its server process."""

    seconds: float
    latencies: list[float]
    processor_ms: float
    server_ms: float


def at_once(side: Side, clients: int, seconds: float) -> list[Worked]:
    """A process a client; they begin together when all are ready, and work for that long."""
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(clients), context.Queue()
    workers = [
        context.Process(target=_work, args=(side, n, seconds, ready, answers), daemon=True) for n in range(clients)
    ]
    for worker in workers:
        worker.start()
    found = [Worked(*answers.get(timeout=300)) for _worker in workers]
    for worker in workers:
        worker.join()
    return found


def _work(side: Side, number: int, seconds: float, ready: Any, answers: Any) -> None:
    do = side(number)
    for _act in range(4):  # connection and calendar are there before it counts
        do()
    ready.wait()
    latencies: list[float] = []
    server, spent, first = server_ms(), time.process_time(), time.perf_counter()
    while (begun := time.perf_counter()) < first + seconds:
        do()
        latencies.append((time.perf_counter() - begun) * 1000)
    took, processor = time.perf_counter() - first, (time.process_time() - spent) * 1000
    answers.put((took, latencies, processor, server_ms() - server))  # plain values: after `become` classes are others


def server_ms() -> float:
    """Processor time of the server's process of this connection so far; 0 where it runs elsewhere."""
    from django.db import connection

    connection.ensure_connection()
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(spent.read_text().split()[0]) / 1e6 if spent.exists() else 0.0
