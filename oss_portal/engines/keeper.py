"""The keeper: a process in the background that owns both servers of a data folder.

It starts them, publishes their addresses, starts them again when one ends, and stops them when nobody holds them any
longer. What it says goes to the log of the engines, whose lines the run command shows.
Holders share a lock that the kernel releases when they die, so even a killed run leaves no server behind; and
when the keeper itself is killed, the kernel tells the servers to shut down.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path

from oss_portal.engines.folder import DataFolder, EngineError, holders_lock, keeper_lock
from oss_portal.engines.postgres import Postgres
from oss_portal.engines.valkey import Valkey
from oss_portal.processes import wait_until

PAUSE_SECONDS = 0.2


def keep(folder: DataFolder, *, durable: bool) -> int:
    """Runs until nobody needs the servers; returns the exit code."""
    told_to_stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    own = keeper_lock(folder)
    if not wait_until(lambda: own.take(wait=False), seconds=5):
        return 0  # another keeper was quicker
    folder.state_file.unlink(missing_ok=True)
    folder.failure_file.unlink(missing_ok=True)
    servers: list[Postgres | Valkey] = []
    holders = holders_lock(folder)
    try:
        valkey, postgres = Valkey(folder, durable=durable), Postgres(folder, durable=durable)
        for server in (valkey, postgres):
            servers.append(server)
            server.start()
        folder.publish(
            {
                "keeper": str(os.getpid()),
                **postgres.urls,
                "redis_url": valkey.url,
            }
        )
        while not told_to_stop.is_set() and not holders.take(wait=False):
            for server in servers:
                if words := server.tend():
                    say(words)
            told_to_stop.wait(PAUSE_SECONDS)
    except (EngineError, OSError) as problem:
        folder.failure_file.write_text(str(problem))
        return 1
    finally:
        folder.state_file.unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()
    return 0


def say(words: str) -> None:
    sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {words}\n")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--forgetful", action="store_true", help="for tests: faster, not durable")
    given = arguments.parse_args()
    return keep(DataFolder(given.folder), durable=not given.forgetful)


if __name__ == "__main__":
    sys.exit(main())
