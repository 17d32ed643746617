"""The data folder: what lies where, its locks, and what must be true before a server may live in it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Self

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LEAST_FREE_BYTES = 300 * 1024 * 1024


class EngineError(Exception):
    """A server cannot run; the text is one sentence that says why and what to do next."""


class DataFolder:
    """`.data/` of a checkout, or the folder that DATA_DIR names."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = (root or Path(os.environ.get("DATA_DIR") or CHECKOUT / ".data")).resolve()
        self.postgres = self.root / "postgres"
        self.valkey = self.root / "valkey"
        self.logs = self.root / "logs"
        self.run = self.root / "run"
        self.tmp = self.root / "tmp"
        self.media = self.root / "media"
        self.state_file = self.run / "engines.json"
        self.failure_file = self.run / "engines.failure"

    def create(self) -> None:
        """Makes the folders, closed to other users. Errors: EngineError when they cannot be written."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (
                self.postgres,
                self.valkey,
                self.logs,
                self.run,
                self.tmp,
                self.media,
            ):
                folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.run) as probe:
                probe.write(b"0" * 4096)
        except OSError as problem:
            raise EngineError(
                f"The data folder {self.root} cannot be written ({problem.strerror}); "
                "free some space, correct its owner, or name another folder in DATA_DIR."
            ) from problem

    def check_space(self) -> None:
        """Errors: EngineError when the disk is so full that the servers would stop soon."""
        free = shutil.disk_usage(self.root).free
        if free < LEAST_FREE_BYTES:
            raise EngineError(
                f"The disk of {self.root} has only {free // 2**20} MB left; free at least "
                f"{LEAST_FREE_BYTES // 2**20} MB and start again."
            )

    def state(self) -> dict[str, str] | None:
        """What the keeper published about the running servers, or None."""
        try:
            return json.loads(self.state_file.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def publish(self, state: dict[str, str]) -> None:
        new = self.state_file.with_suffix(".new")
        new.touch(mode=0o600)  # it carries Valkey's password
        new.write_text(json.dumps(state))
        new.replace(self.state_file)


class FileLock:
    """flock(2) on one file. The kernel lets go of it when its process dies, so it is never stale."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """False when somebody else has it and `wait` is off."""
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.descriptor, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Forgets the file without unlocking what a forked parent may still hold through it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def holders_lock(folder: DataFolder) -> FileLock:
    """Shared by every process that uses the servers; taken alone by the keeper when it stops them."""
    return FileLock(folder.run / "holders.lock")


def keeper_lock(folder: DataFolder) -> FileLock:
    """Held alone by the keeper for as long as it lives."""
    return FileLock(folder.run / "keeper.lock")


def start_lock(folder: DataFolder) -> FileLock:
    """Held while somebody looks whether a keeper is needed and starts it."""
    return FileLock(folder.run / "start.lock")
