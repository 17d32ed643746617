#!/usr/bin/env bash
# A timetable said in Vietnamese.
#
# Guess: the libraries that put a cron line into words say the same in Vietnamese as in English, and in Vietnamese only.
# Seen: cron-descriptor 2.2.1 says "từ Monday đến Friday" for a working week, and for the working day nearest the first
#   of the month (1W) "ngày đầu tiên của tuần": the first day of the week. cronstrue 3.39.0 says "vào 1 ngày trong
#   tháng" (on one day of the month) for the first of the month, and "hơn Thứ 2" (more than Monday) for "or on Monday".
# Why it matters: an administrator who reads when reports are sent or records are closed is told another day.
# What we do instead: nobody types a cron line or is shown one: the portal's repeated work is in one table of the code
#   (oss_portal/timetable.py), and what people choose are days and times.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check cron-descriptor==2.2.1
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts cronstrue@3.39.0
"$dir/env/bin/python" - "$dir" <<'PY'
import json
import subprocess
import sys

from cron_descriptor import ExpressionDescriptor, Options

NOTED = {
    "0 8 * * 1-5": ("Tại 08:00, từ Monday đến Friday", "Vào 08:00, Thứ 2 đến Thứ 6"),
    "0 8 1W * *": ("Tại 08:00, vào ngày đầu tiên của tuần của tháng", "Vào 08:00, vào ngày làm việc đầu tiên của tháng"),
    "0 0 1 * *": ("Tại 00:00, vào ngày 1 của mỗi tháng", "Vào 00:00, vào 1 ngày trong tháng"),
    "0 8 1-7 * 1": (None, "Vào 08:00, giữa ngày 1 và 7 trong tháng, và hơn Thứ 2"),
}
script = 'const c = require("cronstrue/i18n"), o = { locale: "vi", use24HourTimeFormat: true };'
script += "console.log(JSON.stringify(JSON.parse(process.argv[1]).map((line) => c.toString(line, o))))"
told = json.loads(subprocess.check_output(["node", "-e", script, json.dumps(list(NOTED))], cwd=sys.argv[1]))
options = Options()
options.locale_code = "vi_VN"
options.use_24hour_time_format = True
print("cron-descriptor 2.2.1, cronstrue 3.39.0")
print("guess: Vietnamese sentences that say what the line says")
as_noted = True
for (line, (one, other)), second in zip(NOTED.items(), told, strict=True):
    first = ExpressionDescriptor(line, options).get_description() if one else None
    print(f"seen:  {line}: {first}" if one else f"seen:  {line}:", "|", second)
    as_noted &= first == one and second == other
sys.exit(0 if as_noted else "the behaviour has changed")
PY
