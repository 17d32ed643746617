"""What a customer sees in the bank's app. Plain HTML without scripts."""

from __future__ import annotations

from html import escape

from simulators.bank.book import Book, Fault, Order

_FAULTS = {
    Fault.NONE: "Bình thường",
    Fault.DECLINED: "Không đủ tiền (báo thất bại)",
    Fault.DUPLICATE: "Báo lặp 20 lần cùng lúc",
    Fault.BAD_SIGNATURE: "Sai chữ ký",
    Fault.WRONG_AMOUNT: "Báo sai số tiền",
    Fault.FAILED_FIRST: "Báo thất bại rồi mới báo thành công",
    Fault.FAILED_AFTER: "Báo thành công rồi báo thất bại",
    Fault.LATE: "Báo muộn",
    Fault.LOST: "Không báo",
}
_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Ngân hàng giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:1.5rem auto;padding:0 1rem;color:#1b2a1f}}
h1{{font-size:1.4rem;color:#0b5d2a}}textarea,select{{width:100%;font:inherit;box-sizing:border-box}}
button{{font:inherit;padding:.6rem 1.2rem;background:#0b5d2a;color:#fff;border:0;border-radius:6px}}
code{{overflow-wrap:anywhere}}</style></head><body><main>
<p><strong>Ngân hàng giả lập</strong>: chương trình thử, không có tiền thật. <a href="/">Trang đầu</a></p>
{body}</main></body></html>"""


def home(book: Book) -> str:
    waiting = [reference for reference, order in list(book.orders.items()) if order.status != "paid"][-20:]
    orders = "".join(f'<li><a href="/pay/{escape(name)}"><code>{escape(name)}</code></a></li>' for name in waiting)
    return _FRAME.format(
        body=f"""<h1>Chuyển tiền</h1><form method="post" action="/scan">
<p><label for="payload">Nội dung đọc được từ mã QR</label><textarea id="payload" name="payload" rows="4"></textarea></p>
{_choice()}<p><button>Trả tiền</button></p></form>
<h2>Lệnh thu đang chờ</h2>{f"<ul>{orders}</ul>" if orders else "<p>Chưa có. Hãy lấy mã QR ở cổng dịch vụ.</p>"}
<form method="post" action="/release"><button>Gửi các lời báo muộn ({len(book.held)})</button></form>"""
    )


def order(reference: str, found: Order, fault: Fault) -> str:
    amount = f"{int(found.fields.get('amount', found.amount)):,}".replace(",", ".")
    rows = {
        "Trả cho": found.fields.get("account", ""),
        "Số tiền": f"{amount} đ",
        "Nội dung": reference,
        "Về việc": found.fields.get("description", ""),
        "Trạng thái": found.status,
    }
    facts = "".join(f"<dt>{name}</dt><dd><strong>{escape(value)}</strong></dd>" for name, value in rows.items())
    return _FRAME.format(
        body=f"""<h1>Xác nhận chuyển tiền</h1><dl>{facts}</dl>
<form method="post" action="/pay/{escape(reference)}">{_choice(fault)}<p><button>Trả tiền</button></p></form>"""
    )


def paid(answers: list[str]) -> str:
    told = ", ".join(escape(answer) for answer in answers) or "chưa báo"
    return _FRAME.format(body=f"<h1>Đã xử lý</h1><p>Cổng dịch vụ trả lời: <strong>{told}</strong></p>")


def problem(sentence: str) -> str:
    return _FRAME.format(body=f"<h1>Không làm được</h1><p>{escape(sentence)}</p>")


def _choice(chosen: Fault = Fault.NONE) -> str:
    options = "".join(
        f'<option value="{fault}"{" selected" if fault is chosen else ""}>{name}</option>'
        for fault, name in _FAULTS.items()
    )
    return f'<p><label for="fault">Thử lỗi</label><select id="fault" name="fault">{options}</select></p>'
