"""The certificates that are trusted: those in the folder `SIGNATURE_TRUST_ROOTS` (PEM or DER), and no others."""

from pathlib import Path

from asn1crypto import x509
from django.conf import settings
from pyhanko.keys import load_certs_from_pemder

_ENDINGS = {".pem", ".crt", ".cer", ".der"}


def trust_roots() -> list[x509.Certificate]:
    """Read anew each time: an operator who adds one need not restart anything."""
    folder = Path(settings.SIGNATURE_TRUST_ROOTS)
    if not folder.is_dir():
        return []
    files = sorted(str(file) for file in folder.iterdir() if file.suffix.lower() in _ENDINGS)
    return list(load_certs_from_pemder(files))
