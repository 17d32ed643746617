"""VNPAY's HTTP server: the payment page, and the address of queries and refunds."""

from __future__ import annotations

import argparse
import json
import os
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from simulators.vnpay.book import Book, Fault, Order

_SILENCE = 60.0  # seconds without an answer, longer than any caller's patience
_LONGEST = 64 * 1024
_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>VNPAY giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:1.5rem auto;padding:0 1rem;color:#14233a}}
h1{{font-size:1.4rem;color:#0b3d91}}select{{width:100%;font:inherit}}
button{{font:inherit;padding:.6rem 1.2rem;background:#0b3d91;color:#fff;border:0;border-radius:6px}}
code{{overflow-wrap:anywhere}}</style></head><body><main>
<p><strong>VNPAY giả lập</strong>: chương trình thử, không có tiền thật.</p>{body}</main></body></html>"""


class Gateway(BaseHTTPRequestHandler):
    book: Book
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802 (http.server's name)
        parts = urlsplit(self.path)
        if parts.path == "/paymentv2/vpcpay.html":
            opened = self.book.open_order(dict(parse_qsl(parts.query)))
            if isinstance(opened, str):
                return self._html(400, f"<h1>Không thanh toán được</h1><p>{escape(opened)}</p>")
            return self._html(200, _page(opened))
        if parts.path == "/":
            waiting = "".join(
                f"<li><code>{escape(name)}</code> {order.status}</li>" for name, order in self.book.orders.items()
            )
            return self._html(200, f"<h1>Giao dịch</h1><ul>{waiting}</ul>")
        return self._html(404, "<h1>Không có trang này</h1>")

    def do_POST(self) -> None:  # noqa: N802 (http.server's name)
        path = urlsplit(self.path).path
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), _LONGEST)).decode()
        if path == "/merchant_webapi/api/transaction":
            return self._api(body)
        form = dict(parse_qsl(body))
        fault = Fault(form["fault"]) if form.get("fault") in set(Fault) else Fault.NONE
        if path == "/faults":
            self.book.fault = fault
            return self._json(200, {"fault": fault})
        if path == "/release":
            return self._json(200, {"answers": self.book.release()})
        if path == "/pay" and form.get("reference") in self.book.orders:
            back, answers = self.book.pay(form["reference"], fault)
            if "application/json" in self.headers.get("Accept", ""):
                return self._json(200, {"back": back, "answers": answers})
            return self._send(303, "text/plain", b"", {"Location": back})
        return self._html(404, "<h1>Không có giao dịch này</h1>")

    def _api(self, body: str) -> None:
        if self.book.fault is Fault.TIMEOUT:
            self.book.ending.wait(_SILENCE)
            self.close_connection = True
            return
        asked = {str(name): str(value) for name, value in json.loads(body).items()}
        answer = self.book.answer(asked)
        if self.book.fault is Fault.TIMEOUT_AFTER and asked.get("vnp_Command") == "refund":
            self.book.ending.wait(_SILENCE)
            self.close_connection = True
            return
        self._json(200, answer)

    def _json(self, status: int, content: dict) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _html(self, status: int, body: str) -> None:
        self._send(status, "text/html; charset=utf-8", _FRAME.format(body=body).encode())

    def _send(self, status: int, kind: str, content: bytes, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *given: object) -> None:  # noqa: A002 (http.server's name)
        print(f"{self.command} {urlsplit(self.path).path} {given[1] if len(given) > 1 else ''}", flush=True)


def _page(order: Order) -> str:
    amount = f"{int(order.fields['vnp_Amount']) // 100:,}".replace(",", ".")
    faults = "".join(f'<option value="{fault}">{fault or "bình thường"}</option>' for fault in Fault)
    reference = escape(order.fields["vnp_TxnRef"])
    return f"""<h1>Thanh toán {amount} đ</h1><p>{escape(order.fields["vnp_OrderInfo"])}</p>
<form method="post" action="/pay"><input type="hidden" name="reference" value="{reference}">
<p><label for="fault">Lỗi muốn thử</label><select id="fault" name="fault">{faults}</select></p>
<p><button>Trả tiền</button></p></form>"""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m simulators.vnpay", description="VNPAY for demonstration and tests.")
    portal = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
    asked.add_argument("--port", type=int, required=True)
    asked.add_argument("--ipn-url", default=f"{portal.rstrip('/')}/payments/vnpay/callback")
    asked.add_argument("--secret", default=os.environ.get("VNPAY_HASH_SECRET", "demonstration-vnpay-secret"))
    asked.add_argument("--fault", default="", choices=[str(fault) for fault in Fault])
    given = asked.parse_args()
    Gateway.book = Book(given.ipn_url, given.secret, Fault(given.fault))
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Gateway)
    server.daemon_threads = True
    print(f"vnpay at http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        Gateway.book.ending.set()


if __name__ == "__main__":
    main()
