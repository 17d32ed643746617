#!/usr/bin/env bash
# A long-term (PAdES LTA) signature without a timestamp service.
#
# Guess: asked for LTA, a signer without a timestamp service refuses: the last A is the archive's timestamp.
# Seen: pyHanko 0.38.0 signs, without a word about the missing service. The result has the certificates' data (/DSS)
#   but no document timestamp, so it is no LTA, and its time is the signer's own clock.
# Why it matters: results are kept for decades; what cannot be proven after the certificate ends is noticed then.
# What we do instead: digitization/signing/sign.py refuses a long-term signature without a time-stamping service, and
#   what a signature is worth is read from the signed file.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyhanko==0.38.0 cryptography==50.0.2 reportlab==5.0.0
"$dir/env/bin/python" - <<'PY'
import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID


def key_file(name):
    """Give a made-up person's key and certificate, the password being "demo"."""
    key, now = rsa.generate_private_key(65537, 2048), datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(30))
    signing = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = made.add_extension(signing, True).sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(b"demo", key, certificate, None, BestAvailableEncryption(b"demo"))


import io
import sys

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator import ValidationContext
from reportlab.pdfgen.canvas import Canvas

signer = signers.SimpleSigner.load_pkcs12_data(key_file("Nguyen Van An"), [], b"demo")
page = io.BytesIO()
canvas = Canvas(page)
canvas.drawString(50, 700, "x")
canvas.save()
wanted = signers.PdfSignatureMetadata(
    field_name="Signature1",
    subfilter=SigSeedSubFilter.PADES,
    use_pades_lta=True,
    embed_validation_info=True,
    validation_context=ValidationContext(trust_roots=[signer.signing_cert]),
)
signed = signers.PdfSigner(wanted, signer).sign_pdf(IncrementalPdfFileWriter(page))  # no timestamper
document = PdfFileReader(signed)
stamps, data = len(document.embedded_timestamp_signatures), "/DSS" in document.root
print("pyHanko 0.38.0")
print("guess: an error that asks for a timestamp service")
print(f"seen:  signed; validation data {data}, document timestamps {stamps}")
sys.exit(0 if data and stamps == 0 else "the behaviour has changed")
PY
