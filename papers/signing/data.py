"""Signing data as XML (XAdES baseline, ETSI EN 319 132), and what such a signature is worth.

The file holds the signed part, found by its `Id`, and beside it the signature with the certificate, the time of the
signing and what proves it later (`papers.signing.proofs`). Any program that knows XML signatures can check it.
"""

import asyncio
from base64 import b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509 as asn1
from cryptography import x509
from django.utils.translation import gettext_lazy as _
from lxml import etree
from pyhanko.sign.signers import Signer
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature
from signxml.util import namespaces
from signxml.xades import XAdESSigner, XAdESVerifier

from core.refusals import Refused
from papers.signing.keys import KeyName, opened_key
from papers.signing.proofs import certificate_worth, enclose_proofs, read_proofs
from papers.signing.verdicts import SignatureVerdict

_DIGEST = "sha256"
# Which every library has, and which holds inside the envelopes that state systems send documents in.
_CANONICALISATION = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
_METHODS = {"rsa": SignatureMethod.RSA_SHA256, "ec": SignatureMethod.ECDSA_SHA256}
_CERTIFICATES = f"{{{namespaces.ds}}}Signature/{{{namespaces.ds}}}KeyInfo//{{{namespaces.ds}}}X509Certificate"
_SIGNING_TIME = f"{{{namespaces.xades}}}SigningTime"
_NO_LINKS = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


@dataclass(frozen=True)
class SignedData:
    """The file, and whose certificate signed it."""

    content: bytes
    signer: str
    issuer: str


def sign_data(document: etree._Element, part: str, key: KeyName, *, at: datetime) -> SignedData:
    """`document` with the signature of `key` over the element whose `Id` is `part`, as the last child of the root.

    Asks the configured time-stamping authority and responder, so no locks should be held.
    Raises Refused: no key, it does not open, its certificate does not hold at `at` or was revoked, or who was to be
    asked does not answer.
    """
    with opened_key(key) as signer:
        certificate = signer.signing_cert
        method = _method(certificate, at)
        if certificate is None or method is None:
            raise Refused(
                "key_not_valid",
                _("Chứng thư số của %(holder)s không còn dùng được nên chưa ký. Hãy báo cho bộ phận kỹ thuật.")
                % {"holder": key.holder},
            )
        chain = _chain(signer, certificate)
        signed = _SignerAt(
            at, signature_algorithm=method, digest_algorithm=_DIGEST, c14n_algorithm=_CANONICALISATION
        ).sign(
            document,
            key=_Key(signer, certificate),  # type: ignore[arg-type]
            cert=[_loaded(each) for each in chain],
            reference_uri=f"#{part}",
            always_add_key_value=False,
        )
    enclose_proofs(signed, certificate, chain[1:], key.holder)
    content = etree.tostring(signed, xml_declaration=True, encoding="UTF-8")
    return SignedData(content, _common_name(certificate.subject), _common_name(certificate.issuer))


def validate_data(content: bytes, part: str, *, at: datetime) -> SignatureVerdict:
    """What the signature over the element `part` is worth for whoever knows that it was made by `at`."""
    try:
        document = etree.fromstring(content, _NO_LINKS)
        ders = [b64decode(each.text or "") for each in document.iterfind(_CERTIFICATES)]
        leaf, *others = [asn1.Certificate.load(each, strict=True) for each in ders]
        known: dict[str, Any] = {"signer": _common_name(leaf.subject), "issuer": _common_name(leaf.issuer)}
    except (etree.XMLSyntaxError, ValueError, TypeError):
        return SignatureVerdict("unreadable")
    try:
        results = XAdESVerifier().verify(document, x509_cert=_loaded(leaf))
    except InvalidDigest:
        return SignatureVerdict("changed", **known)
    except InvalidSignature:
        return SignatureVerdict("forged", **known)
    except (InvalidInput, ValueError):
        return SignatureVerdict("unreadable", **known)
    covered = [each.signed_xml for each in results if each.signed_xml is not None]
    if sum(each.get("Id") == part for each in covered) != 1 or len(document.findall(f"*[@Id='{part}']")) != 1:
        return SignatureVerdict("appended", **known)
    moments = [each.findtext(f".//{_SIGNING_TIME}") for each in covered]
    said = next(filter(None, moments), "")
    try:
        proofs = read_proofs(document, at=at)
    except ValueError:
        return SignatureVerdict("unreadable", **known, signed_at=said)
    if proofs.stamp and proofs.stamped_at is None:
        return SignatureVerdict("time_stamp", **known, signed_at=said)
    moment = proofs.stamped_at
    return SignatureVerdict(
        certificate_worth(leaf, others, at=moment or at, answers=proofs.answers),
        **known,
        signed_at=moment.isoformat() if moment else said,
        time_stamped=moment is not None,
        revocation_checked=bool(proofs.answers),
    )


def _method(certificate: asn1.Certificate | None, at: datetime) -> SignatureMethod | None:
    """How the certificate's key signs; None for one that does not hold at `at`, or of another kind."""
    if certificate is None or not certificate.not_valid_before <= at <= certificate.not_valid_after:
        return None
    return _METHODS.get(certificate.public_key.algorithm)


class _SignerAt(XAdESSigner):
    """The library's signer, at a moment that is given: its own takes the machine's."""

    def __init__(self, at: datetime, **given: Any) -> None:
        super().__init__(**given)
        self._at = at

    def add_signing_time(self, signed_signature_properties: Any, sig_root: Any, signing_settings: Any) -> None:
        moment = etree.SubElement(signed_signature_properties, _SIGNING_TIME, nsmap=self.namespaces)
        moment.text = self._at.astimezone(UTC).isoformat(timespec="seconds")

    def _add_reference_to_signed_info(self, sig_root: Any, node_to_reference: Any, **attrs: str) -> None:
        """The library digests what it adds itself in the canonical form asked for but does not say which that is;
        whoever checks then takes the inclusive one."""
        super()._add_reference_to_signed_info(sig_root, node_to_reference, **attrs)
        reference = sig_root.findall("{*}SignedInfo/{*}Reference")[-1]
        transforms = etree.Element(f"{{{namespaces.ds}}}Transforms")
        etree.SubElement(transforms, f"{{{namespaces.ds}}}Transform", Algorithm=_CANONICALISATION.value)
        reference.insert(0, transforms)


class _Key:
    """A key as the XML library calls one, signing by the key of `papers.signing.keys`, which may lie in a device."""

    def __init__(self, signer: Signer, certificate: asn1.Certificate) -> None:
        self._signer = signer
        self.key_size = certificate.public_key.bit_size

    def sign(self, data: bytes, *_given: Any, **_named: Any) -> bytes:
        return asyncio.run(self._signer.async_sign_raw(data, _DIGEST))


def _chain(signer: Signer, certificate: asn1.Certificate) -> list[asn1.Certificate]:
    """The certificate and those between it and its root, which whoever checks has already."""
    between = [each for each in signer.cert_registry if each != certificate and each.self_signed == "no"]
    return [certificate, *between]


def _loaded(certificate: asn1.Certificate) -> x509.Certificate:
    return x509.load_der_x509_certificate(certificate.dump())


def _common_name(name: asn1.Name) -> str:
    return str(name.native.get("common_name", ""))
