"""A forked child behaves as a started one: exit code, last words, signals, nothing of the parent kept open."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from oss_portal.processes import Child, wait_until


@pytest.fixture
def child(tmp_path: Path) -> Callable[..., Child]:
    return lambda work: Child("the fork", work, tmp_path / "fork.log", patience=10.0)


def ended(child: Child) -> int | None:
    child.start()
    assert wait_until(lambda: child.exit_code() is not None, seconds=60)
    return child.exit_code()


def test_its_answer_is_its_exit_code(child: Callable[..., Child]) -> None:
    made = child(lambda: 3 * (os.write(1, b"done\n") // 5))
    assert ended(made) == 3
    assert made.last_lines() == ["done"]
    assert made.how_it_ended() == "ended with exit code 3"


def test_an_exception_is_in_its_log(child: Callable[..., Child]) -> None:
    made = child(lambda: 1 // 0)
    assert ended(made) == 1
    assert made.last_lines()[-1] == "ZeroDivisionError: integer division or modulo by zero"


def test_sys_exit_with_a_sentence_ends_it_with_one(child: Callable[..., Child]) -> None:
    made = child(lambda: sys.exit("no ink"))
    assert ended(made) == 1
    assert made.last_lines() == ["no ink"]


def test_it_stops_when_asked_and_is_named_by_its_signal(child: Callable[..., Child]) -> None:
    made = child(lambda: time.sleep(600))
    made.start()
    made.stop()
    assert made.exit_code() == -signal.SIGTERM
    assert made.how_it_ended() == "was killed by SIGTERM"


def test_no_file_of_the_parent_stays_open(child: Callable[..., Child], tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        made = child(lambda: os.write(lock.fileno(), b"mine"))
        assert ended(made) == 1
    assert (tmp_path / "lock").read_text() == ""
    assert "Bad file descriptor" in made.last_lines()[-1]
