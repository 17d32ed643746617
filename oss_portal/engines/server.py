"""What the two embedded servers have in common: one watched process that becomes ready or says why not."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from oss_portal.engines.folder import EngineError
from oss_portal.processes import Backoff, Child, wait_until


class Server:
    child: Child | None = None

    def __init__(self) -> None:
        self.backoff = Backoff()

    def start(self) -> None:
        """Starts the server at the address it had before. Errors: EngineError."""
        raise NotImplementedError

    def launch(self, child: Child, is_ready: Callable[[], bool], *, seconds: float) -> bool:
        """Starts the process; True when it became ready, False when it ended first.

        Errors: EngineError when it is neither after `seconds`.
        """
        self.child = child
        child.start()
        if not wait_until(lambda: is_ready() or child.exit_code() is not None, seconds=seconds):
            raise EngineError(f"{child.name} was not ready within {seconds:.0f} seconds; see {child.log}.")
        return child.exit_code() is None

    def check(self) -> None:
        """Errors: EngineError when the process has ended."""
        if self.child and self.child.exit_code() is not None:
            words = " ".join(self.child.last_lines(2))
            raise EngineError(f"{self.child.name} {self.child.how_it_ended()} ({words}); see {self.child.log}.")

    def tend(self) -> str:
        """Starts the server again when it has ended, after a growing pause; returns what there is to say, or ""."""
        if self.child is None or (not self.backoff.waits and self.child.exit_code() is None):
            return ""
        if not self.backoff.waits:
            ending = f"{self.child.name} {self.child.how_it_ended()}"
            self.child.stop()
            return f"{ending}; it is started again in {self.backoff.ended():g} seconds (its log: {self.child.log})"
        if not self.backoff.is_due():
            return ""
        name = self.child.name
        try:
            self.start()
        except (EngineError, OSError) as problem:
            self.stop()
            return f"{name} does not start: {problem}; the next try is in {self.backoff.ended():g} seconds"
        self.backoff.started()
        return f"{name} runs again"

    def stop(self) -> None:
        if self.child:
            self.child.stop()


def wheel_folder(package: str) -> Path | None:
    """Where the installed wheel lies, found without importing it."""
    found = find_spec(package)
    return Path(found.origin).parent if found and found.origin else None
