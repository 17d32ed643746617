#!/usr/bin/env bash
# The creation time of a VNPAY request on a server in Vietnam.
#
# Guess: vnp_CreateDate is Vietnam's time wherever the server stands.
# Seen: vnpay 2.5.0 (npm) adds seven hours to the process's local time. Under TZ=UTC the date is right; under
#   Asia/Ho_Chi_Minh, the zone of every server in Vietnam, it lies seven hours ahead.
# Why it matters: payments made after 17:00 are dated on the next day, and a reconciliation by date misses them.
# What we do instead: times in messages to others are written from aware instants in a named zone, never from the
#   process's local time.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts vnpay@2.5.0
cat >"$dir/try.mjs" <<'JS'
import { VNPay, ignoreLogger } from "vnpay";

const client = new VNPay({
  tmnCode: "DEMO0001",
  secureSecret: "0123456789ABCDEF0123456789ABCDEF",
  vnpayHost: "https://gateway.example",
  enableLog: false,
  loggerFn: ignoreLogger,
});
const url = client.buildPaymentUrl({
  vnp_Amount: 50000,
  vnp_IpAddr: "127.0.0.1",
  vnp_TxnRef: "HS0001",
  vnp_OrderInfo: "HS 0001",
  vnp_OrderType: "other",
  vnp_ReturnUrl: "https://portal.example/return",
});
const [, y, mo, d, h, mi, s] = /(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(new URL(url).searchParams.get("vnp_CreateDate"));
const ahead = Math.round((Date.UTC(y, mo - 1, d, h, mi, s) - 7 * 3_600_000 - Date.now()) / 3_600_000);
console.log(`seen:  TZ=${process.env.TZ}: ${ahead} hours ahead of Vietnam's clock`);
if (ahead !== Number(process.env.NOTED)) throw new Error("the behaviour has changed");
JS
echo "vnpay 2.5.0"
echo "guess: 0 hours ahead under either zone"
TZ=UTC NOTED=0 node "$dir/try.mjs"
TZ=Asia/Ho_Chi_Minh NOTED=7 node "$dir/try.mjs"
