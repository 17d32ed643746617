"""The portal's HTTP server."""

from __future__ import annotations

import argparse
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from simulators.kept import Kept
from simulators.national import pages
from simulators.national.book import Book, Fault

_LONGEST = 16 * 1024 * 1024


class Portal(BaseHTTPRequestHandler):
    book: Book
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the head's acknowledgement

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        if self.path == "/dossiers":
            return self._json(200, {"dossiers": self.book.dossiers, "progress": self.book.progress})
        if self.path.startswith("/files/"):
            return self._file(self.path.removeprefix("/files/"))
        if self.path == "/":
            return self._send(200, "text/html; charset=utf-8", pages.applicant_page(self.book).encode())
        return self._json(404, {"error": "no such page"})

    def _file(self, key: str) -> None:
        fault = self.book.next_fault()
        if fault is Fault.MISSING_FILE or key not in self.book.files:
            return self._json(404, {"error": "no such file"})
        name, content = self.book.files[key]
        if fault is Fault.CUT_FILE:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
            return None
        return self._send(200, "application/octet-stream", content)

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST))
        if self.path == "/applicant":
            with self.book.lock:
                pages.do_as_applicant(self.book, dict(parse_qsl(body.decode())))
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        try:
            fields = json.loads(body)
            assert isinstance(fields, dict)
        except (ValueError, AssertionError):
            return self._json(400, {"error_code": "2", "message": "Yêu cầu không đọc được"})
        with self.book.lock:
            return self._answer(fields)

    def _answer(self, fields: dict[str, Any]) -> None:
        book = self.book
        if self.path == "/faults":
            book.fault, book.fault_calls = Fault(fields.get("fault", "")), int(fields.get("calls", 0))
            return self._json(200, {"fault": book.fault})
        if self.path == "/login":
            return self._json(200, book.login(fields))
        if self.path != "/call":
            return self._json(404, {"error_code": "9", "message": "Không có địa chỉ này"})
        book.calls.append(str(fields.get("service")))
        fault = book.next_fault()
        if fault is Fault.BROKEN:
            return self._json(500, {"error": "internal"})
        if fault is Fault.SLOW:
            time.sleep(book.slow_seconds)
        if fault is Fault.NO_JSON:
            return self._send(200, "text/html", b"<html>maintenance</html>")
        if fault is Fault.SESSION_ENDED:
            book.sessions.clear()
        answer = book.call(fields)
        if fault is Fault.LOST_ANSWER:
            self.close_connection = True
            return None
        return self._json(200, answer)

    def _json(self, status: int, content: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(content, ensure_ascii=False).encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002 (http.server's name)
        print(f"{self.command} {self.path} {given[1] if len(given) > 1 else ''}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m simulators.national", description="A national portal for tests.")
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--username", default=os.environ.get("NATIONAL_USERNAME", "demonstration"))
    asked.add_argument("--password", default=os.environ.get("NATIONAL_PASSWORD", "demonstration-national"))
    asked.add_argument("--book", type=Path, help="the file it keeps its book in; without it a restart forgets all")
    given = asked.parse_args()
    Portal.book = Book(given.username, given.password, kept=Kept(given.book))
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Portal)
    server.daemon_threads = True
    print(f"National portal at http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
