#!/usr/bin/env bash
# A PDF signed with the key of somebody whose name has accents.
#
# Guess: a PKCS#12 file that opens signs, and the signature names the certificate in it.
# Seen: @signpdf/signpdf 3.3.0 with signer-p12 3.3.0 (npm) writes the issuer's name into the signature a second time
#   encoded (Nguyễn becomes "Nguyá»…n"), so that it names another certificate than the one enclosed. pyHanko 0.38.0
#   refuses it: signer certificate not included. With a name in ASCII it is intact and valid.
# Why it matters: names of Vietnamese certificates and of their issuers have accents.
# What we do instead: we sign with pyHanko (digitization/signing/), and our tests' signers have accented names.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyhanko==0.38.0 cryptography==50.0.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @signpdf/signpdf@3.3.0 @signpdf/signer-p12@3.3.0 @signpdf/placeholder-plain@3.3.0 @signpdf/utils@3.3.0 node-forge@1.4.3 pdf-lib@1.17.1
"$dir/env/bin/python" - "$dir" <<'PY'
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


import logging
import subprocess
import sys
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError

logging.disable(logging.CRITICAL)
folder = Path(sys.argv[1])
(folder / "try.mjs").write_text("""
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const { SignPdf } = require("@signpdf/signpdf");
const { P12Signer } = require("@signpdf/signer-p12");
const { plainAddPlaceholder } = require("@signpdf/placeholder-plain");
const { PDFDocument } = require("pdf-lib");
const document = await PDFDocument.create();
document.addPage();
const page = Buffer.from(await document.save({ useObjectStreams: false }));
const text = { reason: "-", contactInfo: "-", name: "-", location: "-" };
const signer = new P12Signer(readFileSync(process.argv[2]), { passphrase: "demo" });
writeFileSync(process.argv[3], await new SignPdf().sign(plainAddPlaceholder({ pdfBuffer: page, ...text }), signer));
""")


def verdict(name):
    """Sign with @signpdf, judge with pyHanko."""
    (folder / "key.p12").write_bytes(key_file(name))
    subprocess.run(["node", folder / "try.mjs", folder / "key.p12", folder / "signed.pdf"], check=True)
    with (folder / "signed.pdf").open("rb") as file:
        try:
            status = validate_pdf_signature(PdfFileReader(file, strict=False).embedded_signatures[0])
        except SignatureValidationError as error:
            return str(error)
    return "intact and valid" if status.intact and status.valid else "broken"


plain, accented = verdict("Nguyen Van An"), verdict("Nguyễn Văn An")
print("@signpdf/signpdf 3.3.0, @signpdf/signer-p12 3.3.0, pyHanko 0.38.0")
print("guess: intact and valid, twice")
print("seen:  Nguyen Van An:", plain)
print("seen:  Nguyễn Văn An:", accented)
sys.exit(0 if plain == "intact and valid" and "not included" in accented else "the behaviour has changed")
PY
