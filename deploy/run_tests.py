"""`make test`: runs pytest, and says loudly at the end what could not be tried on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
REFERENCE_DATA = CHECKOUT.parent / "shared" / "data"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser that CHROMIUM names, or one that is installed."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM)), None)


def at_once() -> int:
    """Half as many again as there are cores, each with databases of its own: tests of servers and browsers wait."""
    cores = os.cpu_count() or 1
    return min(cores + cores // 2, 6)


def shout(*lines: str) -> None:
    line = "!" * 78
    print("\n".join(("", line, *lines, line)), flush=True)


def main() -> int:
    browser = chromium()
    env = {**os.environ, **({"CHROMIUM": browser} if browser else {})}
    # What failed must not drown in the portal's own log lines; a single folder is run with them.
    side_by_side = ["-n", str(at_once()), "--dist", "loadfile", "--no-loadscope-reorder", "--show-capture=no"]
    arguments = sys.argv[1:] or ["tests", *side_by_side]
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=CHECKOUT, env=env, check=False).returncode
    if not browser:
        shout(
            "NO CHROMIUM WAS FOUND: THE BROWSER JOURNEYS WERE SKIPPED, NOT PASSED.",
            "Install one (apt-get install chromium), or name it in CHROMIUM.",
        )
    if not REFERENCE_DATA.is_dir():
        shout(
            "NO ../shared/data BESIDE THIS CHECKOUT: THE TESTS THAT COMPARE WITH REAL CALENDARS, ROUTES AND",
            "CATALOGUES WERE SKIPPED, NOT PASSED. The summary above names them.",
        )
    return code


if __name__ == "__main__":
    sys.exit(main())
