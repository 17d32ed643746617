"""Child processes that never outlive the one who started them, with a log file of their own each."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from oss_portal.forked import Forked

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # prctl(2)
LOG_LIMIT_BYTES = 20 * 1024 * 1024


def dies_with_parent(death_signal: signal.Signals, niceness: int = 0) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `death_signal` to the child when its parent dies, even by SIGKILL.

    Linux only; elsewhere the child relies on an orderly stop. The starting process must be single-threaded,
    because the kernel watches the starting thread.
    """
    parent = os.getpid()
    libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None

    def ask_the_kernel() -> None:
        os.nice(niceness)
        if libc is None:
            return
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != parent:  # the parent died before the kernel was asked
            os._exit(1)

    return ask_the_kernel


def named(title: str) -> None:
    """Shows `title` (15 bytes) instead of "python" where processes are listed by name (top, ps -o comm); Linux only."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_NAME, title.encode())


def open_log(path: Path) -> int:
    """Opens a log for appending and returns its descriptor; a large one is put aside as `<name>.1` first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def lines_from(log: Path, start: int) -> tuple[list[str], int]:
    """Whole lines of a log from byte `start` on, and where the next ones begin; all of a log that began anew."""
    with log.open("rb") as file:
        start = start if start <= os.fstat(file.fileno()).st_size else 0
        file.seek(start)
        text = file.read()
    text = text[: text.rfind(b"\n") + 1]
    return text.decode("utf-8", "replace").splitlines(), start + len(text)


class Child:
    """One child process in a process group of its own: a program to start, or a function to run in a fork.

    A function has this process's environment and returns its exit code.
    `niceness` (nice(2), 0 to 19) lets others go first. `stop_signals` are tried in turn, each for `patience`
    seconds, before SIGKILL goes to the whole group.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str] | Callable[[], int],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,),
        patience: float = 10.0,
        niceness: int = 0,
    ) -> None:
        self.name = name
        self.command = command
        self.log = log
        self.env = dict(env) if env is not None else None
        self.cwd = cwd
        self.stop_signals = tuple(stop_signals)
        self.patience = patience
        self.niceness = niceness
        self.process: subprocess.Popen[bytes] | Forked | None = None
        self._log_start = 0
        self._log_shown = 0

    def start(self) -> None:
        """Starts the process. Errors: OSError when the program is missing or the disk is full."""
        descriptor = open_log(self.log)
        first = dies_with_parent(self.stop_signals[0], self.niceness)
        try:
            self._log_start = self._log_shown = os.lseek(descriptor, 0, os.SEEK_END)
            if callable(self.command):
                self.process = Forked(self.command, descriptor, first)
                return
            self.process = subprocess.Popen(  # noqa: S603
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
                preexec_fn=first,
            )
        finally:
            os.close(descriptor)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def exit_code(self) -> int | None:
        """None while it runs or was never started, else the exit code (negative: killed by that signal)."""
        return self.process.poll() if self.process else None

    def ask_to_stop(self) -> None:
        """Sends the first stop signal without waiting."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signals[0])

    def stop(self) -> None:
        """Stops the process and whatever is left of its group; returns when the process is gone."""
        if self.process is None:
            return
        for stop_signal in self.stop_signals:
            if self.process.poll() is not None:
                break
            self.process.send_signal(stop_signal)
            try:
                self.process.wait(self.patience)
            except subprocess.TimeoutExpired:
                continue
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def last_lines(self, count: int = 15) -> list[str]:
        """The last lines that this start of the process wrote to its log."""
        try:
            with self.log.open("rb") as log:
                log.seek(max(self._log_start, log.seek(0, os.SEEK_END) - 16_384))
                text = log.read().decode("utf-8", "replace")
        except OSError:
            return []
        return [line for line in text.splitlines() if line.strip()][-count:]

    def new_lines(self) -> list[str]:
        """Whole lines written to the log since the last call."""
        lines, self._log_shown = lines_from(self.log, self._log_shown)
        return lines

    def how_it_ended(self) -> str:
        code = self.exit_code()
        if code is not None and code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"


class Backoff:
    """When to start again what keeps ending: after half a second, then after twice as long each time, up to a minute.

    What ran for `STEADY_SECONDS` begins with the shortest pause again. Seconds of `clock`, a monotonic one.
    """

    FIRST_SECONDS, LONGEST_SECONDS, STEADY_SECONDS = 0.5, 60.0, 120.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.started_at = clock()
        self.due_at: float | None = None
        self.pause = 0.0

    @property
    def waits(self) -> bool:
        """Whether it ended and was not started again yet."""
        return self.due_at is not None

    def ended(self) -> float:
        """Notes that it ended, or did not start; returns the pause in seconds."""
        steady = not self.waits and self.clock() - self.started_at >= self.STEADY_SECONDS
        self.pause = self.FIRST_SECONDS if steady or not self.pause else min(2 * self.pause, self.LONGEST_SECONDS)
        self.due_at = self.clock() + self.pause
        return self.pause

    def is_due(self) -> bool:
        return self.due_at is not None and self.clock() >= self.due_at

    def started(self) -> None:
        self.started_at, self.due_at = self.clock(), None


def wait_until(ready: Callable[[], bool], *, seconds: float, pause: float = 0.02) -> bool:
    """Asks `ready` until it says yes; False when `seconds` passed first."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
