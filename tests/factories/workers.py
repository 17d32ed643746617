"""Real Celery workers and their broker beside a test, killed as a machine that loses power kills."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
from django.conf import settings
from django.db import connection

from journal.roles import WEB
from oss_portal.engines.valkey import Valkey


@dataclass
class Workers:
    """Workers on this test's database; their data folder, with their logs, is `folder`."""

    folder: Path
    started: list[subprocess.Popen] = field(default_factory=list)

    def start(self, *options: str, **environment: str) -> subprocess.Popen:
        """One more worker with these options of Celery; `environment` adds to this process's."""
        number = len(self.started)
        server = urlsplit(os.environ["DATABASE_URL"])
        query = f"{server.query}&assume_role={WEB}".strip("&")
        address = urlunsplit(server._replace(path=f"/{connection.settings_dict['NAME']}", query=query))
        command = [sys.executable, "-m", "celery", "-A", "oss_portal", "worker", "--without-gossip", "--without-mingle"]
        with (self.folder / f"worker-{number}.log").open("wb") as log:
            worker = subprocess.Popen(
                [*command, f"--hostname=kill{number}-{os.getpid()}@%h", *options],
                cwd=settings.BASE_DIR,
                env={**os.environ, "DATABASE_URL": address, "DATA_DIR": str(self.folder), **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started.append(worker)
        return worker

    def logs(self) -> str:
        return "\n".join(log.read_text()[-3000:] for log in sorted(self.folder.glob("worker-*.log")))

    def stop(self) -> None:
        for worker in self.started:
            if worker.poll() is None:
                kill_worker(worker)


def kill_worker(worker: subprocess.Popen, *, spared: str = "-") -> list[psutil.Process]:
    """SIGKILL for the worker and its pool. Programs with the argument `spared` are left, to end by themselves, and
    returned."""
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    left = []
    for process in family:
        with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
            if spared in process.cmdline():
                left.append(process)
            else:
                process.kill()
    worker.wait()
    return left


def kill_broker(server: Valkey) -> None:
    server.child.process.send_signal(signal.SIGKILL)
    server.child.process.wait(60)
