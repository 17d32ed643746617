#!/usr/bin/env bash
# A refund in đồng, written as an ISO 20022 payment order.
#
# Guess: iso20022.js 0.0.15 takes amounts in the currency's smallest unit; đồng have no smaller one, so 500000 is written
#   as 500000.
# Seen: it writes <InstdAmt Ccy="VND">5000</InstdAmt>: every currency is taken to have hundredths. The file is valid.
# Why it matters: a citizen would get back a hundredth of the fee, and the bank has no reason to refuse the order.
# What we do instead: amounts are whole đồng wherever they are kept or sent (vietnam/money.py); no payment orders are
#   written for a bank: a refund is asked of the provider that collected, or made from a paper that says the sum in
#   words too (payments/refund_papers.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts iso20022.js@0.0.15
cat >"$dir/try.mjs" <<'JS'
import { createRequire } from "node:module";

// Its build for import asks for a global require.
globalThis.require = createRequire(import.meta.url);
const { ISO20022 } = await import("iso20022.js");
const agent = { bic: "BFTVVNVX", bankAddress: { country: "VN" } };
const payer = { name: "So Tu phap", id: "0100000000", account: { accountNumber: "0011001234567", currency: "VND" }, agent };
const address = { streetName: "Le Loi", buildingNumber: "5", townName: "Ha Noi", countrySubDivision: "HN", postalCode: "100000", country: "VN" };
const order = {
  type: "swift",
  direction: "credit",
  amount: 500000,
  currency: "VND",
  creditor: { name: "Dang Thi Uom", account: { accountNumber: "0021007654321" }, agent, address },
  remittanceInformation: "Hoan le phi",
};
const document = new ISO20022({ initiatingParty: payer }).createSWIFTCreditPaymentInitiation([order]);
const amount = /<InstdAmt[^>]*>[^<]*<\/InstdAmt>/.exec(document.serialize())[0];
console.log("iso20022.js 0.0.15");
console.log('guess: <InstdAmt Ccy="VND">500000</InstdAmt>');
console.log("seen: ", amount);
if (amount !== '<InstdAmt Ccy="VND">5000</InstdAmt>') throw new Error("the behaviour has changed");
JS
node "$dir/try.mjs"
