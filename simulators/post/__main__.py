"""The post's HTTP server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from simulators.kept import Kept
from simulators.post.book import Book, Fault
from simulators.web import Handler, arguments, fault_named, listen, serve


class Post(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        if path == "/orders":
            return self.answer_json(200, {"orders": list(self.book.orders.values())})
        return self._judge(lambda: self._told(path.removeprefix("/orders/")))

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, _query = self.requested()
        try:
            said = json.loads(self.body() or "{}")
            assert isinstance(said, dict)
        except (ValueError, AssertionError):
            return self.answer_json(400, {"maLoi": "02", "thongBao": "Yêu cầu không đọc được"})
        if path == "/faults":
            self.book.fault = fault_named(Fault, str(said.get("fault", "")))
            return self.answer_json(200, {"fault": self.book.fault})
        if path == "/move":
            self.book.move(str(said["number"]), str(said["state"]), str(said.get("signed_by", "")))
            return self.answer_json(200, {})
        if path == "/orders":
            return self._judge(lambda: self.book.take(said))
        return self._judge(lambda: self._cancelled(path.split("/")[2] if path.count("/") == 3 else ""))

    def _told(self, number: str) -> dict[str, Any]:
        order = self.book.orders.get(number)
        return self.book.told(order) if order else {"maLoi": "04", "thongBao": "Không có đơn này"}

    def _cancelled(self, number: str) -> dict[str, Any]:
        if self.book.orders.get(number, {}).get("trangThai") != "DA_NHAN_DON":
            return {"maLoi": "05", "thongBao": "Đơn không hủy được nữa"}
        self.book.move(number, "DA_HUY")
        return {"maLoi": "00"}

    def _judge(self, do: Any) -> None:
        """Do it and answer, or not, as the fault says."""
        fault = self.book.fault
        if self.headers.get("Authorization") != f"Bearer {self.book.key}":
            return self.answer_json(401, {"maLoi": "08", "thongBao": "Sai khóa"})
        if fault is Fault.BROKEN:
            return self.answer_json(500, {"error": "internal"})
        if fault is Fault.REFUSED:
            return self.answer_json(200, {"maLoi": "09", "thongBao": "Ngoài vùng phục vụ"})
        if fault is Fault.NO_JSON:
            return self.answer_html(200, "<html>maintenance</html>")
        answer = do()
        if fault is Fault.LOST_ANSWER:
            self.close_connection = True
            return None
        return self.answer_json(200, answer)


def main() -> None:
    asked = arguments("post", "A public post for tests.", Fault)
    asked.add_argument("--book", type=Path, help="the file it keeps its book in; without it a restart forgets all")
    given = asked.parse_args()
    Post.book = Book(os.environ.get("POST_KEY", "demonstration-post"), given.fault, kept=Kept(given.book))
    serve(listen(given.port, Post), name="Public post")


if __name__ == "__main__":
    main()
