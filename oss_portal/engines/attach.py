"""Holding the servers of a data folder for as long as this process lives."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from oss_portal.engines.folder import (
    CHECKOUT,
    DataFolder,
    EngineError,
    FileLock,
    holders_lock,
    keeper_lock,
    start_lock,
)
from oss_portal.processes import open_log, wait_until

STOP_SECONDS = 45.0
START_SECONDS = 150.0

_held: dict[Path, FileLock] = {}
_keepers: dict[Path, subprocess.Popen[bytes]] = {}  # those that this process started


@dataclass(frozen=True)
class Engines:
    """Addresses of the two servers; `started` names those that this call started, `embedded` tells whose.

    `owner_url` is the same database for migrations; "" where the environment named the database.
    """

    database_url: str
    redis_url: str
    owner_url: str = ""
    started: tuple[str, ...] = ()
    embedded: bool = True


def ensure(folder: DataFolder | None = None, *, durable: bool = True, superuser: bool = False) -> Engines:
    """Makes both servers available and puts DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL into the environment.

    DATABASE_URL is the web's role (deploy/roles.sql), or with `superuser` one that makes and drops databases, without
    an owner beside it. Addresses that are already there win; with both of them nothing is started.
    Errors: EngineError.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if database_url and redis_url:
        return Engines(database_url, redis_url, embedded=False)
    folder = folder or DataFolder()
    folder.create()
    state, started = _hold(folder, durable=durable)
    owner_url = ""
    if not database_url:
        database_url = os.environ["DATABASE_URL"] = state["superuser_url" if superuser else "database_url"]
        owner_url = os.environ["DATABASE_OWNER_URL"] = "" if superuser else state["owner_url"]
    return Engines(
        database_url,
        os.environ.setdefault("REDIS_URL", state["redis_url"]),
        owner_url,
        ("PostgreSQL", "Valkey") if started else (),
    )


def revive(folder: DataFolder) -> None:
    """Starts the servers of a folder that this process holds again, after their keeper was killed.

    Errors: EngineError when they do not start, or not at the addresses by which this process and its children know
    them.
    """
    state, _started = _hold(folder, durable=True)
    if (state["database_url"], state["redis_url"]) != (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]):
        raise EngineError(
            "PostgreSQL and Valkey run at other addresses than before; stop the portal and start it again."
        )


def test_folder() -> DataFolder:
    """The data folder of tests, beside the data of `make run`."""
    return DataFolder(DataFolder().root / "test")


def test_engines() -> Engines:
    """Servers of their own for tests, quick and not durable; tests make and drop databases there."""
    return ensure(test_folder(), durable=False, superuser=True)


test_folder.__test__ = test_engines.__test__ = False  # their names are not tests'


def is_running(folder: DataFolder) -> bool:
    """Whether a keeper holds the servers of `folder`."""
    probe = keeper_lock(folder)
    try:
        return not probe.take(shared=True, wait=False)
    finally:
        probe.close()


def release(folder: DataFolder | None = None) -> None:
    """Lets go of the servers of every folder held, or of the one named.

    Returns when they stopped, or at once when somebody else holds them.
    """
    for root in [folder.root] if folder else list(_held):
        if lock := _held.pop(root, None):
            lock.release()
            _wait_for_stop(DataFolder(root), lock)
            lock.close()


def _hold(folder: DataFolder, *, durable: bool) -> tuple[dict[str, str], bool]:
    lock = _held.get(folder.root) or holders_lock(folder)
    if not wait_until(lambda: lock.take(shared=True, wait=False), seconds=STOP_SECONDS):
        raise EngineError(f"Servers of an earlier run are still stopping; see {folder.logs} and try again.")
    if not _held:
        atexit.register(_release_at_exit, os.getpid())
    _held[folder.root] = lock
    with start_lock(folder):
        if is_running(folder) and (state := folder.state()):
            return state, False
        folder.check_space()
        return _start_keeper(folder, durable=durable), True


def _start_keeper(folder: DataFolder, *, durable: bool) -> dict[str, str]:
    for file in (folder.state_file, folder.failure_file):
        file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "oss_portal.engines.keeper", str(folder.root)]
    log = open_log(folder.logs / "engines.log")
    try:
        keeper = subprocess.Popen(
            command if durable else [*command, "--forgetful"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=CHECKOUT,
            start_new_session=True,
        )
    finally:
        os.close(log)
    wait_until(
        lambda: folder.state() is not None or keeper.poll() is not None,
        seconds=START_SECONDS,
    )
    _keepers[folder.root] = keeper
    if state := folder.state():
        return state
    if folder.failure_file.exists():
        raise EngineError(folder.failure_file.read_text())
    raise EngineError(f"PostgreSQL and Valkey did not start; see {folder.logs / 'engines.log'}.")


def _wait_for_stop(folder: DataFolder, lock: FileLock) -> None:
    def is_over() -> bool:
        if not is_running(folder):
            return True
        if folder.state() is None:
            return False  # the keeper is stopping them
        if lock.take(wait=False):  # nobody else holds them: the keeper will see it at its next look
            lock.release()
            return False
        return folder.state() is not None  # others use them on

    wait_until(is_over, seconds=STOP_SECONDS, pause=0.05)
    if (keeper := _keepers.pop(folder.root, None)) and not is_running(folder):
        keeper.wait(STOP_SECONDS)


def _release_at_exit(owner: int) -> None:
    if os.getpid() == owner:
        release()


def _forget_in_child() -> None:
    for lock in _held.values():
        lock.close()
    _held.clear()
    _keepers.clear()


os.register_at_fork(after_in_child=_forget_in_child)
