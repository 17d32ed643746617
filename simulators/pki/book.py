"""What the services know: who was revoked, which fault is set, what was asked."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from simulators.pki.authority import Authority


class Fault(StrEnum):
    NONE = ""
    TIMEOUT = "timeout"  # no answer at all
    ERROR = "error"  # HTTP 500
    GARBAGE = "garbage"  # 200 with something else
    REFUSED = "refused"  # an answer of the protocol that says no
    FOREIGN = "foreign"  # signed by somebody whom nobody trusts


class Book:
    def __init__(self, authority: Authority, fault: Fault = Fault.NONE) -> None:
        self.authority, self.fault = authority, fault
        self.revoked: dict[int, datetime] = {}
        self.asked: list[str] = []
        self.ending = threading.Event()
        self.moment: datetime | None = None  # a clock that stands still
        self._stampers = {False: _stamper(authority), True: _stamper(Authority.made("Tổ chức lạ"))}

    def stamp(self, body: bytes) -> bytes:
        """The answer to a time-stamp request."""
        self.asked.append("tsa")
        if self.fault is Fault.REFUSED:
            return tsp.TimeStampResp({"status": {"status": "rejection"}}).dump()
        request = tsp.TimeStampReq.load(body, strict=True)
        stamper = self._stampers[self.fault is Fault.FOREIGN]
        stamper.fixed_dt = self.moment
        return stamper.request_tsa_response(request).dump()

    def status(self, body: bytes) -> bytes:
        """The answer to a status request about one certificate."""
        self.asked.append("ocsp")
        if self.fault is Fault.REFUSED:
            answer = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
            return answer.public_bytes(serialization.Encoding.DER)
        request = ocsp.load_der_ocsp_request(body)
        number, now = request.serial_number, datetime.now(UTC)
        since = self.revoked.get(number)
        signing = Authority.made("Tổ chức lạ") if self.fault is Fault.FOREIGN else self.authority
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=request.issuer_name_hash,
            issuer_key_hash=request.issuer_key_hash,
            serial_number=number,
            algorithm=request.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if since else ocsp.OCSPCertStatus.GOOD,
            this_update=now - timedelta(minutes=1),
            next_update=now + timedelta(days=1),
            revocation_time=since,
            revocation_reason=x509.ReasonFlags.key_compromise if since else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signing.certificate)
        return builder.sign(signing.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _stamper(authority: Authority) -> DummyTimeStamper:
    key, certificate = authority.issue("Dịch vụ dấu thời gian trình diễn", for_time_stamps=True)
    store = SimpleCertificateStore()
    store.register(asn1.Certificate.load(authority.certificate.public_bytes(serialization.Encoding.DER)))
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(private),
        store,
    )
