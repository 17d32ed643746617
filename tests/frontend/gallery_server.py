"""The gallery pages over HTTP with the portal's own content policy."""

from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.frontend.gallery import gallery_page

ROOT = Path(__file__).resolve().parents[2]


POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "frame-ancestors 'self'; base-uri 'self'; form-action 'self'"
)


SUGGESTIONS = (
    '<li role="option" data-label="Đăng ký khai sinh" data-href="/chosen">Đăng ký khai sinh</li>'
    '<li role="option" data-label="Đăng ký khai tử" data-href="/other">Đăng ký khai tử</li>'
)


class Gallery(ThreadingHTTPServer):
    """`posts` keeps the address of each POST in its order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = {f"/{audience}": gallery_page(audience) for audience in ("citizen", "staff")}
        self.pages["/suggest"] = SUGGESTIONS
        self.pages["/progress"] = '<li class="oss-file">Đã nhận dạng 5 trang</li>'
        self.pages["/chosen"] = "<!doctype html><title>Chosen</title>"
        self.posts: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(SimpleHTTPRequestHandler):
    server: Gallery

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, directory=str(ROOT), **kwargs)

    def log_message(self, *args) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path.split("?")[0])
        if page is None:
            super().do_GET()
            return
        self.answer(page)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.posts.append(self.path.split("?")[0])
        self.answer("")

    def answer(self, page: str) -> None:
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
