"""The registers' HTTP server."""

from __future__ import annotations

import json
import os
import time

from simulators.registries.book import Book, Fault
from simulators.web import SILENCE, Handler, arguments, fault_named, listen, serve


class Register(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        if self.requested()[0] == "/asked":
            return self.answer_json(200, {"asked": self.book.asked})
        return self.answer_json(404, {"error": "no such page"})

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        try:
            said = json.loads(self.body())
            assert isinstance(said, dict)
        except (ValueError, AssertionError):
            return self.answer_json(400, {"maLoi": "02", "thongBao": "Yêu cầu không đọc được"})
        if path == "/faults":
            self.book.fault = fault_named(Fault, str(said.get("fault", "")))
            return self.answer_json(200, {"fault": self.book.fault})
        if path not in self.book.registers:
            return self.answer_json(404, {"maLoi": "09", "thongBao": "Không có địa chỉ này"})
        if self.headers.get("Authorization") != f"Bearer {self.book.key}":
            return self.answer_json(401, {"maLoi": "08", "thongBao": "Sai khóa truy cập"})
        if self.book.fault is Fault.SILENT:
            return time.sleep(SILENCE)
        if self.book.fault is Fault.BROKEN:
            return self.answer_json(500, {"error": "internal"})
        if self.book.fault is Fault.NO_JSON:
            return self.answer_html(200, "<html>maintenance</html>")
        return self.answer_json(200, self.book.answer(path, said))


def main() -> None:
    given = arguments("registries", "National registers for tests.", Fault).parse_args()
    Register.book = Book(os.environ.get("POPULATION_KEY", "demonstration-registries"), given.fault)
    serve(listen(given.port, Register), name="National registers")


if __name__ == "__main__":
    main()
