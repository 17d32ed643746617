"""The supervisor with small real processes: every way to end leaves none of them behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from oss_portal.engines.folder import CHECKOUT
from oss_portal.processes import Backoff, wait_until
from oss_portal.run.checks import CannotRun, check_port, chosen_port

# Two children; the second has a child of its own, as Celery's and gunicorn's have.
PORTAL = """
import sys
from pathlib import Path
from oss_portal.processes import Child
from oss_portal.run.checks import CannotRun
from oss_portal.run.supervisor import Stopped, Supervisor

folder = Path(sys.argv[1])
sleeper = [sys.executable, "-c", "import sys, time; time.sleep(600)", str(folder)]
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
parent = stubborn + f"import subprocess; subprocess.Popen({sleeper!r}); time.sleep(600)"
crashing = "import pathlib, time\\nwhile not pathlib.Path(%r).exists(): time.sleep(0.05)"
crashing = crashing % str(folder / "crash") + "\\npathlib.Path(%r).unlink(); raise SystemExit('no ink')"
crashing = crashing % str(folder / "crash")
children = [
    Child("the sleeper", sleeper, folder / "a.log"),
    Child("the parent", [sys.executable, "-c", parent, str(folder)], folder / "b.log", patience=0.5),
    Child("the printer", [sys.executable, "-c", crashing, str(folder)], folder / "c.log"),
]
with Supervisor() as supervisor:
    try:
        supervisor.start(children)
        print("started", flush=True)
        supervisor.watch(lambda: None, lambda words: print(words, flush=True))
    except Stopped:
        print("stopped", flush=True)
    except CannotRun as problem:
        sys.exit(str(problem))
"""


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PORTAL, str(tmp_path)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "started\n"
    assert wait_until(lambda: len(children_of(tmp_path)) == 4, seconds=60)
    yield process
    process.terminate()
    process.communicate(timeout=60)
    assert wait_until(lambda: not children_of(tmp_path), seconds=60), children_of(tmp_path)


def children_of(folder: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and (process.info["cmdline"] or [])[-1:] == [str(folder)]
        and "Supervisor" not in process.info["cmdline"][2]
    ]


def stubborn_of(folder: Path) -> psutil.Process:
    return next(process for process in children_of(folder) if "SIG_IGN" in " ".join(process.cmdline()))


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_leaves_nobody(portal: subprocess.Popen[str], tmp_path: Path, asked: int) -> None:
    grandchildren = stubborn_of(tmp_path).children()
    portal.send_signal(asked)
    out, _ = portal.communicate(timeout=60)
    assert (out, portal.returncode) == ("stopped\n", 0)
    assert set(children_of(tmp_path)) <= set(grandchildren), "they ended before the supervisor did"
    # Nobody waits for these: they are killed by then, but on a busy machine perhaps not gone.
    assert wait_until(lambda: not children_of(tmp_path), seconds=60), children_of(tmp_path)


def test_killed_it_takes_its_children_along(portal: subprocess.Popen[str], tmp_path: Path) -> None:
    stubborn = stubborn_of(tmp_path)
    portal.kill()
    portal.communicate()
    assert wait_until(lambda: len(children_of(tmp_path)) <= 2, seconds=60)
    for process in [stubborn, *stubborn.children()]:  # it ignores SIGTERM, which is all that the kernel sends
        process.kill()


def test_a_crashed_child_is_started_again_and_the_others_do_not_notice(
    portal: subprocess.Popen[str], tmp_path: Path
) -> None:
    before = children_of(tmp_path)
    for _crash in range(2):
        (tmp_path / "crash").touch()
        ended = portal.stdout.readline()
        assert ended.startswith("the printer ended with exit code 1; it is started again in ")
        assert str(tmp_path / "c.log") in ended
        assert portal.stdout.readline() == "the printer was started again\n"
        assert wait_until(lambda: len(children_of(tmp_path)) == 4, seconds=60)
    after = children_of(tmp_path)
    assert len(set(before) & set(after)) == 3
    assert (tmp_path / "c.log").read_text() == "no ink\n" * 2


def test_a_killed_child_takes_what_it_started_along_and_comes_back(
    portal: subprocess.Popen[str], tmp_path: Path
) -> None:
    stubborn = stubborn_of(tmp_path)
    (grandchild,) = stubborn.children()
    stubborn.kill()
    assert portal.stdout.readline().startswith("the parent was killed by SIGKILL; it is started again in ")
    assert portal.stdout.readline() == "the parent was started again\n"
    assert wait_until(lambda: grandchild not in children_of(tmp_path), seconds=60)


def test_pauses_grow_and_begin_anew_after_a_steady_run() -> None:
    now = 1000.0
    backoff = Backoff(clock=lambda: now)
    pauses = []
    for _end in range(10):
        pauses.append(backoff.ended())
        assert not backoff.is_due()
        now += pauses[-1]
        assert backoff.is_due()
        backoff.started()
        now += 1.0
    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    now += Backoff.STEADY_SECONDS
    assert backoff.ended() == 0.5


@pytest.mark.parametrize("text", ["eight", "0", "70000", "-1"])
def test_a_wrong_port_is_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(CannotRun, match=f"PORT={text} is no port number"):
        chosen_port()


def test_a_taken_port_ends_the_run_with_a_sentence_and_starts_nothing(tmp_path: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(CannotRun, match="taken"):
            check_port(port)
        env = {**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path / "data")}
        done = subprocess.run(
            [sys.executable, "-m", "oss_portal.run"],
            cwd=CHECKOUT,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 1
    assert f"Port {port} is taken by another program" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data" / "postgres" / "cluster").exists()
