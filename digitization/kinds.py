"""What a file is, judged by its content: its first bytes name a kind, reopening it proves the kind.

No system library takes part, so every machine judges alike. The name and the type that the sender states count
for nothing.
"""

import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import filetype
import pikepdf
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from core.refusals import Refused

# A page of A1 at 300 dpi has 70 million pixels. A picture far above would take the memory of a whole web process.
MOST_PIXELS = 100_000_000
MOST_FRAMES = 500
# Letters that can be read want a picture of at least this many pixels each way.
LEAST_PIXELS = 30
# Readers find the header of a PDF within its first kilobyte (ISO 32000, Annex H): mail programs put lines before it.
HEADER_WITHIN = 1024
MOST_UNPACKED_BYTES = 1024 * 1024 * 1024
MOST_ZIP_ENTRIES = 10_000

PDF = "application/pdf"
JPEG, PNG, TIFF = "image/jpeg", "image/png", "image/tiff"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Endings a name may have; the first is added to a name that has another.
ENDINGS = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    TIFF: (".tif", ".tiff"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
SCANNABLE = frozenset({PDF, JPEG, PNG, TIFF})
# What a browser's file chooser should offer; photos of telephones become JPEG on arrival (`heic`).
ACCEPT = ",".join([*(ending for endings in ENDINGS.values() for ending in endings), ".heic", ".heif"])


class UploadRefused(Refused):
    """A file was not taken. `code` is stable; without a sentence it is one of SENTENCES."""

    def __init__(self, code: str, sentence: str | Promise | None = None) -> None:
        super().__init__(code, SENTENCES[code] if sentence is None else sentence, field="file")


SENTENCES: dict[str, str | Promise] = {
    "empty": _("Tệp này trống. Hãy mở tệp trên máy của bạn để kiểm tra, rồi chọn lại."),
    "wrong_type": _(
        "Không nhận loại tệp này. Hãy chọn tệp PDF, ảnh JPG, PNG, HEIC hoặc TIFF, "
        "hoặc tài liệu Word (.docx), Excel (.xlsx)."
    ),
    "old_office": _("Chưa nhận tệp Word, Excel kiểu cũ (.doc, .xls). Hãy lưu tệp thành .docx, .xlsx hoặc PDF."),
    "macros": _("Tệp Word, Excel này chứa macro. Hãy lưu thành tệp không có macro (.docx, .xlsx) hoặc PDF."),
    "encrypted": _("Tệp này được đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."),
    "broken": _("Tệp này bị hỏng, không mở được. Hãy lưu hoặc quét lại tệp rồi gửi lại."),
    "too_many_pixels": _("Ảnh này quá lớn để mở. Hãy quét lại ở 300 dpi hoặc giảm kích thước ảnh."),
    "too_small": _("Ảnh này quá nhỏ để là một giấy tờ. Hãy chụp hoặc quét lại cả trang giấy rồi gửi lại."),
    "xfa_form": _(
        "Tệp này là biểu mẫu động (XFA), phần mềm khác không hiện được nội dung. Hãy mở bằng Adobe Reader, chọn In, "
        "máy in Microsoft Print to PDF hoặc Lưu thành PDF, rồi gửi tệp PDF vừa in."
    ),
    "portfolio": _(
        "Tệp này là một tập hợp (portfolio) chứa giấy tờ ở bên trong. Hãy mở tệp, lưu từng giấy tờ bên trong ra ngoài "
        "rồi gửi các giấy tờ đó."
    ),
    "unpacks_too_large": _("Tệp này khi mở ra quá lớn. Hãy lưu thành PDF rồi gửi lại."),
}

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An encrypted .docx or .xlsx is an OLE container with this stream name in UTF-16.
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def identify_kind(path: Path) -> str:
    """The media type of the file at `path`. Errors: UploadRefused."""
    with path.open("rb") as file:
        head = file.read(8192)
    if not head:
        raise UploadRefused("empty")
    if head.startswith(_OLE):
        raise UploadRefused("encrypted" if _ENCRYPTED_STREAM in path.read_bytes() else "old_office")
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    found = filetype.guess_mime(head)
    media_type = PDF if found in (None, PDF) and b"%PDF-" in head[:HEADER_WITHIN] else found
    if media_type not in _PROOFS:
        raise UploadRefused("wrong_type")
    _PROOFS[media_type](path)
    return media_type


def _pdf(path: Path) -> None:
    try:
        with pikepdf.open(path) as pdf:
            if "/Collection" in pdf.Root:
                raise UploadRefused("portfolio")
            if _is_dynamic_form(pdf):
                raise UploadRefused("xfa_form")
            if len(pdf.pages) == 0:
                raise UploadRefused("broken")
            # The trailer can be whole while the pages are not: each page's own dictionary must be readable.
            for page in pdf.pages:
                page.mediabox  # noqa: B018 (read for the error it raises)
    except pikepdf.PasswordError:
        raise UploadRefused("encrypted") from None
    except (pikepdf.PdfError, ValueError, KeyError, AttributeError, RuntimeError):
        raise UploadRefused("broken") from None


def _is_dynamic_form(pdf: pikepdf.Pdf) -> bool:
    """Whether its pages are made by Adobe's program alone; a form that also has ordinary fields can be read."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary) or "/XFA" not in form:
        return False
    return bool(pdf.Root.get("/NeedsRendering", False)) or not len(form.get("/Fields", []))


def _picture(*formats: str) -> Callable[[Path], None]:
    def prove(path: Path) -> None:
        try:
            with Image.open(path, formats=formats) as image:
                frames = getattr(image, "n_frames", 1)
                if frames > MOST_FRAMES:
                    raise UploadRefused("too_many_pixels")
                for frame in reversed(range(frames)):
                    image.seek(frame)
                    if image.width * image.height > MOST_PIXELS:
                        raise UploadRefused("too_many_pixels")
                    if min(image.size) < LEAST_PIXELS:
                        raise UploadRefused("too_small")
                # Further pages of a TIFF are decoded by the scan chain: a sender should not wait for them here.
                # A JPEG's data are all read, but decoded at an eighth of the size.
                image.draft("L", (image.width // 8, image.height // 8))
                image.load()
        except UploadRefused:
            raise
        except Image.DecompressionBombError:
            raise UploadRefused("too_many_pixels") from None
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, OverflowError, MemoryError):
            raise UploadRefused("broken") from None

    return prove


def _office(path: Path) -> str:
    """DOCX or XLSX, told apart by the type of the main part and not by folder names."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ZIP_ENTRIES or sum(e.file_size for e in entries) > MOST_UNPACKED_BYTES:
                raise UploadRefused("unpacks_too_large")
            if any(entry.flag_bits & 0x1 for entry in entries):
                raise UploadRefused("encrypted")
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names:
                raise UploadRefused("wrong_type")
            types = archive.open("[Content_Types].xml").read(1024 * 1024)
            if b"macroEnabled" in types or any(n.lower().endswith("vbaproject.bin") for n in names):
                raise UploadRefused("macros")
            for media_type in (DOCX, XLSX):
                if f"{media_type}.main+xml".encode() in types:
                    # Reads every part, so a cut-off file is found here and not by the officer who opens it.
                    if archive.testzip() is not None:
                        raise UploadRefused("broken")
                    return media_type
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error):
        raise UploadRefused("broken") from None
    raise UploadRefused("wrong_type")


_PROOFS: dict[str | None, Callable[[Path], None]] = {
    PDF: _pdf,
    JPEG: _picture("JPEG", "MPO"),
    PNG: _picture("PNG"),
    TIFF: _picture("TIFF"),
}
