#!/usr/bin/env bash
# Accents in the purpose of a VietQR.
#
# Guess: a purpose with accents is read by every reader, or by none.
# Seen: vietnam-qr-pay 1.5.1 (npm) writes the code and reads it back. emvco-qr-sdk 1.0.0 reads its code; promptparse
#   1.6.0 in strict mode computes another checksum and gives null, and without strict mode reads it.
# Why it matters: whether a code works would depend on the citizen's bank.
# What we do instead: purposes are ASCII: a short reference and the dossier's code.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts vietnam-qr-pay@1.5.1 emvco-qr-sdk@1.0.0 promptparse@1.6.0
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";
import * as emvco from "emvco-qr-sdk";
import { parse } from "promptparse";

const { QRPay } = createRequire(import.meta.url)("vietnam-qr-pay");
const read = (purpose) => {
  const code = QRPay.initVietQR({ bankBin: "970436", bankNumber: "0011001234567", amount: "50000", purpose }).build();
  return {
    "vietnam-qr-pay": new QRPay(code).isValid,
    "emvco-qr-sdk": emvco.parseQR(code, { parseMode: emvco.QRParseMode.RAW_OBJECT })["62"]["08"] === purpose,
    promptparse: parse(code, true)?.getTagValue("62", "08") === purpose,
    "promptparse, not strict": parse(code, false)?.getTagValue("62", "08") === purpose,
  };
};
console.log("vietnam-qr-pay 1.5.1, emvco-qr-sdk 1.0.0, promptparse 1.6.0");
console.log("guess: the same answers with and without accents");
const plain = read("Nop le phi");
const accented = read("Nộp lệ phí");
console.log("seen:  without accents:", JSON.stringify(plain));
console.log("seen:  with accents:   ", JSON.stringify(accented));
const good = Object.values(plain).every(Boolean) && accented["vietnam-qr-pay"] && accented["emvco-qr-sdk"];
if (!good || accented.promptparse || !accented["promptparse, not strict"]) throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
