#!/usr/bin/env bash
# A XAdES signature with exclusive canonicalisation, checked by the library that made it.
#
# Guess: signxml verifies what signxml has just signed, whichever of its canonicalisations was asked for.
# Seen: with signxml 5.2.0 XAdESSigner(c14n_algorithm=exclusive) makes a signature that XAdESVerifier refuses as changed.
#   The signer digests the signed properties and the key in the form asked for, but writes no Transform that says so, and
#   a reference without one is read as inclusive. With the plain XMLSigner, and with XAdES by default, all is well.
# Why it matters: exclusive canonicalisation is what makes a signed receipt hold inside the envelope of a state system; who
#   turns it on hands out receipts that nobody can verify.
# What we do instead: papers/signing/data.py adds the missing Transforms while it signs; a test verifies the result
#   within an envelope.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check signxml==5.2.0
"$dir/env/bin/python" - <<'PY'
import sys
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod
from signxml.exceptions import InvalidSignature
from signxml.xades import XAdESSigner, XAdESVerifier

key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Made up for this script")])
begin = datetime(2026, 1, 1)
made = x509.CertificateBuilder(name, name, key.public_key(), 5, begin, begin + timedelta(days=7300))
certificate = made.sign(key, hashes.SHA256())


def verdict(**options):
    receipt = etree.fromstring('<Receipt><Content Id="content">Biên lai</Content></Receipt>')
    signed = XAdESSigner(**options).sign(receipt, key=key, cert=[certificate], reference_uri="#content")
    try:
        XAdESVerifier().verify(etree.fromstring(etree.tostring(signed)), x509_cert=certificate)
    except InvalidSignature as error:
        return f"{type(error).__name__}: {error}"
    return "verified"


print("signxml 5.2.0, XAdES")
print("guess: verified, verified")
seen = [verdict(), verdict(c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)]
print(f"seen:  by default: {seen[0]}\nseen:  exclusive: {seen[1]}")
sys.exit(0 if seen[0] == "verified" and seen[1].startswith("InvalidDigest") else "the behaviour has changed")
PY
