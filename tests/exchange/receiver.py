"""Another system's HTTP server that receives webhooks, with its faults. It believes only what is signed."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError


@dataclass
class Receiver:
    """`answers` are the statuses of the next requests; 0 takes the message and breaks the line. Then 204.

    After `holds_after` messages it takes no further one until `go_on`.
    """

    secret: str = ""
    answers: list[int] = field(default_factory=list)
    slow_seconds: list[float] = field(default_factory=list)  # how long the next requests take
    received: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # (webhook-id, content), as they came
    forged: int = 0
    holds_after: int = 0
    held: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)
    server: ThreadingHTTPServer | None = None
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_port}/hook?from=portal"

    def start(self, port: int = 0) -> None:
        book = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # noqa: N802 (http.server's name)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if 0 < book.holds_after <= len(book.received):
                    book.held.set()
                    book.goes_on.wait(600)
                if book.server is not self.server:  # stopped meanwhile, and the line with it
                    self.close_connection = True
                    return
                time.sleep(book.slow_seconds.pop(0) if book.slow_seconds else 0)
                status = book.take(dict(self.headers), body)
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> int:
        """Returns the port, to start at it again; does nothing where it is stopped."""
        if self.server is not None:
            server, self.server = self.server, None
            self.port = server.server_port
            server.shutdown()
            server.server_close()
        return self.port

    def take(self, headers: dict[str, str], body: bytes) -> int:
        with self.lock:
            status = self.answers.pop(0) if self.answers else 204
            try:
                Webhook(self.secret).verify(body, {name.lower(): value for name, value in headers.items()})
            except WebhookVerificationError:
                self.forged += 1
                return 401
            if status in (0, 204):
                self.received.append(
                    (next(v for k, v in headers.items() if k.lower() == "webhook-id"), json.loads(body))
                )
            return status

    def hold_after(self, number: int) -> None:
        self.goes_on.clear()
        self.held.clear()
        self.holds_after = number

    def go_on(self) -> None:
        self.holds_after = 0
        self.goes_on.set()

    def in_effect(self) -> list[dict[str, Any]]:
        """What a receiver acts on: the first of each identifier, in the order of arrival."""
        first: dict[str, dict[str, Any]] = {}
        for key, content in self.received:
            first.setdefault(key, content)
        return list(first.values())
