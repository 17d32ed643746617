"""What must be true of the machine before the portal starts; each refusal says what to do next."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

HOST = "127.0.0.1"


class CannotRun(Exception):
    """The portal cannot start or go on; the text is one sentence that says why and what to do next."""


def chosen_port() -> int:
    """PORT of the environment, 8000 unless set. Errors: CannotRun."""
    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 1 <= int(text) <= 65_535:
        raise CannotRun(f"PORT={text} is no port number; give one from 1024 to 65535, such as `PORT=8080 make run`.")
    return int(text)


def check_port(port: int) -> None:
    """Errors: CannotRun when the web server could not listen there."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            if problem.errno == errno.EACCES:
                raise CannotRun(f"Only root may use port {port}; try `PORT=8000 make run`.") from problem
            raise CannotRun(
                f"Port {port} is taken by another program; stop it, or choose a free port: `PORT={port + 1} make run`."
            ) from problem


def free_port() -> int:
    """A port that is free at this moment, for a helper process whose address nobody has to know."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def check_assets(checkout: Path) -> None:
    """Errors: CannotRun when the front-end files were not built."""
    if not any((checkout / "static" / "dist").glob("*")):
        raise CannotRun("The style sheets and scripts are not built; run `make setup` first.")
