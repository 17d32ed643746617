"""Starts processes, watches them, starts again those that end, and stops them all together."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from oss_portal.processes import Backoff, Child
from oss_portal.run.checks import CannotRun

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked the portal to stop (Ctrl-C, SIGTERM, a closed terminal)."""


class Supervisor:
    """Owns child processes; leaving its `with` block stops every one of them."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self._backoffs: dict[Child, Backoff] = {}

    def __enter__(self) -> Supervisor:
        for number in STOP_SIGNALS:
            signal.signal(number, self._stop_asked)
        return self

    def __exit__(self, *_: object) -> None:
        for number in STOP_SIGNALS:
            signal.signal(number, self._hurry)
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop()
        self.children.clear()

    def start(self, children: Sequence[Child]) -> None:
        """Errors: CannotRun when a program is missing."""
        for child in children:
            self.children.append(child)
            try:
                child.start()
            except OSError as problem:
                raise CannotRun(f"{child.name} cannot start: {problem}; run `make setup` and try again.") from problem

    def run_to_end(self, child: Child, *, show: Callable[[str], None]) -> None:
        """Runs a child that ends by itself and shows its new log lines. Errors: CannotRun when it fails."""
        self.start([child])
        running = True
        while running:
            running = child.exit_code() is None
            for line in child.new_lines():
                show(line)
            time.sleep(0.05)
        if child.exit_code():
            self.check()
        self.children.remove(child)

    def check(self) -> None:
        """Errors: CannotRun, naming the child that ended and its last words."""
        for child in self.children:
            if child.exit_code() is not None:
                words = "".join(f"\n    {line}" for line in child.last_lines())
                raise CannotRun(f"{child.name} {child.how_it_ended()}; its log is {child.log}. Its last lines:{words}")

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, otherwise: str) -> None:
        """Waits while all children live. Errors: CannotRun with `otherwise` when the time is over."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise CannotRun(otherwise)
            time.sleep(0.1)

    def watch(self, also: Callable[[], None], say: Callable[[str], None]) -> None:
        """Starts again whichever child ends, after a growing pause, until somebody asks to stop; calls `also` too.

        One that keeps ending does not take the others along: people go on with what works.
        """
        while True:
            for child in self.children:
                self._tend(child, say)
            also()
            time.sleep(0.3)

    def _tend(self, child: Child, say: Callable[[str], None]) -> None:
        backoff = self._backoffs.setdefault(child, Backoff())
        if not backoff.waits:
            if child.exit_code() is None:
                return
            ending = child.how_it_ended()
            child.stop()  # what is left of its group
            say(f"{child.name} {ending}; it is started again in {backoff.ended():g} seconds (its log: {child.log})")
        elif backoff.is_due():
            try:
                child.start()
            except OSError as problem:
                say(f"{child.name} does not start: {problem}; the next try is in {backoff.ended():g} seconds")
            else:
                backoff.started()
                say(f"{child.name} was started again")

    def _stop_asked(self, number: int, _: FrameType | None) -> None:
        raise Stopped(signal.Signals(number).name)

    def _hurry(self, *_: object) -> None:
        """A second Ctrl-C: nothing is waited for any longer."""
        for child in self.children:
            if child.process and child.exit_code() is None:
                os.killpg(child.pid, signal.SIGKILL)
