#!/usr/bin/env bash
# Hours of a reception desk in the notation of OpenStreetMap: "Mo-Fr 07:30-11:30,13:30-17:00; PH off".
#
# Guess: with Vietnam as the country, "PH off" closes the desk on the days off by law: New Year, the five days of Tết, the
#   Hùng Kings' day, 30 April, 1 May, and two days about 2 September.
# Seen: opening_hours 3.15.0 (JavaScript) and opening-hours-py 2.1.4 (Python) know the holidays of fixed days only. On
#   the first working day of Tết and on the Hùng Kings' day, which follow the moon, the desk is open, and on the second day of
#   September's holiday, too. No warning; without a country the Python library closes it on no day at all.
# Why it matters: maps and assistants that read such hours send people to closed doors in the week when most is closed.
# What we do instead: a desk's hours are shown with its own calendar, in which days off and exchanged days are data.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts opening_hours@3.15.0
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check opening-hours-py==2.1.4
cat >"$dir/try.mjs" <<'JS'
import OpeningHours from "opening_hours";

const place = { lat: 21.18, lon: 106.07, address: { country_code: "vn", country: "Vietnam", state: "Bắc Ninh" } };
const hours = new OpeningHours("Mo-Fr 07:30-11:30,13:30-17:00; PH off", place);
console.log(process.argv.slice(2).map((day) => (hours.getState(new Date(`${day}T09:00`)) ? "open" : "closed")).join(" "));
JS
cat >"$dir/try.py" <<'PY'
import sys
from datetime import datetime

from opening_hours import OpeningHours

hours = OpeningHours("Mo-Fr 07:30-11:30,13:30-17:00; PH off", country="VN")
print(*("open" if hours.is_open(datetime.fromisoformat(f"{day}T09:00")) else "closed" for day in sys.argv[1:]))
PY
# An ordinary Monday; then New Year, Tết, the Hùng Kings, 30 April, 2 September and the day after it, of 2027.
days="2027-03-15 2027-01-01 2027-02-08 2027-04-16 2027-04-30 2027-09-02 2027-09-03"
browser=$(node "$dir/try.mjs" $days)
server=$("$dir/venv/bin/python" "$dir/try.py" $days)
echo "opening_hours 3.15.0, opening-hours-py 2.1.4; at 09:00 on $days"
echo "guess: open closed closed closed closed closed closed"
echo "seen:  $browser"
echo "seen:  $server"
expected="open closed open open closed closed open"
[ "$browser" = "$expected" ] && [ "$server" = "$expected" ] || { echo "the behaviour has changed" >&2; exit 1; }
