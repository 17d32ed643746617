"""The software's HTTP server, with what it holds and its faults."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from simulators.web import Handler, arguments, fault_named, listen, serve


class Fault(StrEnum):
    NONE = ""
    BROKEN = "broken"  # HTTP 500, nothing taken
    LOST_ANSWER = "lost-answer"  # taken, and the line breaks
    NO_JSON = "no-json"
    FORGETFUL = "forgetful"  # 404 for what it was given
    OPEN_TO_ALL = "open-to-all"  # asks nobody for a token
    SLOW = "slow"  # answers well, after `slow_seconds`


@dataclass
class Book:
    secret: str
    fault: Fault = Fault.NONE
    slow_seconds: float = 8.0
    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    def take(self, code: str, item: dict[str, Any]) -> None:
        self.given.append(code)
        self.dossiers[code] = item
        self.answers.setdefault(code, {"phienBan": "1", "trangThai": "DANG_THAM_DINH", "ghiChu": ""})

    def settle(self, code: str, **result: str) -> None:
        version = str(int(self.answers[code]["phienBan"]) + 1)
        self.answers[code] |= {"phienBan": version, "trangThai": "DA_XONG", "ketQua": result}


class Software(Handler):
    book: Book
    files: dict[str, bytes] = {}  # noqa: RUF012 - set by whoever starts it

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        if not self._known():
            return self.answer_json(401, {"error": "token"})
        if path in self.files:
            return self.answer(200, "application/pdf", self.files[path])
        code = path.removeprefix("/dossiers/")
        if self.book.fault is Fault.BROKEN:
            return self.answer_json(500, {"error": "internal"})
        if self.book.fault is Fault.NO_JSON:
            return self.answer_html(200, "<html>maintenance</html>")
        if code not in self.book.answers or self.book.fault is Fault.FORGETFUL:
            return self.answer_json(404, {"error": "unknown"})
        return self.answer_json(200, self.book.answers[code])

    def do_PUT(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        item = self._object()
        if not self._known():
            return self.answer_json(401, {"error": "token"})
        if item is None:
            return self.answer_json(400, {"error": "no JSON"})
        if self.book.fault is Fault.BROKEN:
            return self.answer_json(500, {"error": "internal"})
        if self.book.fault is Fault.SLOW:
            time.sleep(self.book.slow_seconds)
        self.book.take(path.removeprefix("/dossiers/"), item)
        if self.book.fault is Fault.LOST_ANSWER:
            self.close_connection = True
            return None
        return self.answer_json(200, {})

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        said = self._object() or {}
        if path == "/faults":
            self.book.fault = fault_named(Fault, str(said.get("fault", "")))
            return self.answer_json(200, {"fault": self.book.fault})
        if path == "/settle":
            self.book.settle(str(said.pop("code")), **said)
            return self.answer_json(200, {})
        return self.answer_json(404, {"error": "no such page"})

    def _object(self) -> dict[str, Any] | None:
        try:
            said = json.loads(self.body())
        except ValueError:
            return None
        return said if isinstance(said, dict) else None

    def _known(self) -> bool:
        return self.book.fault is Fault.OPEN_TO_ALL or self.headers.get("Authorization") == f"Bearer {self.book.secret}"


def main() -> None:
    given = arguments("specialised", "Specialised software for tests.", Fault).parse_args()
    Software.book = Book(os.environ.get("SPECIALISED_SECRET", "demonstration-specialised"), given.fault)
    serve(listen(given.port, Software), name="Specialised software")


if __name__ == "__main__":
    main()
