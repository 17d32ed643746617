"""The authority's HTTP server: POST /tsa, POST /ocsp, POST /faults (fault=…), POST /revoke (serial=…)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from simulators.pki.authority import Authority
from simulators.pki.book import Book, Fault
from simulators.web import SILENCE, Handler, arguments, listen, serve

_LONGEST = 64 * 1024


class Counter(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        if path == "/root.pem":
            return self.answer(200, "application/x-pem-file", self.book.authority.root_pem)
        if path == "/":
            return self.answer_json(200, {"asked": self.book.asked, "revoked": [str(n) for n in self.book.revoked]})
        return self.answer_json(404, {"error": "no such page"})

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST))
        if path == "/faults":
            given = dict(parse_qsl(body.decode())).get("fault", "")
            self.book.fault = Fault(given) if given in set(Fault) else Fault.NONE
            return self.answer_json(200, {"fault": self.book.fault})
        if path == "/revoke":
            serial = dict(parse_qsl(body.decode())).get("serial", "")
            if serial.isdigit():
                self.book.revoked[int(serial)] = datetime.now(UTC)
            return self.answer_json(200, {"revoked": [str(n) for n in self.book.revoked]})
        if path not in ("/tsa", "/ocsp"):
            return self.answer_json(404, {"error": "no such service"})
        if self.book.fault is Fault.TIMEOUT:
            self.book.ending.wait(SILENCE)
            self.close_connection = True
            return None
        if self.book.fault is Fault.ERROR:
            return self.answer_json(500, {"error": "out of order"})
        kind = "application/timestamp-reply" if path == "/tsa" else "application/ocsp-response"
        if self.book.fault is Fault.GARBAGE:
            return self.answer(200, kind, b"<html>maintenance</html>")
        try:
            answer = self.book.stamp(body) if path == "/tsa" else self.book.status(body)
        except ValueError:
            return self.answer_json(400, {"error": "not a request of this protocol"})
        return self.answer(200, kind, answer)


def main() -> None:
    asked = arguments("pki", "A certification authority for tests.", Fault)
    asked.add_argument("--folder", type=Path, required=True, help="where the authority's key is, or will be")
    given = asked.parse_args()
    Counter.book = Book(Authority.kept_in(given.folder), given.fault)
    serve(listen(given.port, Counter), name="certification authority", at_end=Counter.book.ending.set)


if __name__ == "__main__":
    main()
