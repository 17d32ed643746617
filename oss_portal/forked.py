"""A function run as a process of its own by fork(2): what the parent has loaded need not be loaded again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable

PAUSE_SECONDS = 0.02


class Forked:
    """A child made by fork, with the part of `subprocess.Popen`'s face that `processes.Child` uses.

    `before` is called first in the child. The child leads a session of its own, writes to the descriptor `output`, has
    no other file of the parent open, and Python's own signal handlers. `work` returns the exit code; an exception is
    written to the output and ends it with 1. The parent must be single-threaded and hold no connection.
    """

    def __init__(self, work: Callable[[], int], output: int, before: Callable[[], None]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                _become_a_process(output)
                before()
                code = work()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
                if isinstance(end.code, str):
                    sys.stderr.write(f"{end.code}\n")
            except BaseException:  # noqa: BLE001 (nothing may return into the parent's code)
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)  # the parent's atexit functions are the parent's

    def poll(self) -> int | None:
        """None while it runs, else its exit code, negative when a signal killed it."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """Errors: subprocess.TimeoutExpired after `timeout` seconds."""
        deadline = time.monotonic() + timeout if timeout is not None else None
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            time.sleep(PAUSE_SECONDS)
        return code


def _become_a_process(output: int) -> None:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    # The parent may have put something else in their place.
    sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
