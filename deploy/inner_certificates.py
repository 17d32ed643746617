"""The certificates by which the containers of docker-compose.yml know each other: an authority of this machine's own,
and one certificate for PostgreSQL, Valkey and the web server.

    python deploy/inner_certificates.py FOLDER [SERVICE=USER …]

Run before the servers start, each time. The first run makes the authority; later ones keep what is good for another
`RENEW_DAYS` and make the rest anew. A server shows its new certificate from its next start on, and whoever connects
believes the authority of before as well until it ends, so nothing has to be restarted at the same moment.
FOLDER/authority holds the authority's key and is shown to nobody else; FOLDER/public what those who connect believe;
FOLDER/<service> certificate and key of one server. With USER (a name or a number) its files belong to it.
"""

from __future__ import annotations

import os
import pwd
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SERVICES = ("postgres", "valkey", "web")
# Nobody but these containers believes the authority; a portal that stops for want of a new certificate is the danger.
AUTHORITY_DAYS, SERVER_DAYS, RENEW_DAYS = 3650, 1825, 365
Authority = tuple[x509.Certificate, CertificateIssuerPrivateKeyTypes]


def keep_certificates(folder: Path, owners: dict[str, str]) -> list[str]:
    """Makes what is missing or ends soon; returns what was made."""
    made = []
    authority = kept_certificate(folder / "authority")
    public = folder / "public" / "ca.pem"
    if authority is None:
        authority = _make_authority()
        _write(folder / "authority", *authority, owner="")
        made.append("authority")
    _publish(public, authority[0])
    for service in SERVICES:
        kept = kept_certificate(folder / service)
        if kept is None or kept[0].issuer != authority[0].subject or not _signed_by(authority[0], kept[0]):
            kept = _make_server(service, authority)
            made.append(service)
        _write(folder / service, *kept, owner=owners.get(service, ""))
    return made


def _publish(file: Path, authority: x509.Certificate) -> None:
    """The authority, and those before it that have not ended."""
    file.parent.mkdir(exist_ok=True)
    file.parent.chmod(0o755)
    try:
        known = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        known = []
    former = [each for each in known if each != authority and each.not_valid_after_utc > datetime.now(UTC)]
    _replace(file, b"".join(_pem(each) for each in (authority, *former)), 0o644)


def kept_certificate(folder: Path) -> Authority | None:
    """The certificate and key of a folder, unless they are missing, broken or end soon."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / "cert.pem").read_bytes())
        key = serialization.load_pem_private_key((folder / "key.pem").read_bytes(), None)
    except (OSError, ValueError):
        return None
    if certificate.not_valid_after_utc < datetime.now(UTC) + timedelta(days=RENEW_DAYS):
        return None
    return (certificate, key) if isinstance(key, ec.EllipticCurvePrivateKey) else None


def _signed_by(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except Exception:  # noqa: BLE001 (whatever is wrong with it, it is made anew)
        return False
    return True


def _make_authority() -> Authority:
    # A name of its own each time, so that certificates of an earlier one are told from it.
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"OSS Portal, inner authority {x509.random_serial_number():x}"[:64])]
    )
    key = ec.generate_private_key(ec.SECP256R1())
    made = _begun(name, name, key, AUTHORITY_DAYS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(signs_certificates=True), critical=True)
    return made.sign(key, hashes.SHA256()), key


def _make_server(service: str, authority: Authority) -> Authority:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, service)])
    key = ec.generate_private_key(ec.SECP256R1())
    # The service by the name that others know; its own health check by those of the machine.
    names = [x509.DNSName(service), x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = _begun(name, authority[0].subject, key, SERVER_DAYS, until=authority[0].not_valid_after_utc)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    made = made.add_extension(_usage(signs_certificates=False), critical=True)
    return made.sign(authority[1], hashes.SHA256()), key


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int, *, until: datetime | None = None
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    end = now + timedelta(days=days)
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    return made.not_valid_before(now - timedelta(hours=1)).not_valid_after(min(end, until or end))


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(folder: Path, certificate: x509.Certificate, key: CertificateIssuerPrivateKeyTypes, *, owner: str) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for name, text in (("cert.pem", _pem(certificate)), ("key.pem", private)):
        file = folder / name
        _replace(file, text, 0o600)
        if owner:
            os.chown(file, *_numbers(owner))
    if owner:
        os.chown(folder, *_numbers(owner))


def _replace(file: Path, text: bytes, mode: int) -> None:
    """Never half written, and never readable by others in between."""
    if not (file.exists() and file.read_bytes() == text):
        fresh = file.with_name(f".{file.name}")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        fresh.write_bytes(text)
        fresh.replace(file)
    file.chmod(mode)


def _numbers(owner: str) -> tuple[int, int]:
    number = int(owner) if owner.isdigit() else pwd.getpwnam(owner).pw_uid
    return number, number


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def main() -> int:
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    made = keep_certificates(Path(sys.argv[1]), dict(each.split("=", 1) for each in sys.argv[2:]))
    print(f"made: {', '.join(made)}" if made else "all certificates are good")
    return 0


if __name__ == "__main__":
    sys.exit(main())
