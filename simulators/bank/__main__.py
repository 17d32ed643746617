"""The bank's HTTP server."""

from __future__ import annotations

import json
import os
import re
from urllib.parse import parse_qsl

from simulators.bank import pages, statement
from simulators.bank.book import Book, Fault
from simulators.bank.protocol import NotVietQR, unbroken
from simulators.web import SILENCE, Handler, arguments, fault_named, listen, portal_address, serve


class Counter(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        if order := re.fullmatch(r"/v1/orders/([^/]+)", path):
            return self._api(query, lambda: (200, self.book.report(order[1])), query.get("reference") == order[1])
        if page := re.fullmatch(r"/pay/([^/]+)", path):
            found = self.book.orders.get(page[1])
            if found is None:
                return self.answer_html(404, pages.problem("Không có lệnh thu này."))
            return self.answer_html(200, pages.order(page[1], found, fault_named(Fault, query.get("fault", ""))))
        if path == "/statement.xml":
            day, opening = query.get("day", ""), int(query.get("opening") or statement.OPENING)
            return self.answer(200, "application/xml", statement.of_day(self.book, day, opening).encode())
        if path == "/":
            return self.answer_html(200, pages.home(self.book))
        return self.answer_html(404, pages.problem("Không có trang này."))

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        body = self.body()
        if path == "/v1/orders":
            return self._order(body)
        form = {**query, **dict(parse_qsl(body))}
        if path == "/faults":
            self.book.fault = fault_named(Fault, form.get("fault", ""))
            return self.answer_json(200, {"fault": self.book.fault})
        if path == "/release":
            return self._paid(self.book.release())
        try:
            if path == "/scan":
                return self._paid(
                    self.book.pay_scanned(form.get("payload", ""), fault_named(Fault, form.get("fault", "")))
                )
        except NotVietQR as refused:
            return self.answer_html(400, pages.problem(f"Mã QR không dùng được: {refused}."))
        if pay := re.fullmatch(r"/pay/([^/]+)", path):
            found = self.book.orders.get(pay[1])
            if found is not None and found.fields:
                return self._paid(
                    self.book.pay(pay[1], int(found.fields["amount"]), fault_named(Fault, form.get("fault", "")))
                )
        return self.answer_html(404, pages.problem("Không có lệnh thu này."))

    def _order(self, body: str) -> None:
        try:
            fields = {str(name): str(value) for name, value in json.loads(body).items()}
        except (ValueError, AttributeError):
            return self.answer_json(400, {"error": "no JSON object"})

        def take() -> tuple[int, dict[str, str]]:
            if self.book.announce(fields) is None:
                return 409, {"error": "another order has this reference"}
            return 200, self.book.report(fields["reference"])

        return self._api(fields, take, {"reference", "amount", "account"} <= fields.keys())

    def _api(self, fields: dict[str, str], answer, complete: bool) -> None:
        if self.book.fault is Fault.TIMEOUT:
            self.book.ending.wait(SILENCE)
            self.close_connection = True
            return None
        if not unbroken(fields, self.book.secret):
            return self.answer_json(401, {"error": "invalid signature"})
        if not complete:
            return self.answer_json(400, {"error": "a field is missing"})
        return self.answer_json(*answer())

    def _paid(self, answers: list[str]) -> None:
        if self.wants_json():
            return self.answer_json(200, {"answers": answers})
        return self.answer_html(200, pages.paid(answers))


def main() -> None:
    asked = arguments("bank", "A bank for demonstration and tests.", Fault)
    asked.add_argument("--portal-url", default=portal_address())
    asked.add_argument("--secret", default=os.environ.get("BANK_SECRET", "demonstration-bank-secret"))
    given = asked.parse_args()
    Counter.book = Book(given.portal_url.rstrip("/"), given.secret, given.fault)
    server = listen(given.port, Counter)
    serve(server, name="bank", at_end=Counter.book.ending.set)


if __name__ == "__main__":
    main()
