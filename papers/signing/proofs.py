"""What proves a signature on data later: a time stamp over it, and what the certificate's issuer said at its making.

Both stand in the file's unsigned properties (XAdES baseline T and the revocation values of LT, ETSI EN 319 132-1), so
that whoever holds the file can tell that it was signed before the certificate ended or was revoked.
"""

import asyncio
import hashlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, ocsp
from asn1crypto import x509 as asn1
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from lxml import etree
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from signxml.algorithms import CanonicalizationMethod
from signxml.util import namespaces

from core.refusals import Refused
from papers.signing import roots
from papers.signing.outside import Asked, ConfiguredFetchers, ConfiguredTimeStamper, responder_of
from papers.signing.verdicts import VALID

_DIGEST = "sha256"
# The answer about whoever signed is asked for and must be good; those in between are the issuer's own.
_ANSWERED = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.OCSP_REQUIRED, RevocationCheckingRule.NO_CHECK),
    retroactive_revinfo=True,
)
_CANONICALISATION = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0.value
_USAGE = {"non_repudiation"}  # what a certificate must be for, as with PDF
_VALUE = f".//{{{namespaces.ds}}}SignatureValue"
_PROPERTIES = f".//{{{namespaces.xades}}}QualifyingProperties"
_STAMP = f".//{{{namespaces.xades}}}SignatureTimeStamp"
_TOKEN = f"{{{namespaces.xades}}}EncapsulatedTimeStamp"
_METHOD = f"{{{namespaces.ds}}}CanonicalizationMethod"
_ANSWERS = f".//{{{namespaces.xades}}}EncapsulatedOCSPValue"


@dataclass(frozen=True)
class Proofs:
    """What a file encloses. `stamp` says whether it has a time stamp, `stamped_at` when a trusted one was made."""

    stamp: bool
    stamped_at: datetime | None
    answers: tuple[ocsp.OCSPResponse, ...]


def enclose_proofs(signed: etree._Element, leaf: asn1.Certificate, others: list[asn1.Certificate], holder: str) -> None:
    """Add to the signed document what proves it later: the status of the certificate where its responder is one that
    may be asked, and a time stamp where `TSA_URL` is set.

    Raises Refused: the certificate was revoked, one of both does not answer, or the stamp is by nobody who is trusted.
    A signature is never made of a lower kind than the installation asks for.
    """
    asked = Asked()
    try:
        answers = _status_answers(leaf, others, holder, asked)
        token = _time_stamp(signed, asked) if settings.TSA_URL else None
    finally:
        asked.record()
    if not answers and token is None:
        return
    properties = signed.find(_PROPERTIES)
    if properties is None:
        raise ValueError("a signature without qualifying properties")
    unsigned = _below(_below(properties, "UnsignedProperties"), "UnsignedSignatureProperties")
    if token is not None:
        stamp = _below(unsigned, "SignatureTimeStamp")
        etree.SubElement(stamp, _METHOD, Algorithm=_CANONICALISATION)
        _below(stamp, "EncapsulatedTimeStamp").text = b64encode(token.dump()).decode()
        if _stamped_at(signed, stamp, timezone.now()) is None:
            raise Refused(
                "foreign_time_stamp",
                _(
                    "Dấu thời gian nhận được không do tổ chức mà hệ thống tin cậy cấp nên chưa ký. Hãy báo cho bộ phận "
                    "kỹ thuật."
                ),
            )
    if answers:
        values = _below(_below(unsigned, "RevocationValues"), "OCSPValues")
        for answer in answers:
            _below(values, "EncapsulatedOCSPValue").text = b64encode(answer.dump()).decode()


def read_proofs(signature: etree._Element, *, at: datetime) -> Proofs:
    """What stands beside a signature; `stamped_at` only when the stamp is over this signature and by an authority that
    was trusted at `at`. Raises ValueError for what is neither."""
    answers = tuple(ocsp.OCSPResponse.load(_decoded(each), strict=True) for each in signature.iterfind(_ANSWERS))
    stamp = signature.find(_STAMP)
    return Proofs(stamp is not None, _stamped_at(signature, stamp, at) if stamp is not None else None, answers)


