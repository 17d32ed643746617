"""What a killed earlier run may have left behind: a server that is still closing, or a stale pid file."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil


def settle(pid_file: Path, mark: str, *, stop_signal: signal.Signals, patience: float = 15.0) -> None:
    """Makes sure that the server named by `pid_file` is gone, and the file with it.

    `mark` is an argument of that server's command line; a process without it is a stranger that got the same
    number later, and is left alone.
    """
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        pid_file.unlink(missing_ok=True)
        return
    try:
        server = psutil.Process(pid)
        if mark in server.cmdline() and server.status() != psutil.STATUS_ZOMBIE:
            server.send_signal(stop_signal)
            try:
                server.wait(patience)
            except psutil.TimeoutExpired:
                server.kill()
                server.wait(patience)
    except psutil.NoSuchProcess:
        pass
    pid_file.unlink(missing_ok=True)


def end_orphans(folder: Path, *, patience: float = 5.0) -> None:
    """Ends the processes that work in `folder` on their own, after the server that they belonged to was killed.

    A backend of PostgreSQL in the midst of a long statement does not notice the end of its postmaster; a second
    postmaster beside it would spoil the data ("Starting the Database Server": never remove postmaster.pid while
    backends run). Each has its data folder for working directory.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder):
                process.send_signal(signal.SIGQUIT)
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    for process in psutil.wait_procs(found, patience)[1]:
        process.kill()
    psutil.wait_procs(found, patience)
