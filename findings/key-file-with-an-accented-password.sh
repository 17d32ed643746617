#!/usr/bin/env bash
# A digital certificate's key file (.p12) with the password "Mật khẩu 1".
#
# Guess: whoever opens the file opens it with an accented password too, in the old encryption and in the present one.
# Seen: node-forge 1.4.3 opens the file with triple DES, and fails with AES ("Failed to decrypt PKCS#12 SafeContents"); with the
#   password Matkhau1 it opens both. The old scheme takes the password in UTF-16, the present one (PBES2) in UTF-8, and forge gives
#   the letters as they are. Node's own tls and cryptography 50.0.2 open all four.
# Why it matters: signing in the browser goes through it; the owner of the certificate is told that the password is wrong,
#   after the day on which the authority's program went over to AES.
# What we do instead: keys stay on tokens and in the authority's signing service; the server opens none in a browser
#   (papers/signing/).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check cryptography==50.0.2
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts node-forge@1.4.3
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID

folder = Path(sys.argv[1])
key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Made up for this script")])
builder = x509.CertificateBuilder(name, name, key.public_key(), 5, datetime(2026, 1, 1), datetime(2046, 1, 1))
certificate = builder.sign(key, hashes.SHA256())
SCHEMES = {
    "triple DES": (pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC, hashes.SHA1()),
    "AES": (pkcs12.PBES.PBESv2SHA256AndAES256CBC, hashes.SHA256()),
}
script = """
const forge = require("node-forge");
const pfx = require("node:fs").readFileSync("key.p12");
const passphrase = process.argv[1];
const tried = (open) => {
  try {
    open();
    return "opened";
  } catch (error) {
    return error.message;
  }
};
console.log(JSON.stringify([
  tried(() => forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(pfx.toString("binary")), passphrase)),
  tried(() => require("node:tls").createSecureContext({ pfx, passphrase })),
]));
"""
print("node-forge 1.4.3, cryptography 50.0.2\nguess: opened, each of the four by each of the three")
seen = {}
for scheme, (kind, mac) in SCHEMES.items():
    for password in ("Matkhau1", "Mật khẩu 1"):
        way = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(2048).key_cert_algorithm(kind).hmac_hash(mac)
        made = pkcs12.serialize_key_and_certificates(b"key", key, certificate, None, way.build(password.encode()))
        (folder / "key.p12").write_bytes(made)
        forge, tls = json.loads(subprocess.check_output(["node", "-e", script, password], cwd=folder))
        pkcs12.load_pkcs12(made, password.encode())
        seen[scheme, password] = forge, tls
        print(f"seen:  {scheme}, {password}: forge: {forge}; Node: {tls}; cryptography: opened")
failed = [case for case, (forge, _tls) in seen.items() if forge != "opened"]
as_noted = failed == [("AES", "Mật khẩu 1")] and all(tls == "opened" for _forge, tls in seen.values())
sys.exit(0 if as_noted else "the behaviour has changed")
PY
