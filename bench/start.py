"""How long a second start of the portal takes, from the command to the line that says ready.

`other` is the bare cost of loading Django with our settings once, as the portal does.
Usage: make bench NAME=start (wants an idle machine; uses a data folder of its own).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from oss_portal.engines.folder import CHECKOUT
from oss_portal.run.checks import free_port

GOAL_SECONDS = 10.0
LOAD = "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'oss_portal.settings'; django.setup()"


def seconds_to_ready(data: Path) -> float:
    env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"DATA_DIR": str(data), "PORT": str(free_port())}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "oss_portal.run"], cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, text=True
    )
    ready = 0.0
    for line in process.stdout:
        if "is ready" in line:
            ready = time.perf_counter() - began
            break
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=120)
    if not ready:
        sys.exit("The portal did not become ready; see the sentence above.")
    return ready


def bare_seconds() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", LOAD], cwd=CHECKOUT, check=True)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        first = seconds_to_ready(Path(folder) / "data")
        ours = min(seconds_to_ready(Path(folder) / "data") for _ in range(3))
    other = min(bare_seconds() for _ in range(3))
    print(
        json.dumps(
            {
                "name": "start",
                "ours": round(ours, 2),
                "other": round(other, 2),
                "ratio": round(ours / other, 2),
                "goal": f"second start under {GOAL_SECONDS:.0f} s",
                "holds": ours < GOAL_SECONDS,
                "detail": {"first_start_seconds": round(first, 2)},
            }
        )
    )


if __name__ == "__main__":
    main()
