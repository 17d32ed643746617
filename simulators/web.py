"""What every simulator's HTTP server does alike: reading a request, answering, one line of log for each."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

SILENCE = 60.0  # seconds without an answer, longer than any caller's patience
_LONGEST = 64 * 1024
F = TypeVar("F", bound=StrEnum)


class Handler(BaseHTTPRequestHandler):
    """A subclass answers in `do_GET` and `do_POST`; what it knows is its `book`, a class attribute."""

    protocol_version = "HTTP/1.1"
    # Head and body leave in two pieces; without this the second waits 40 ms for the first one's acknowledgement.
    disable_nagle_algorithm = True

    def requested(self) -> tuple[str, dict[str, str]]:
        """Path and query."""
        parts = urlsplit(self.path)
        return unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))

    def body(self) -> str:
        return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST)).decode()

    def wants_json(self) -> bool:
        return "application/json" in self.headers.get("Accept", "")

    def answer_json(self, status: int, content: dict, head: dict[str, str] | None = None) -> None:
        self.answer(status, "application/json", json.dumps(content).encode(), head)

    def answer_html(self, status: int, content: str) -> None:
        self.answer(status, "text/html; charset=utf-8", content.encode())

    def redirect(self, address: str) -> None:
        self.answer(303, "text/plain", b"", {"Location": address})

    def answer(self, status: int, kind: str, content: bytes, head: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(head or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002 (http.server's name)
        print(f"{self.command} {urlsplit(self.path).path} {given[1] if len(given) > 1 else ''}", flush=True)


def arguments(name: str, description: str, faults: type[StrEnum] | None = None) -> argparse.ArgumentParser:
    """What every simulator is started with: its port, and the fault it begins with; `--portal-url` is where we are."""
    asked = argparse.ArgumentParser(prog=f"python -m simulators.{name}", description=description)
    asked.add_argument("--port", type=int, required=True)
    if faults is not None:
        asked.add_argument("--fault", type=faults, default=faults(""), choices=list(faults))
    return asked


def portal_address() -> str:
    """The portal's own address, as `make run` says it."""
    return os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"


def fault_named(faults: type[F], text: str) -> F:
    """The fault of that name; for any other name the one that is none."""
    return faults(text) if text in set(faults) else faults("")


def listen(port: int, handler: type[Handler]) -> ThreadingHTTPServer:
    """A server on this machine; port 0 takes a free one."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


def serve(server: ThreadingHTTPServer, *, name: str, at_end: Callable[[], object] = lambda: None) -> None:
    """Say where the server listens and answer until Ctrl+C."""
    print(f"{name} at http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        at_end()
