"""The whole of `make run` in a data folder of its own: first start, second start, Ctrl-C, a killed child."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
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


def test_a_killed_child_ends_the_run_with_its_name(data: Path) -> None:
    run = Run(data)
    scan = next(process for process in run.family() if process.name() == "oss-scan")
    scan.kill()
    _, error = run.process.communicate(timeout=90)
    assert run.process.returncode == 1
    assert "the scan worker was killed by SIGKILL" in error
    assert run.family() == []
