"""The pretend telephone: what was sent, newest first. Plain HTML without scripts."""

from __future__ import annotations

from html import escape

from simulators.sms.book import Book, Fault, Message

_FAULTS = {
    Fault.NONE: "Bình thường",
    Fault.TIMEOUT_TAKEN: "Đã nhận nhưng không trả lời",
    Fault.TIMEOUT_LOST: "Không nhận, không trả lời",
    Fault.BAD_CREDENTIAL: "Sai khóa",
    Fault.NO_CREDIT: "Hết tiền",
    Fault.THROTTLED: "Quá nhiều yêu cầu",
    Fault.UNKNOWN_NUMBER: "Số không tồn tại",
    Fault.UNDELIVERED: "Báo không đến máy",
    Fault.DUPLICATE: "Báo lặp 5 lần",
    Fault.OUT_OF_ORDER: "Báo sai thứ tự",
    Fault.FORGED: "Báo đến địa chỉ giả",
    Fault.LOST: "Không báo",
}
_KINDS = {"2": "SMS", "25": "Zalo"}
_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Điện thoại giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:1.5rem auto;padding:0 1rem;color:#1b2a1f}}
h1{{font-size:1.4rem}}li{{margin:0 0 1rem;padding:.6rem .8rem;background:#eef2f6;border-radius:8px;list-style:none;
overflow-wrap:anywhere}}ul{{padding:0}}select,button{{font:inherit;padding:.4rem .8rem}}small{{color:#4a5560}}</style>
</head><body><main><p><strong>Cổng tin nhắn giả lập</strong>: chương trình thử, không tin nào đến điện thoại thật.</p>
<h1>Tin đã gửi</h1>{messages}
<form method="post" action="/faults"><p><label for="fault">Lỗi cho các tin sau</label><br>
<select id="fault" name="fault">{choices}</select> <button>Đặt</button></p></form></main></body></html>"""
SHOWN = 50


def phone(book: Book) -> str:
    newest = list(reversed(book.messages[-SHOWN:]))
    messages = f"<ul>{''.join(_line(m) for m in newest)}</ul>" if newest else "<p>Chưa có tin nào.</p>"
    choices = "".join(
        f'<option value="{fault}"{" selected" if fault is book.fault else ""}>{escape(label)}</option>'
        for fault, label in _FAULTS.items()
    )
    return _FRAME.format(messages=messages, choices=choices)


def _line(message: Message) -> str:
    state = "đã đến máy" if message.succeeded else "không đến" if message.failed else "đang gửi"
    return (
        f"<li><small>{_KINDS.get(message.kind, message.kind)} · {escape(message.phone)} · "
        f"{message.taken_at:%H:%M:%S} · {state}</small><br>{escape(message.text)}</li>"
    )
