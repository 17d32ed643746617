#!/usr/bin/env bash
# An electronic receipt (biên lai) signed in Python and checked in JavaScript.
#
# Guess: an XML signature made with the defaults of one well-known library can be checked by another.
# Seen: signxml 5.2.0 canonicalises by Canonical XML 1.1 unless told otherwise, which xml-crypto 6.3.2 does not have:
#   "canonicalization algorithm ... is not supported". With exclusive canonicalisation, which both have, it is checked.
# Why it matters: the receipt is sound, every Python tool says so, and the receiver's gateway turns it away.
# What we do instead: receipts are signed with exclusive canonicalisation, which all have (papers/signing/data.py; they had
#   the library's default before, and have a test now).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check signxml==5.2.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts xml-crypto@6.3.2 @xmldom/xmldom@0.9.12
"$dir/env/bin/python" - "$dir" <<'PY'
import sys
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, XMLSigner

folder = Path(sys.argv[1])
key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Made up for this script")])
begin = datetime(2026, 1, 1)
made = x509.CertificateBuilder(name, name, key.public_key(), 5, begin, begin + timedelta(days=7300))
pem = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
(folder / "cert.pem").write_bytes(pem)
receipt = '<HDon><DLHDon Id="data"><Ten>Công ty A</Ten></DLHDon></HDon>'
exclusive = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
for file, options in {"default.xml": {}, "exclusive.xml": {"c14n_algorithm": exclusive}}.items():
    signed = XMLSigner(**options).sign(etree.fromstring(receipt), key=key, cert=pem.decode(), reference_uri="#data")
    (folder / file).write_bytes(etree.tostring(signed))
PY
cat >"$dir/check.cjs" <<'JS'
const { readFileSync } = require("node:fs");
const { DOMParser } = require("@xmldom/xmldom");
const { SignedXml } = require("xml-crypto");

const verdict = (file) => {
  const xml = readFileSync(`${__dirname}/${file}`, "utf8");
  const found = new DOMParser().parseFromString(xml, "text/xml");
  const check = new SignedXml({ publicCert: readFileSync(`${__dirname}/cert.pem`, "utf8") });
  try {
    check.loadSignature(found.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")[0]);
    return String(check.checkSignature(xml));
  } catch (error) {
    return error.message;
  }
};
console.log("signxml 5.2.0 checked by xml-crypto 6.3.2");
console.log("guess: true, true");
const seen = ["default.xml", "exclusive.xml"].map(verdict);
console.log(`seen:  by default: ${seen[0]}\nseen:  exclusive: ${seen[1]}`);
if (!seen[0].includes("not supported") || seen[1] !== "true") throw new Error("the behaviour has changed");
JS
node "$dir/check.cjs"
