"""What a person sees at the provider. Plain HTML without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from simulators.identity.book import Book, Fault

_FAULTS = {
    Fault.NONE: "Bình thường",
    Fault.WRONG_NONCE: "Sai nonce",
    Fault.OLD_KEY: "Ký bằng khóa cũ",
    Fault.EXPIRED: "Token hết hạn",
    Fault.LOW_LEVEL: "Mức định danh thấp",
    Fault.NO_LEVEL: "Không nói mức định danh",
    Fault.OTHER_PERSON: "Số định danh của người khác",
    Fault.OTHER_NAME: "Họ tên khác",
    Fault.OTHER_AUDIENCE: "Token cho hệ thống khác",
    Fault.OTHER_ISSUER: "Nơi cấp khác",
    Fault.UNSIGNED: "Không ký",
    Fault.SHARED_KEY: "Ký bằng khóa công khai",
    Fault.WRONG_STATE: "Sai state",
    Fault.DENIED: "Người dùng từ chối",
    Fault.TOKEN_REFUSED: "Không đổi được mã",
    Fault.SILENT: "Không trả lời",
    Fault.OTHER_USERINFO: "Thông tin của người khác",
}
_LEVELS = {"1": "Mức độ 1", "2": "Mức độ 2"}
_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Định danh giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:40rem;margin:1.5rem auto;padding:0 1rem;color:#1b1b2a}}
h1{{font-size:1.4rem;color:#8a1c1c}}select,input{{font:inherit;padding:.4rem;max-width:100%}}
button{{font:inherit;padding:.6rem 1.2rem;background:#8a1c1c;color:#fff;border:0;border-radius:6px}}</style>
</head><body><main><p><strong>Định danh giả lập</strong>: chương trình thử, không phải VNeID thật.</p>
{body}</main></body></html>"""


def sign_in(book: Book, asked: Mapping[str, str]) -> str:
    """Who signs in and at which level; what the relying party asked comes back with the answer."""
    hidden = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in asked.items())
    people = "".join(
        f'<option value="{escape(h.subject)}">{escape(h.name or h.username)} {escape(h.number)}</option>'
        for h in book.holders
    )
    levels = "".join(f'<option value="{v}">{label}</option>' for v, label in reversed(_LEVELS.items()))
    return _FRAME.format(
        body=f"""<h1>Đăng nhập</h1><form method="post" action="/authorize">{hidden}
<p><label for="holder">Bạn là ai?</label><br><select id="holder" name="holder">{people}</select></p>
<p><label for="level">Mức định danh</label><br><select id="level" name="level">{levels}</select></p>
<p><label for="fault">Lỗi</label><br><select id="fault" name="fault">{_choices(book.fault)}</select></p>
<p><button>Đồng ý</button></p></form>"""
    )


def home(book: Book) -> str:
    held = "".join(
        f'<li>{escape(g.holder.name or g.holder.username)} <form method="post" action="/sign-out/{escape(sid)}">'
        "<button>Đăng xuất khắp nơi</button></form></li>"
        for sid, g in book.signed_in.items()
    )
    return _FRAME.format(
        body=f"""<h1>Đang đăng nhập</h1>{f"<ul>{held}</ul>" if held else "<p>Không có ai.</p>"}
<form method="post" action="/rotate"><button>Đổi khóa ký</button></form>"""
    )


def problem(sentence: str) -> str:
    return _FRAME.format(body=f"<h1>Không được</h1><p>{escape(sentence)}</p>")


def _choices(chosen: Fault) -> str:
    return "".join(
        f'<option value="{fault}"{" selected" if fault is chosen else ""}>{escape(label)}</option>'
        for fault, label in _FAULTS.items()
    )
