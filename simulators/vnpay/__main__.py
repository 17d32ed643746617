"""VNPAY's HTTP server: the payment page, and the address of queries and refunds."""

from __future__ import annotations

import json
import os
from html import escape
from urllib.parse import parse_qsl

from simulators.vnpay.book import Book, Fault, Order
from simulators.web import SILENCE, Handler, arguments, listen, portal_address, serve

_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>VNPAY giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:1.5rem auto;padding:0 1rem;color:#14233a}}
h1{{font-size:1.4rem;color:#0b3d91}}select{{width:100%;font:inherit}}
button{{font:inherit;padding:.6rem 1.2rem;background:#0b3d91;color:#fff;border:0;border-radius:6px}}
code{{overflow-wrap:anywhere}}</style></head><body><main>
<p><strong>VNPAY giả lập</strong>: chương trình thử, không có tiền thật.</p>{body}</main></body></html>"""


class Gateway(Handler):
    book: Book

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        path, query = self.requested()
        if path == "/paymentv2/vpcpay.html":
            opened = self.book.open_order(query)
            if isinstance(opened, str):
                return self._html(400, f"<h1>Không thanh toán được</h1><p>{escape(opened)}</p>")
            return self._html(200, _page(opened))
        if path == "/":
            waiting = "".join(
                f"<li><code>{escape(name)}</code> {order.status}</li>" for name, order in self.book.orders.items()
            )
            return self._html(200, f"<h1>Giao dịch</h1><ul>{waiting}</ul>")
        return self._html(404, "<h1>Không có trang này</h1>")

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path, body = self.requested()[0], self.body()
        if path == "/merchant_webapi/api/transaction":
            return self._api(body)
        form = dict(parse_qsl(body))
        fault = Fault(form["fault"]) if form.get("fault") in set(Fault) else Fault.NONE
        if path == "/faults":
            self.book.fault = fault
            return self.answer_json(200, {"fault": fault})
        if path == "/release":
            return self.answer_json(200, {"answers": self.book.release()})
        if path == "/take-back" and form.get("reference") in self.book.orders:
            gone = self.book.take_back(form["reference"], int(form["amount"]) * 100)
            return self.answer_json(200, {"refunded": gone // 100})
        if path == "/pay" and form.get("reference") in self.book.orders:
            back, answers = self.book.pay(form["reference"], fault)
            if self.wants_json():
                return self.answer_json(200, {"back": back, "answers": answers})
            return self.redirect(back)
        return self._html(404, "<h1>Không có giao dịch này</h1>")

    def _api(self, body: str) -> None:
        if self.book.fault is Fault.TIMEOUT:
            self.book.ending.wait(SILENCE)
            self.close_connection = True
            return
        asked = {str(name): str(value) for name, value in json.loads(body).items()}
        answer = self.book.answer(asked)
        if self.book.fault is Fault.TIMEOUT_AFTER and asked.get("vnp_Command") == "refund":
            self.book.ending.wait(SILENCE)
            self.close_connection = True
            return
        self.answer_json(200, answer)

    def _html(self, status: int, body: str) -> None:
        self.answer_html(status, _FRAME.format(body=body))


def _page(order: Order) -> str:
    amount = f"{int(order.fields['vnp_Amount']) // 100:,}".replace(",", ".")
    faults = "".join(f'<option value="{fault}">{fault or "bình thường"}</option>' for fault in Fault)
    reference = escape(order.fields["vnp_TxnRef"])
    return f"""<h1>Thanh toán {amount} đ</h1><p>{escape(order.fields["vnp_OrderInfo"])}</p>
<form method="post" action="/pay"><input type="hidden" name="reference" value="{reference}">
<p><label for="fault">Lỗi muốn thử</label><select id="fault" name="fault">{faults}</select></p>
<p><button>Trả tiền</button></p></form>"""


def main() -> None:
    asked = arguments("vnpay", "VNPAY for demonstration and tests.", Fault)
    asked.add_argument("--ipn-url", default=f"{portal_address().rstrip('/')}/payments/vnpay/callback")
    asked.add_argument("--secret", default=os.environ.get("VNPAY_HASH_SECRET", "demonstration-vnpay-secret"))
    given = asked.parse_args()
    Gateway.book = Book(given.ipn_url, given.secret, given.fault)
    serve(listen(given.port, Gateway), name="vnpay", at_end=Gateway.book.ending.set)


if __name__ == "__main__":
    main()
