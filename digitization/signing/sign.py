"""Signing a PDF (PAdES, ETSI EN 319 142): what was there stays byte for byte, the signature is appended."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pikepdf
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError

from core.refusals import Refused
from digitization.signing import stamps
from digitization.signing.stamps import Stamp
from papers.signing import roots
from papers.signing.keys import KeyName, opened_key
from papers.signing.outside import Asked, ConfiguredFetchers, ConfiguredTimeStamper

# The library leaves five points around what it takes over, and so makes it smaller.
_AS_DRAWN = layout.SimpleBoxLayoutRule(layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID)


def sign_pdf(pdf: bytes, key: KeyName, stamp: Stamp) -> bytes:
    """`pdf` with one more signature and its visible mark.

    With a time stamp when `TSA_URL` is set; with `SIGNING_LONG_TERM` it encloses what proves it later (PAdES B-LTA).
    Raises Refused: no key, not a PDF that can be signed, the authority does not answer. A signature is never made of a
    lower kind than the installation asks for.
    """
    if settings.SIGNING_LONG_TERM and not settings.TSA_URL:
        raise Refused(
            "no_time_stamp",
            _("Chữ ký lâu dài cần dịch vụ dấu thời gian mà hệ thống chưa cài đặt. Hãy báo cho bộ phận kỹ thuật."),
        )
    asked = Asked()
    try:
        with opened_key(key) as signer:
            source, writer = _opened(pdf)
            page, box, turn = _place(source, stamp)
            name = f"Signature{len(writer.prev.embedded_signatures) + 1}"
            metadata = PdfSignatureMetadata(
                field_name=name,
                md_algorithm="sha256",
                subfilter=fields.SigSeedSubFilter.PADES,
                name=key.holder,
                use_pades_lta=settings.SIGNING_LONG_TERM,
                embed_validation_info=settings.SIGNING_LONG_TERM,
                validation_context=_context(asked) if settings.SIGNING_LONG_TERM else None,
            )
            made = io.BytesIO()
            with _style(stamp, turn) as style:
                PdfSigner(
                    metadata,
                    signer,
                    timestamper=ConfiguredTimeStamper(asked) if settings.TSA_URL else None,
                    stamp_style=style,
                    new_field_spec=fields.SigFieldSpec(name, on_page=page, box=box),
                ).sign_pdf(writer, output=made)
            return made.getvalue()
    except TimestampRequestError as problem:
        raise Refused(
            "no_time_stamp",
            _("Dịch vụ dấu thời gian không trả lời nên chưa ký được. Chưa có gì thay đổi, hãy thử lại sau ít phút."),
        ) from problem
    except (SigningError, ValidationError) as problem:
        raise Refused(
            "key_not_valid",
            _("Chứng thư số của %(holder)s không còn dùng được nên chưa ký. Hãy báo cho bộ phận kỹ thuật.")
            % {"holder": key.holder},
        ) from problem
    finally:
        asked.record()


def written_moment(at: datetime) -> str:
    """A time as a stamp says it: ISO 8601 with the zone."""
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")


@contextmanager
def _style(stamp: Stamp, turn: int) -> Iterator[StaticStampStyle]:
    """pyHanko reads the mark only while it signs, and only from a file."""
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="stamp-", suffix=".pdf") as drawn:
        drawn.write(stamps.draw_stamp(stamp.lines, turn))
        drawn.flush()
        yield StaticStampStyle.from_pdf_file(drawn.name, border_width=0, background_layout=_AS_DRAWN)


def _context(asked: Asked) -> ValidationContext:
    return ValidationContext(
        trust_roots=roots.trust_roots(), allow_fetching=True, fetcher_backend=ConfiguredFetchers(asked)
    )


def _opened(pdf: bytes) -> tuple[bytes, IncrementalPdfFileWriter]:
    """The file to append to. One that pyHanko cannot append to (as Pillow writes them) is written anew by pikepdf, as
    long as nobody has signed it. Raises Refused."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as known:
            encrypted = known.is_encrypted
    except (pikepdf.PdfError, pikepdf.PasswordError) as problem:
        raise _not_signable() from problem
    if encrypted:
        raise _not_signable()
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        writer.prev.embedded_signatures  # noqa: B018 (reads the form, where such a file fails)
        return pdf, writer
    except (PdfError, ValueError, KeyError, TypeError):
        pass
    if b"/ByteRange" in pdf:
        raise _not_signable()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as known:
        known.trailer["/Size"] = len(known.objects) + 1  # left out again where it was missing
        known.save(out, deterministic_id=True)
    return out.getvalue(), IncrementalPdfFileWriter(io.BytesIO(out.getvalue()))


def _not_signable() -> Refused:
    return Refused(
        "not_signable",
        _("Tệp này không ký số được: chỉ ký được tệp PDF không đặt mật khẩu và không hỏng."),
        field="file",
    )


def _place(pdf: bytes, stamp: Stamp) -> tuple[int, tuple[int, int, int, int], int]:
    """(page counted from 0, box in points, how the page is turned)."""
    with pikepdf.open(io.BytesIO(pdf)) as known:
        number = len(known.pages) - 1 if stamp.on_last_page else 0
        page = known.pages[number]
        turn = int(page.get("/Rotate", 0)) % 360
        left, bottom, right, top = (float(side) for side in page.cropbox)
    left, right, bottom, top = min(left, right), max(left, right), min(bottom, top), max(bottom, top)
    return number, stamps.box_of(stamp.place, (left, bottom, right, top), turn), turn
