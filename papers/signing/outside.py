"""The time-stamping authority and the OCSP responders: only the configured ones are ever asked.

A certificate names the responder to ask, and a file names its certificates: whoever sends a file would otherwise choose
which address the portal calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from asn1crypto import algos, cms, crl, ocsp, tsp, x509
from django.conf import settings
from django.utils import timezone
from pyhanko.sign.timestamps import TimeStamper, TimestampRequestError
from pyhanko_certvalidator.authority import Authority
from pyhanko_certvalidator.errors import CRLFetchError, OCSPFetchError
from pyhanko_certvalidator.fetchers import (
    CertificateFetcher,
    CRLFetcher,
    FetcherBackend,
    Fetchers,
    OCSPFetcher,
)

from journal.outgoing_calls import Outcome, Request, record_calls, send_request

TSA, OCSP = "tsa", "ocsp"
PATIENCE_SECONDS = 6.0


@dataclass
class Asked:
    """Calls made while signing or judging, to be recorded afterwards: the library asks from where no database is."""

    calls: list[tuple[str, Request, Outcome]] = field(default_factory=list)

    def send(self, connection: str, request: Request) -> Outcome:
        outcome = send_request(request)
        self.calls.append((connection, request, outcome))
        return outcome

    def record(self) -> None:
        for name in dict.fromkeys(name for name, _request, _outcome in self.calls):
            found = [(request, outcome) for each, request, outcome in self.calls if each == name]
            record_calls(name, found, at=timezone.now())
        self.calls.clear()


class ConfiguredTimeStamper(TimeStamper):
    """RFC 3161 over HTTP with the authority of `TSA_URL`."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self._asked = asked

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        request = Request(
            "POST",
            settings.TSA_URL,
            operation="timestamp",
            headers={"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"},
            content=req.dump(),
            patience=PATIENCE_SECONDS,
        )
        outcome = self._asked.send(TSA, request)
        if outcome.status != 200:
            raise TimestampRequestError(outcome.error or f"HTTP {outcome.status}")
        try:
            return tsp.TimeStampResp.load(outcome.body, strict=True)
        except ValueError as problem:
            raise TimestampRequestError(str(problem)) from problem


class _OcspOfList(OCSPFetcher):
    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._found: dict[bytes, ocsp.OCSPResponse] = {}

    async def fetch(self, cert: x509.Certificate, authority: Authority) -> ocsp.OCSPResponse:
        if cert.issuer_serial in self._found:
            return self._found[cert.issuer_serial]
        urls = [real for url in cert.ocsp_urls if (real := responder_of(url))]
        if not urls:
            raise OCSPFetchError("the certificate names no responder that this installation may ask")
        number = ocsp.CertId(
            {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha1"}),
                "issuer_name_hash": authority.name.sha1,
                "issuer_key_hash": authority.public_key.sha1,
                "serial_number": cert.serial_number,
            }
        )
        wanted = ocsp.OCSPRequest({"tbs_request": {"request_list": [{"req_cert": number}]}})
        for url in urls:
            request = Request(
                "POST",
                url,
                operation="certificate status",
                headers={"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"},
                content=wanted.dump(),
                patience=PATIENCE_SECONDS,
            )
            outcome = self._asked.send(OCSP, request)
            if outcome.status != 200:
                continue
            try:
                response = ocsp.OCSPResponse.load(outcome.body, strict=True)
            except ValueError:
                continue
            if response["response_status"].native == "successful":
                self._found[cert.issuer_serial] = response
                return response
        raise OCSPFetchError("no responder gave an answer that can be used")

    def fetched_responses(self) -> Iterable[ocsp.OCSPResponse]:
        return self._found.values()

    def fetched_responses_for_cert(self, cert: x509.Certificate) -> Iterable[ocsp.OCSPResponse]:
        found = self._found.get(cert.issuer_serial)
        return [found] if found else []


class _NoLists(CRLFetcher):
    async def fetch(self, cert: x509.Certificate, *, use_deltas: bool | None = None) -> Iterable[crl.CertificateList]:
        raise CRLFetchError("lists of revoked certificates are not fetched")

    def fetched_crls(self) -> Iterable[crl.CertificateList]:
        return []

    def fetched_crls_for_cert(self, cert: x509.Certificate) -> Iterable[crl.CertificateList]:
        return []


class _NoCertificates(CertificateFetcher):
    async def fetch_cert_issuers(self, cert: x509.Certificate):  # type: ignore[no-untyped-def,override]
        return
        yield

    async def fetch_crl_issuers(self, certificate_list: cms.CMSAttribute):  # type: ignore[no-untyped-def,override]
        return
        yield

    def fetched_certs(self) -> Iterable[x509.Certificate]:
        return []


class ConfiguredFetchers(FetcherBackend):
    def __init__(self, asked: Asked) -> None:
        self.ocsp = _OcspOfList(asked)

    def get_fetchers(self) -> Fetchers:
        return Fetchers(self.ocsp, _NoLists(), _NoCertificates())

    async def close(self) -> None:
        return None


def responder_of(url: str) -> str:
    """Where to ask when a certificate names `url`: only a configured responder, else nowhere ("")."""
    return str(settings.OCSP_URLS.get(url, ""))
