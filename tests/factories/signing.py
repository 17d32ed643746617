"""An authority of the test's own with its services on a free port, and the keys that a test signs with."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from reportlab.pdfgen.canvas import Canvas

from papers.signing.keys import KeyName
from simulators.pki.__main__ import Counter
from simulators.pki.authority import Authority
from simulators.pki.book import Book
from simulators.web import listen

PASSPHRASE = "of-this-test"


@dataclass
class Pki:
    authority: Authority
    book: Book
    address: str
    keys: Path

    def key(self, label: str, holder: str, **given: Any) -> tuple[KeyName, x509.Certificate]:
        """A key that the portal finds under this name."""
        authority = given.pop("authority", self.authority)
        content, certificate = authority.as_pkcs12(holder, PASSPHRASE, **given)
        (self.keys / f"{label}.p12").write_bytes(content)
        return KeyName(label, holder), certificate


@contextmanager
def pki_running(folder: Path, settings: Any) -> Iterator[Pki]:
    """The authority answers over HTTP and is trusted; no TSA is configured until a test sets `TSA_URL`."""
    book = Book(Authority.made())
    handler = type("Of", (Counter,), {"book": book, "log_message": lambda *_given: None})
    server = listen(0, handler)
    address = f"http://127.0.0.1:{server.server_port}"
    book.authority.ocsp_url = f"{address}/ocsp"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    for name in ("signing", "roots"):
        (folder / name).mkdir()
    (folder / "roots" / "root.pem").write_bytes(book.authority.root_pem)
    settings.SIGNING_KEYS, settings.SIGNATURE_TRUST_ROOTS = str(folder / "signing"), str(folder / "roots")
    settings.SIGNING_PASSPHRASE, settings.SIGNING_PKCS11_MODULE = PASSPHRASE, ""
    settings.OCSP_URLS, settings.TSA_URL, settings.SIGNING_LONG_TERM = (
        {book.authority.ocsp_url: f"{address}/ocsp"},
        "",
        False,
    )
    try:
        yield Pki(book.authority, book, address, folder / "signing")
    finally:
        book.ending.set()
        server.shutdown()
        server.server_close()


def written_pdf(text: str = "Quyết định", pages: int = 1, **page: Any) -> bytes:
    """A PDF as reportlab writes it."""
    out = BytesIO()
    canvas = Canvas(out, invariant=True, **page)
    for number in range(pages):
        canvas.drawString(60, 600, f"{text} {number + 1}".encode("ascii", "ignore").decode())
        canvas.showPage()
    canvas.save()
    return out.getvalue()
