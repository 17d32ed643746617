"""The page where an applicant files, answers and withdraws. Plain HTML without scripts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape

from simulators.national.book import Book

_VIETNAM = timedelta(hours=7)
# The smallest PDF that readers open: one empty page.
SAMPLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_FIELDS = {
    "MaTTHC": ("Mã thủ tục", "1.013228"),
    "ChuHoSo": ("Họ tên", "Nguyễn Thị Ánh"),
    "MaDoiTuong": ("Số định danh", "027190000011"),
    "SoDienThoai": ("Điện thoại", "0912345678"),
    "MaDonViHanhChinh": ("Mã xã, phường", "09187"),
    "TrichYeuHoSo": ("Nội dung đề nghị", "Cấp lại giấy phép xây dựng"),
    "MaThanhPhanHoSo": ("Mã giấy tờ của tệp mẫu", ""),
}
_FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Cổng quốc gia giả lập</title>
<style>body{{font:16px/1.5 sans-serif;max-width:46rem;margin:1.5rem auto;padding:0 1rem;color:#3a1414}}
h1{{font-size:1.4rem;color:#8b1a1a}}input{{width:100%;font:inherit;box-sizing:border-box}}
button{{font:inherit;padding:.5rem 1rem;background:#8b1a1a;color:#fff;border:0;border-radius:6px}}
li{{margin-bottom:1rem}}</style></head><body><main>
<p><strong>Cổng quốc gia giả lập</strong>: chương trình thử, hồ sơ ở đây không có thật.</p>
<h1>Nộp hồ sơ</h1><form method="post" action="/applicant">{fields}
<p><button name="do" value="file">Nộp kèm một tệp mẫu</button></p></form>
<h1>Hồ sơ</h1><ul>{rows}</ul></main></body></html>"""


def applicant_page(book: Book) -> str:
    fields = "".join(
        f'<p><label for="{name}">{label}</label><input id="{name}" name="{name}" value="{escape(value)}"></p>'
        for name, (label, value) in _FIELDS.items()
    )
    rows = "".join(_row(code, book.dossiers[code].get("TrangThaiHoSo", "")) for code in book.changed)
    return _FRAME.format(fields=fields, rows=rows or "<li>Chưa có.</li>")


def _row(code: str, state: str) -> str:
    return (
        f'<li><code>{escape(code)}</code>: trạng thái {escape(state)}<form method="post" action="/applicant">'
        f'<input type="hidden" name="code" value="{escape(code)}"><button name="do" value="answer">Bổ sung một tệp mẫu'
        f'</button> <button name="do" value="withdraw">Rút hồ sơ</button></form></li>'
    )


def do_as_applicant(book: Book, fields: dict[str, str]) -> None:
    """What a button of the page says."""
    moment = f"{datetime.now(UTC) + _VIETNAM:%Y%m%d%H%M%S}"
    what, code = fields.get("do"), fields.get("code", "")
    if what == "file":
        item = {name: fields.get(name, "") for name in _FIELDS if name != "MaThanhPhanHoSo"}
        sample = ("don.pdf", fields.get("MaThanhPhanHoSo", ""), SAMPLE)
        book.file_dossier({**item, "LoaiDoiTuong": "1", "HinhThuc": "0"}, [sample], moment)
    elif what == "answer" and code in book.changed:
        book.answer_supplement(code, "Đã bổ sung.", [("bo-sung.pdf", "", SAMPLE)], moment)
    elif what == "withdraw" and code in book.changed:
        book.withdraw(code, moment)
