"""The order in which the portal starts, and what it tells while it does."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from oss_portal import engines
from oss_portal.engines.attach import is_running
from oss_portal.engines.folder import CHECKOUT, DataFolder, FileLock
from oss_portal.processes import Backoff, Child, lines_from
from oss_portal.run import plan
from oss_portal.run.checks import HOST, CannotRun, check_assets, check_port, chosen_port
from oss_portal.run.progress import STEP, Progress
from oss_portal.run.supervisor import Stopped, Supervisor

READY_SECONDS = 90.0


def run(folder: DataFolder) -> int:
    """Starts the portal and serves until somebody stops it; returns the exit code.

    Errors: CannotRun, EngineError. Whatever happens, no process stays behind.
    """
    progress = Progress()
    port = chosen_port()
    folder.create()
    only_one = FileLock(folder.run / "portal.lock")
    if not only_one.take(wait=False):
        raise CannotRun("OSS Portal already runs from this folder; stop it first (Ctrl-C where it was started).")
    check_port(port)
    check_assets(CHECKOUT)
    folder.check_space()
    with Supervisor() as supervisor:
        try:
            serve(supervisor, folder, port, progress)
        except Stopped:
            print("\nStopping …", flush=True)
    engines.release()
    progress.say("Everything has stopped.")
    return 0


def serve(supervisor: Supervisor, folder: DataFolder, port: int, progress: Progress) -> None:
    """Returns only by an exception: Stopped, CannotRun or EngineError."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    progress.say("Using the servers of DATABASE_URL and REDIS_URL" if given else "Starting PostgreSQL and Valkey")
    servers = engines.ensure(folder)
    simulators = plan.simulator_ports()
    os.environ.update(plan.environment(folder, port, simulators))
    plan.load_program()
    prepare(supervisor, folder, progress)
    children = plan.processes(folder, simulators)
    progress.say(f"Starting {', '.join(child.name for child in children)}")
    supervisor.start(children)
    address = f"http://{HOST}:{port}"
    supervisor.wait_until(
        lambda: answers(f"{address}/health/ready"),
        seconds=READY_SECONDS,
        otherwise=f"The web server was not ready within {READY_SECONDS:.0f} seconds; see {folder.logs}.",
    )
    progress.say(f"OSS Portal is ready: {address}")
    accounts = accounts_file(folder).read_text(encoding="utf-8").rstrip()
    pretended = {
        "sms": "Pretend telephone (SMS, Zalo)",
        "bank": "Pretend bank (pays VietQR codes)",
        "national": "Pretend national portal (people file, answer and withdraw there)",
    }
    shown = [f"{label}: http://{HOST}:{simulators[name]}" for name, label in pretended.items() if name in simulators]
    print("", accounts, *(["", *shown] if shown else []), "", sep="\n")
    print(f"Logs: {folder.logs}    Stop: Ctrl-C\n", flush=True)
    supervisor.watch(EnginesWatch(folder, progress.say).look if servers.embedded else nothing, progress.say)


def prepare(supervisor: Supervisor, folder: DataFolder, progress: Progress) -> None:
    """Migrations, demonstration data, static files, showing each step. Errors: CannotRun."""
    from oss_portal.run.preparation import main  # only now is Django loaded

    child = Child("The preparation", lambda: main(accounts_file(folder)), folder.logs / "prepare.log")
    supervisor.run_to_end(child, show=lambda line: show(line, progress))


def show(line: str, progress: Progress) -> None:
    """Shows a step of the preparation; what else its log says stays there."""
    if line.startswith(STEP):
        progress.say(line.removeprefix(STEP))


def accounts_file(folder: DataFolder) -> Path:
    """One sign-in for each role, as the preparation wrote them down."""
    return folder.run / "accounts.txt"


class EnginesWatch:
    """Shows what the keeper of the embedded servers does, and starts another one when it was killed."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self.log = folder.logs / "engines.log"
        self.shown = self.log.stat().st_size
        self.backoff = Backoff()

    def look(self) -> None:
        lines, self.shown = lines_from(self.log, self.shown)
        for line in lines:
            self.say(line)
        if not self.backoff.waits:
            if is_running(self.folder):
                return
            pause = self.backoff.ended()
            self.say(f"The keeper of PostgreSQL and Valkey has ended; it is started again in {pause:g} seconds")
        elif self.backoff.is_due():
            try:
                engines.revive(self.folder)
            except engines.EngineError as problem:
                self.say(f"{problem} The next try is in {self.backoff.ended():g} seconds.")
            else:
                self.backoff.started()
                self.say("PostgreSQL and Valkey run again")


def nothing() -> None:
    """Given servers are watched by those who run them."""


def answers(address: str) -> bool:
    """Whether a GET of `address` is answered with 200, without any proxy between."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=5) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False
