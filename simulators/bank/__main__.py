"""The bank's HTTP server."""

from __future__ import annotations

import argparse
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from simulators.bank import pages, statement
from simulators.bank.book import Book, Fault
from simulators.bank.protocol import NotVietQR, unbroken

_SILENCE = 60.0  # seconds without an answer, longer than any caller's patience
_LONGEST = 64 * 1024


class Counter(BaseHTTPRequestHandler):
    book: Book
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self._asked()
        if order := re.fullmatch(r"/v1/orders/([^/]+)", path):
            return self._api(query, lambda: (200, self.book.report(order[1])), query.get("reference") == order[1])
        if page := re.fullmatch(r"/pay/([^/]+)", path):
            found = self.book.orders.get(page[1])
            if found is None:
                return self._html(404, pages.problem("Không có lệnh thu này."))
            return self._html(200, pages.order(page[1], found, _fault(query)))
        if path == "/statement.xml":
            return self._send(200, "application/xml", statement.of_day(self.book).encode())
        if path == "/":
            return self._html(200, pages.home(self.book))
        return self._html(404, pages.problem("Không có trang này."))

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self._asked()
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST)).decode()
        if path == "/v1/orders":
            return self._order(body)
        form = {**query, **dict(parse_qsl(body))}
        if path == "/faults":
            self.book.fault = _fault(form)
            return self._json(200, {"fault": self.book.fault})
        if path == "/release":
            return self._paid(self.book.release())
        try:
            if path == "/scan":
                return self._paid(self.book.pay_scanned(form.get("payload", ""), _fault(form)))
        except NotVietQR as refused:
            return self._html(400, pages.problem(f"Mã QR không dùng được: {refused}."))
        if pay := re.fullmatch(r"/pay/([^/]+)", path):
            found = self.book.orders.get(pay[1])
            if found is not None and found.fields:
                return self._paid(self.book.pay(pay[1], int(found.fields["amount"]), _fault(form)))
        return self._html(404, pages.problem("Không có lệnh thu này."))

    def _order(self, body: str) -> None:
        try:
            fields = {str(name): str(value) for name, value in json.loads(body).items()}
        except (ValueError, AttributeError):
            return self._json(400, {"error": "no JSON object"})

        def take() -> tuple[int, dict[str, str]]:
            if self.book.announce(fields) is None:
                return 409, {"error": "another order has this reference"}
            return 200, self.book.report(fields["reference"])

        return self._api(fields, take, {"reference", "amount", "account"} <= fields.keys())

    def _api(self, fields: dict[str, str], answer, complete: bool) -> None:
        if self.book.fault is Fault.TIMEOUT:
            self.book.ending.wait(_SILENCE)
            self.close_connection = True
            return None
        if not unbroken(fields, self.book.secret):
            return self._json(401, {"error": "invalid signature"})
        if not complete:
            return self._json(400, {"error": "a field is missing"})
        return self._json(*answer())

    def _asked(self) -> tuple[str, dict[str, str]]:
        parts = urlsplit(self.path)
        return unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))

    def _paid(self, answers: list[str]) -> None:
        if "application/json" in self.headers.get("Accept", ""):
            return self._json(200, {"answers": answers})
        return self._html(200, pages.paid(answers))

    def _json(self, status: int, content: dict) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _html(self, status: int, content: str) -> None:
        self._send(status, "text/html; charset=utf-8", content.encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002 (http.server's name)
        print(f"{self.command} {urlsplit(self.path).path} {given[1] if len(given) > 1 else ''}", flush=True)


def _fault(form: dict[str, str]) -> Fault:
    given = form.get("fault", "")
    return Fault(given) if given in set(Fault) else Fault.NONE


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m simulators.bank", description="A bank for demonstration and tests.")
    portal = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--portal-url", default=portal)
    asked.add_argument("--secret", default=os.environ.get("BANK_SECRET", "demonstration-bank-secret"))
    asked.add_argument("--fault", default="", choices=[str(fault) for fault in Fault])
    given = asked.parse_args()
    Counter.book = Book(given.portal_url.rstrip("/"), given.secret, Fault(given.fault))
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Counter)
    server.daemon_threads = True
    print(f"bank at http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        Counter.book.ending.set()


if __name__ == "__main__":
    main()
