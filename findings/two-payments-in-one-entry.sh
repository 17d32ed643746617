#!/usr/bin/env bash
# A bank's notification (camt.054) that books two payments as one entry.
#
# Guess: a reader gives both payments of the batch, 500000 for HS0001 and 1000000 for HS0002: each has its own amount and
#   reference (TxDtls) in the file.
# Seen: bankstatementparser 0.0.29 gives one payment of 1500000 with the reference HS0001; the second is seen only in a purpose that runs
#   both together. camt053 0.0.23 gives both references, without their amounts.
# Why it matters: banks book what comes in by one channel in a batch; one dossier is paid too much by the amount of the other,
#   which stays unpaid.
# What we do instead: transactions of an entry are read one by one where their amounts add up to the entry's, by ourselves
#   (payments/statements/camt053.py).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check bankstatementparser==0.0.29 camt053==0.0.23
cat >"$dir/paid.xml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-30T11:00:00+07:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>2026-11-30T11:00:00+07:00</CreDtTm>
<Acct><Id><Othr><Id>0011001234567</Id></Othr></Id><Ccy>VND</Ccy></Acct>
<Ntry><NtryRef>E1</NtryRef><Amt Ccy="VND">1500000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-11-30</Dt></BookgDt><BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd><NtryDtls>
<Btch><NbOfTxs>2</NbOfTxs></Btch>
<TxDtls><Refs><EndToEndId>HS0001</EndToEndId></Refs><Amt Ccy="VND">500000</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RmtInf><Ustrd>LE PHI HS0001</Ustrd></RmtInf></TxDtls>
<TxDtls><Refs><EndToEndId>HS0002</EndToEndId></Refs><Amt Ccy="VND">1000000</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RmtInf><Ustrd>LE PHI HS0002</Ustrd></RmtInf></TxDtls>
</NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
XML
"$dir/env/bin/python" - "$dir/paid.xml" <<'PY'
import sys
from dataclasses import asdict
from pathlib import Path

import bankstatementparser
import camt053

path = sys.argv[1]
rows = bankstatementparser.Camt054Parser(path).parse().to_dict("records")
one = [(int(row["Amount"]), row["EndToEndId"], row["Reference"]) for row in rows]
(entry,) = camt053.parse_document(Path(path).read_text()).statements[0].entries
other = [detail.end_to_end_id for detail in entry.details]
amounts = any("amount" in name for name in asdict(entry.details[0]))
print("bankstatementparser 0.0.29, camt053 0.0.23")
print("guess: 500000 for HS0001 and 1000000 for HS0002")
print("seen:  bankstatementparser:", one)
print(f"seen:  camt053: {entry.amount} for {other}, amounts of the two", "given" if amounts else "not given")
as_noted = [row[:2] for row in one] == [(1_500_000, "HS0001")] and "HS0002" in one[0][2]
sys.exit(0 if as_noted and other == ["HS0001", "HS0002"] and not amounts else "the behaviour has changed")
PY
