#!/usr/bin/env bash
# A CloudEvent with a Vietnamese subject, sent in binary mode from Python to JavaScript.
#
# Guess: the two official libraries understand each other: the HTTP binding has attributes percent-encoded in headers
#   (1.0.2, section 3.1.3.2), so the receiver reads "Hồ sơ 1" again.
# Seen: cloudevents 2.2.0 for Python encodes; cloudevents 10.0.0 for JavaScript neither decodes nor encodes. It reads
#   the subject as "H%E1%BB%93%20s%C6%A1%201", and a Vietnamese one that it sends itself is refused by Node's own http
#   as an invalid header. In structured mode all is well.
# Why it matters: a subscriber that routes by subject never finds the dossier, and a system in JavaScript cannot send
#   one at all.
# What we do instead: what is said of a dossier stands in the JSON body of a call; its headers hold a number, a time, a
#   signature and nothing in Vietnamese.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check cloudevents==2.2.0
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
"$dir/env/bin/python" - >"$dir/headers.json" <<'PY'
import json

from cloudevents.core.bindings.http import to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

attributes = {"id": "1", "source": "/shop", "specversion": "1.0", "type": "settled", "subject": "Hồ sơ 1"}
print(json.dumps(to_binary(CloudEvent(attributes=attributes, data={}), JSONFormat()).headers))
PY
cat >"$dir/try.cjs" <<'JS'
const http = require("node:http");
const { readFileSync } = require("node:fs");
const { CloudEvent, HTTP } = require("cloudevents");

const headers = JSON.parse(readFileSync(`${__dirname}/headers.json`, "utf8"));
const received = HTTP.toEvent({ headers: { "content-type": "application/json", ...headers }, body: "{}" }).subject;
const own = HTTP.binary(new CloudEvent({ source: "/shop", type: "settled", subject: "Hồ sơ 1", data: {} }));
let refused = "nothing";
try {
  http.request({ headers: own.headers }).on("error", () => {}).destroy();
} catch (error) {
  refused = error.code;
}
console.log("cloudevents 2.2.0 (Python), cloudevents 10.0.0 (JavaScript)");
console.log('guess: "Hồ sơ 1" is read; sending is refused by nothing');
console.log(`seen:  ${JSON.stringify(received)} is read; sending is refused by ${refused}`);
if (received !== "H%E1%BB%93%20s%C6%A1%201" || refused !== "ERR_INVALID_CHAR") throw new Error("the behaviour has changed");
JS
node "$dir/try.cjs"
