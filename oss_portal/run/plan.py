"""Which processes make up the portal on one machine."""

from __future__ import annotations

import os
import signal
import sys

from oss_portal.engines.folder import CHECKOUT, DataFolder
from oss_portal.processes import Child
from oss_portal.run.checks import free_port

LONGEST_TMPDIR = 60  # programs make sockets below TMPDIR, whose paths end at 107 bytes


def environment(folder: DataFolder, port: int, bank_port: int | None) -> dict[str, str]:
    """What every process of the portal inherits."""
    own = {"DATA_DIR": str(folder.root), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    if len(str(folder.tmp)) <= LONGEST_TMPDIR:
        own["TMPDIR"] = str(folder.tmp)
    if bank_port:
        own["BANK_SIMULATOR_URL"] = f"http://127.0.0.1:{bank_port}"
    return {**os.environ, **own}


def bank_simulator_port() -> int | None:
    """A port for the bank simulator; None when a bank is given by the environment."""
    if os.environ.get("BANK_SIMULATOR_URL") or not list((CHECKOUT / "simulators").glob("bank*")):
        return None
    return free_port()


def processes(folder: DataFolder, env: dict[str, str], bank_port: int | None) -> list[Child]:
    """The web server first, because a person waits for it."""

    def child(name: str, log: str, *command: str) -> Child:
        made = Child(name, [sys.executable, "-m", *command], folder.logs / f"{log}.log", env=env, cwd=CHECKOUT)
        if "worker" in command:
            # Celery: TERM finishes running tasks first; QUIT gives them back to the queue.
            made.stop_signals, made.patience = (signal.SIGTERM, signal.SIGQUIT), 8.0
        if "celery" in command:
            made.niceness = 10  # people who wait for a page come first
        return made

    celery = ("celery", "-A", "oss_portal")
    worker = (*celery, "worker", "--loglevel=INFO", "--without-gossip", "--without-mingle")
    found = [
        child("the web server", "web", "gunicorn", "-c", "deploy/gunicorn.py", "oss_portal.wsgi"),
        child(
            "the worker",
            "worker",
            *worker,
            "--queues=urgent,celery,reports",
            "--concurrency=2",
            "--hostname=worker@%h",
        ),
        child(
            "the scan worker",
            "scan",
            *worker,
            "--queues=scan",
            "--concurrency=1",
            "--hostname=scan@%h",
        ),
        child("the timetable", "beat", *celery, "beat", "--pidfile=", f"--schedule={folder.run / 'timetable'}"),
    ]
    if bank_port:
        found.append(child("the bank simulator", "bank", "simulators.bank", "--port", str(bank_port)))
    return found
