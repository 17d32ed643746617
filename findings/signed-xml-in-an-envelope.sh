#!/usr/bin/env bash
# A signed XML document put into a SOAP envelope.
#
# Guess: an enveloped signature covers its own document: it verifies as well inside an envelope that leaves it
#   untouched.
# Seen: signxml 5.2.0 signs with inclusive canonicalisation unless told otherwise, and inside an element that declares
#   a prefix (as every SOAP envelope does) the same bytes no longer verify. With the exclusive algorithm they do.
# Why it matters: dossiers and results travel in envelopes between state systems, and the receiver would refuse each.
# What we do instead: calls are signed over their bytes; receipts are signed with exclusive canonicalisation and tested
#   in an envelope (papers/signing/data.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check signxml==5.2.0 lxml==6.1.3 cryptography==50.0.2
"$dir/env/bin/python" - <<'PY'
import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner, XMLVerifier, methods
from signxml.exceptions import InvalidSignature

key, now = rsa.generate_private_key(65537, 2048), datetime.datetime.now(datetime.timezone.utc)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "demo")])
made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
made = made.not_valid_before(now).not_valid_after(now + datetime.timedelta(30)).sign(key, hashes.SHA256())
certificate = made.public_bytes(serialization.Encoding.PEM)
ENVELOPE = b'<s:Envelope xmlns:s="urn:soap"><s:Body>%s</s:Body></s:Envelope>'


def verifies(element):
    """Say whether a signed element verifies against our certificate."""
    try:
        XMLVerifier().verify(element, x509_cert=certificate)
    except InvalidSignature:
        return False
    return True


def tried(algorithm):
    """Sign a document; verify it alone and in an envelope."""
    signer = XMLSigner(method=methods.enveloped, **({"c14n_algorithm": algorithm} if algorithm else {}))
    signed = signer.sign(etree.fromstring('<hoSo xmlns="urn:a"><ma>261129-0001</ma></hoSo>'), key=key, cert=certificate)
    data = etree.tostring(signed)
    return verifies(etree.fromstring(data)), verifies(etree.fromstring(ENVELOPE % data)[0][0])


default, exclusive = tried(None), tried(CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
print("signxml 5.2.0")
print("guess: verifies alone and in the envelope")
print("seen:  default", default, "exclusive", exclusive)
sys.exit(0 if (default, exclusive) == ((True, False), (True, True)) else "the behaviour has changed")
PY
