"""`make test`: runs pytest, and says loudly at the end what could not be tried on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser that CHROMIUM names, or one that is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM)), None)


def at_once() -> int:
    """One run a core, each with databases of its own; more than four only wait for the disk."""
    return min(max(os.cpu_count() or 1, 1), 4)


def main() -> int:
    browser = chromium()
    env = {**os.environ, **({"CHROMIUM": browser} if browser else {})}
    # What failed must not drown in the portal's own log lines; a single folder is run with them.
    side_by_side = ["-n", str(at_once()), "--dist", "loadfile", "--no-loadscope-reorder", "--show-capture=no"]
    arguments = sys.argv[1:] or ["tests", *side_by_side]
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=CHECKOUT, env=env, check=False).returncode
    if not browser:
        line = "!" * 78
        print(f"\n{line}\nNO CHROMIUM WAS FOUND: THE BROWSER JOURNEYS WERE SKIPPED, NOT PASSED.")
        print(f"Install one (apt-get install chromium), or name it in CHROMIUM.\n{line}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
