"""The whole of `make run` in a data folder of its own: first start, second start, Ctrl-C, whatever is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from oss_portal.engines.folder import CHECKOUT
from oss_portal.processes import wait_until
from oss_portal.run.checks import free_port

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif("not os.environ.get('OSS_FULL')", reason="the whole portal: make test-full"),
]


class Run:
    """`python -m oss_portal.run`, read up to the line that says ready."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "OSS_TEST_DB")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "oss_portal.run"],
            cwd=CHECKOUT,
            env={**env, "DATA_DIR": str(data), "PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        for line in self.process.stdout:
            self.lines.append(line)
            if "Ctrl-C" in line:
                return
        raise AssertionError(self.process.stderr.read())

    def family(self) -> list[psutil.Process]:
        """Everything that was started from this run's data folder, the servers too."""
        mark = f"DATA_DIR={self.data}"
        found = []
        for process in psutil.process_iter():
            try:
                words = [*process.cmdline(), *(f"{k}={v}" for k, v in process.environ().items())]
                alive = process.status() != psutil.STATUS_ZOMBIE
            except psutil.Error:
                continue
            if alive and process.pid != self.process.pid and any(mark in w or str(self.data) in w for w in words):
                found.append(process)
        return found

    def work_is_done(self) -> bool:
        """Whether timetable, broker and worker go on: work without a handler is tried, and its error is noted."""
        url = json.loads((self.data / "run" / "engines.json").read_text())["database_url"]
        key = f"tried after {len(self.lines)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO journal_outboxmessage"
                " (topic, payload, key, created_at, available_at, attempts, last_error)"
                " VALUES ('tests.nothing', '{}', %s, now(), now(), 0, '') ON CONFLICT (key) DO NOTHING",
                [key],
            )
            found = connection.execute("SELECT attempts FROM journal_outboxmessage WHERE key = %s", [key]).fetchone()
        if found[0]:
            self.lines.append(key)
        return bool(found[0])

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/ready", timeout=5) as answer:
                return json.load(answer) == {"ready": True, "database": True, "broker": True}
        except OSError:
            return False


def started_after(run: Run, name: str, former: psutil.Process) -> bool:
    return any(p.name() == name and p.create_time() > former.create_time() for p in run.family())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One portal for all that is killed in it."""
    run = Run(tmp_path_factory.mktemp("portal") / "data")
    yield run
    run.process.send_signal(signal.SIGINT)
    run.process.communicate(timeout=90)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_two_starts_and_ctrl_c(data: Path) -> None:
    for _ in range(2):
        run = Run(data)
        with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/") as page:
            assert page.status == 200
        assert len(run.family()) >= 6
        run.process.send_signal(signal.SIGINT)
        run.process.communicate(timeout=90)
        assert run.process.returncode == 0
        assert run.family() == []


def test_a_killed_portal_leaves_nobody(data: Path) -> None:
    run = Run(data)
    run.process.kill()
    run.process.communicate()
    assert wait_until(lambda: run.family() == [], seconds=60, pause=0.2), run.family()


@pytest.mark.parametrize("victim", ["oss-web", "oss-worker", "oss-scan", "oss-beat", "valkey-server", "postgres"])
def test_whoever_is_killed_comes_back_and_the_portal_with_it(run: Run, victim: str) -> None:
    oldest = min((p for p in run.family() if p.name() == victim), key=lambda p: p.create_time())
    family = run.family()
    others = [p for p in family if p.ppid() == run.process.pid and p.name().startswith("oss-") and p.name() != victim]
    assert len(others) >= 3, family
    oldest.kill()
    assert wait_until(lambda: started_after(run, victim, oldest), seconds=60, pause=0.2)
    assert wait_until(run.is_ready, seconds=60, pause=0.2)
    assert all(process.is_running() for process in others), others
    assert wait_until(run.work_is_done, seconds=120, pause=0.5)
