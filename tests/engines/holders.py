"""Other processes that hold the servers of a data folder, and what is left of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import psutil

from oss_portal.engines.folder import CHECKOUT, DataFolder
from oss_portal.processes import wait_until

HOLD = """
import json, sys
from pathlib import Path
from oss_portal import engines
found = engines.ensure(engines.DataFolder(Path(sys.argv[1])), durable=False)
print(json.dumps([found.database_url, found.owner_url, found.redis_url, list(found.started)]), flush=True)
sys.stdin.read()
"""


class Holder:
    """Another process that holds the servers of a folder until it is let go or killed."""

    def __init__(self, folder: DataFolder) -> None:
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder.root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CHECKOUT,
            env=env,
            text=True,
        )
        self.database_url, self.owner_url, self.redis_url, self.started = json.loads(self.process.stdout.readline())

    def let_go(self) -> None:
        self.process.communicate("", timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def servers_of(folder: DataFolder) -> list[psutil.Process]:
    """Living processes that were started for this data folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(str(folder.root) in word for word in words):
            found.append(process)
    return [process for process in found if "-c" not in process.info["cmdline"][1:2]]


def all_gone(folder: DataFolder) -> bool:
    return wait_until(lambda: not servers_of(folder), seconds=60, pause=0.1)
