"""PostgreSQL goes away and comes back under a real web server: pages and API say so in words, and find it again."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from django.db import connection

from core.absence import RETRY_SECONDS
from oss_portal.engines.folder import CHECKOUT
from oss_portal.processes import wait_until
from tests.factories.mailbox import free_port
from tests.factories.systems import MEMBERS


class Wire:
    """A line from a port to the tests' PostgreSQL that can be cut with all that runs over it, and mended."""

    def __init__(self, target: str) -> None:
        self.target, self.port = target, free_port()
        self.ends: list[socket.socket] = []
        self.door: socket.socket | None = None
        self.mend()

    def mend(self) -> None:
        self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._answer, args=(self.door,), daemon=True).start()

    def cut(self) -> None:
        for each in [self.door, *self.ends]:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self.ends.clear()

    def _answer(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _address = door.accept()
                there = socket.socket(socket.AF_UNIX)
                there.connect(self.target)
                self.ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(db) -> Iterator[Wire]:
    connection.ensure_connection()
    known = connection.connection.info
    found = Wire(f"{known.host}/.s.PGSQL.{known.port}")
    yield found
    found.cut()


@pytest.fixture
def web(wire, tmp_path) -> Iterator[str]:
    """Address of a web server that reaches its database over the wire."""
    known, port = connection.connection.info, free_port()
    address = f"postgresql://{known.user}@127.0.0.1:{wire.port}/{known.dbname}"
    # As in every test, style sheets are served as they lie in the sources.
    (tmp_path / "plain_static.py").write_text(
        "from oss_portal.settings import *\n"
        "plain = {'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}\n"
        "STORAGES = {**STORAGES, 'staticfiles': plain}\n"
    )
    environment = os.environ | {
        "DATABASE_URL": address,
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "plain_static",
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}",
    }
    command = [sys.executable, "-m", "gunicorn", "oss_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
    with (tmp_path / "web.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)
    try:
        assert wait_until(lambda: asked(f"http://127.0.0.1:{port}/health/live")[0] == 200, seconds=60), (
            tmp_path / "web.log"
        ).read_text()
        yield f"http://127.0.0.1:{port}"
        assert server.poll() is None, "it stays up"
    finally:
        server.terminate()
        server.wait(timeout=30)


def asked(address: str, data: bytes | None = None) -> tuple[int, dict[str, str], str]:
    """Status, headers and body; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, data), timeout=20) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, dict(answer.headers), answer.read().decode()
    except OSError:
        return 0, {}, ""


def test_a_database_that_is_away_is_said_in_words_and_found_again(wire, web):
    assert asked(f"{web}/api/v1/procedures/")[0] == 200, "the wire carries"
    for _twice in range(2):
        wire.cut()
        status, headers, page = asked(f"{web}/procedures/?q=khai+sinh")
        assert (status, headers.get("Retry-After")) == (503, str(RETRY_SECONDS)), page
        assert "Cổng đang tạm nghỉ" in page
        status, headers, body = asked(f"{web}/api/v1/procedures/")
        assert (status, headers["Retry-After"]) == (503, str(RETRY_SECONDS))
        assert headers["Content-Type"] == "application/problem+json"
        assert (set(json.loads(body)), json.loads(body)["code"]) == (MEMBERS, "database_away")
        assert asked(f"{web}/health/ready")[0] == 503
        assert asked(f"{web}/health/live")[0] == 200
        wire.mend()
        assert wait_until(lambda: asked(f"{web}/api/v1/procedures/")[0] == 200, seconds=20)
        assert asked(f"{web}/health/ready")[0] == 200