def certificate_worth(
    leaf: asn1.Certificate, others: list[asn1.Certificate], *, at: datetime, answers: Iterable[ocsp.OCSPResponse] = ()
) -> str:
    """A key of `verdicts.SENTENCES` for a certificate that signed at `at`, by what issuers said then; asks nobody."""
    known = list(answers)
    context = ValidationContext(
        trust_roots=roots.trust_roots(),
        moment=at,
        allow_fetching=False,
        ocsps=known,
        revinfo_policy=_ANSWERED if known else None,
    )
    return _worth(leaf, others, context)


def _worth(leaf: asn1.Certificate, others: list[asn1.Certificate], context: ValidationContext) -> str:
    try:
        asyncio.run(CertificateValidator(leaf, others, validation_context=context).async_validate_usage(_USAGE))
    except ExpiredError:
        return "expired"
    except NotYetValidError:
        return "not_yet"
    except RevokedError:
        return "revoked"
    except InsufficientRevinfoError:
        return "unanswered"
    except PathBuildingError:
        return "unknown_root"
    except ValidationError:
        return "not_trusted"
    return VALID


def _status_answers(
    leaf: asn1.Certificate, others: list[asn1.Certificate], holder: str, asked: Asked
) -> list[ocsp.OCSPResponse]:
    """What the issuer's responder says now; empty where none may be asked, or no trusted root leads to the issuer.
    Raises Refused."""
    if not any(responder_of(url) for url in leaf.ocsp_urls):
        return []
    fetchers = ConfiguredFetchers(asked)
    context = ValidationContext(
        trust_roots=roots.trust_roots(), allow_fetching=True, fetcher_backend=fetchers, revinfo_policy=_ANSWERED
    )
    worth = _worth(leaf, others, context)
    if worth == "revoked":
        raise Refused(
            "key_revoked",
            _("Chứng thư số của %(holder)s đã bị thu hồi nên không ký nữa. Hãy báo cho bộ phận kỹ thuật.")
            % {"holder": holder},
        )
    if worth == "unanswered":
        raise Refused(
            "status_away",
            _("Nơi cấp chứng thư số không trả lời về việc thu hồi nên chưa ký được. Hãy thử lại sau ít phút."),
        )
    return list(fetchers.ocsp.fetched_responses_for_cert(leaf))


def _time_stamp(signed: etree._Element, asked: Asked) -> cms.ContentInfo:
    """Raises Refused."""
    digest = hashlib.sha256(_canonical_value(signed)).digest()
    try:
        return asyncio.run(ConfiguredTimeStamper(asked).async_timestamp(digest, _DIGEST))
    except (TimestampRequestError, OSError) as problem:
        raise Refused(
            "no_time_stamp",
            _("Dịch vụ dấu thời gian không trả lời nên chưa ký được. Chưa có gì thay đổi, hãy thử lại sau ít phút."),
        ) from problem


def _stamped_at(signature: etree._Element, stamp: etree._Element, at: datetime) -> datetime | None:
    method = stamp.find(_METHOD)
    if method is None or method.get("Algorithm") != _CANONICALISATION:
        return None
    token = cms.ContentInfo.load(_decoded(stamp.find(_TOKEN)), strict=True)
    if token["content_type"].native != "signed_data":
        return None
    value = _canonical_value(signature)
    context = ValidationContext(trust_roots=roots.trust_roots(), moment=at, allow_fetching=False)
    try:
        found: dict[str, Any] = asyncio.run(
            validate_tst_signed_data(token["content"], context, lambda name: hashlib.new(name, value).digest())
        )
        status = TimestampSignatureStatus(**found)
    except (SignatureValidationError, TypeError, KeyError):
        return None
    return status.timestamp if status.valid and status.intact and status.trusted else None


def _canonical_value(document: etree._Element) -> bytes:
    """The signature's value as a time stamp covers it: the whole element, in its canonical form."""
    value = document.find(_VALUE)
    if value is None:
        raise ValueError("no signature value")
    return etree.tostring(value, method="c14n", exclusive=True)


def _decoded(element: etree._Element | None) -> bytes:
    return b64decode("" if element is None else element.text or "")


def _below(parent: etree._Element, name: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{namespaces.xades}}}{name}")
