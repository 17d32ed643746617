"""What the signatures of a PDF are worth, by the bottom line and in plain words.

"Intact" says no more than that the signed bytes are there: a page appended behind them leaves them intact. So a
signature is good only when its bytes, its key, its certificate, its time stamp and everything that was added later are.
"""

import asyncio
import io
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from papers.signing import roots
from papers.signing.outside import Asked, ConfiguredFetchers, responder_of
from papers.signing.verdicts import ENDED, PROBLEMS, VALID, SignatureVerdict


def validate_signatures(pdf: bytes) -> list[SignatureVerdict]:
    """Each signature in the order of signing; empty when there is none. Asks only configured responders."""
    asked = Asked()
    try:
        return asyncio.run(_judged(pdf, asked))
    finally:
        asked.record()


async def _judged(pdf: bytes, asked: Asked) -> list[SignatureVerdict]:
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        found = reader.embedded_regular_signatures
    except (PdfError, ValueError, KeyError, TypeError, AttributeError):
        return [SignatureVerdict("unreadable")] if b"/ByteRange" in pdf else []
    return [await _verdict(reader, signature, asked) for signature in found]


async def _verdict(reader: PdfFileReader, signature: Any, asked: Asked) -> SignatureVerdict:
    fetchers = ConfiguredFetchers(asked)
    try:
        certificate = signature.signer_cert
        known = {
            "signer": str(certificate.subject.native.get("common_name", "")),
            "issuer": str(certificate.issuer.native.get("common_name", "")),
        }
        context = _context(allow_fetching=True, fetcher_backend=fetchers)
        status = await async_validate_pdf_signature(signature, context)
        if not status.bottom_line and _out_of_bounds(status) and _stamped(status):
            status = await _as_of_stamp(reader, signature, status)
    except (SignatureValidationError, PdfError, ValueError, KeyError, TypeError, AttributeError):
        return SignatureVerdict("unreadable")
    checked = any(True for _answer in fetchers.ocsp.fetched_responses_for_cert(certificate))
    code = _code(status)
    if (
        code == VALID
        and not checked
        and not _stamped(status)
        and any(responder_of(url) for url in certificate.ocsp_urls)
    ):
        code = "unanswered"
    stamp = status.timestamp_validity
    moment = stamp.timestamp if stamp is not None else status.signer_reported_dt
    return SignatureVerdict(
        code,
        **known,
        signed_at=moment.isoformat() if isinstance(moment, datetime) else "",
        time_stamped=_stamped(status),
        revocation_checked=checked,
    )


def _context(**given: Any) -> ValidationContext:
    return ValidationContext(trust_roots=roots.trust_roots(), **given)


async def _as_of_stamp(reader: PdfFileReader, signature: Any, status: PdfSignatureStatus) -> PdfSignatureStatus:
    """The same signature as it stood when its trusted time stamp was made, with what the file encloses to prove it."""
    given: dict[str, Any] = {
        "trust_roots": roots.trust_roots(),
        "moment": status.timestamp_validity.timestamp,
        "allow_fetching": False,
        "retroactive_revinfo": True,
    }
    try:
        then = DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    except Exception:  # none enclosed, or one that cannot be read
        then = ValidationContext(**given)
    return await async_validate_pdf_signature(signature, then, ts_validation_context=_context())


def _stamped(status: PdfSignatureStatus) -> bool:
    stamp = status.timestamp_validity
    return stamp is not None and bool(stamp.valid and stamp.intact and stamp.trusted)


def _out_of_bounds(status: PdfSignatureStatus) -> bool:
    return _problem(status) in ENDED


def _problem(status: PdfSignatureStatus) -> str:
    indication = status.trust_problem_indic
    return str(getattr(indication, "name", "")) if indication is not None else ""


def _code(status: PdfSignatureStatus) -> str:
    if not status.intact:
        return "changed"
    if not status.valid:
        return "forged"
    if status.coverage not in (SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION):
        return "appended"
    if status.modification_level == ModificationLevel.OTHER or not (
        status.docmdp_ok or status.modification_level is None
    ):
        return "appended"
    if status.revoked:
        return "revoked"
    problem = _problem(status)
    if problem:
        return PROBLEMS.get(problem, "not_trusted")
    if status.timestamp_validity is not None and not _stamped(status):
        return "time_stamp"
    return VALID if status.bottom_line else "not_trusted"
