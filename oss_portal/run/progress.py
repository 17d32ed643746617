"""Lines that show how far the start is, with the seconds since it began."""

from __future__ import annotations

import time

STEP = "→ "  # begins each line of the preparation's log that is shown to a person


class Progress:
    def __init__(self) -> None:
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def say(self, text: str) -> None:
        print(f"[{self.seconds:5.1f} s] {text}", flush=True)
