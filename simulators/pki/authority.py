"""The authority: its root, and the certificates it gives to made-up people and agencies."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
YEARS = timedelta(days=3 * 365)


class Authority:
    """A root key with its certificate. `ocsp_url`: what its certificates name as their responder; empty for none."""

    def __init__(self, key: Key, certificate: x509.Certificate, ocsp_url: str = "") -> None:
        self.key, self.certificate, self.ocsp_url = key, certificate, ocsp_url

    @classmethod
    def made(cls, name: str = "CA trình diễn (không có giá trị)", ocsp_url: str = "") -> Authority:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(name), _name(name), key.public_key(), datetime.now(UTC) - YEARS, 4 * YEARS)
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        builder = builder.add_extension(_usage(crl_sign=True, key_cert_sign=True), critical=True)
        return cls(key, builder.sign(key, hashes.SHA256()), ocsp_url)

    @classmethod
    def kept_in(cls, folder: Path, ocsp_url: str = "") -> Authority:
        """The one of the folder, made when there is none."""
        file = folder / "authority.pem"
        if not file.exists():
            made = cls.made(ocsp_url=ocsp_url)
            folder.mkdir(parents=True, exist_ok=True)
            pem = made.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
                kept.write(pem + made.root_pem)
        content = file.read_bytes()
        key = serialization.load_pem_private_key(content, None)
        assert isinstance(key, Key)
        return cls(key, x509.load_pem_x509_certificate(content), ocsp_url)

    @property
    def root_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self, name: str, *, since: datetime | None = None, lasting: timedelta = YEARS, for_time_stamps: bool = False
    ) -> tuple[Key, x509.Certificate]:
        """A key with its certificate: to sign documents, or to stamp times."""
        key: Key = ec.generate_private_key(ec.SECP256R1())
        if for_time_stamps:
            key = rsa.generate_private_key(65537, 2048)  # what pyHanko's stamper signs with
        begins = since or datetime.now(UTC) - timedelta(hours=1)
        builder = _builder(_name(name), self.certificate.subject, key.public_key(), begins, lasting)
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        builder = builder.add_extension(
            _usage(digital_signature=True, content_commitment=not for_time_stamps), critical=True
        )
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        )
        if for_time_stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        if self.ocsp_url:
            place = x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.ocsp_url)
            )
            builder = builder.add_extension(x509.AuthorityInformationAccess([place]), critical=False)
        return key, builder.sign(self.key, hashes.SHA256())

    def as_pkcs12(self, name: str, passphrase: str, **given: object) -> tuple[bytes, x509.Certificate]:
        """(PKCS#12 file, its certificate) of a new key."""
        key, certificate = self.issue(name, **given)  # type: ignore[arg-type]
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(
            name.encode(), key, certificate, [self.certificate], locked
        ), certificate


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    since: datetime,
    lasting: timedelta,
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number(), since, since + lasting)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _name(name: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
    )


def _usage(**wanted: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})
