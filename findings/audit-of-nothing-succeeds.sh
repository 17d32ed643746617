#!/usr/bin/env bash
# An audit of a lock file whose only package the advisory service knows nothing of.
#
# Guess: an audit that could ask about none of the packages ends with an error.
# Seen: pip-audit 2.10.1 says "No known vulnerabilities found" and ends with 0; the package stands under "Skip Reason".
#   Only with --strict does it end with an error, and then at the first package it cannot ask about.
# Why it matters: provinces install from mirrors and build packages of their own; a check that asked nothing stays green.
# What we do instead: deploy/audit.py reads the JSON and counts what could not be asked as a failure of its own kind.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pip-audit==2.10.1
printf 'internal-package-of-a-province==1.0 --hash=sha256:%064d\n' 0 > "$dir/requirements.lock"
audit() {
    "$dir/env/bin/pip-audit" -r "$dir/requirements.lock" --require-hashes --disable-pip --progress-spinner off "$@"
}
code=0; said=$(audit 2>&1) || code=$?
strict=0; audit --strict > "$dir/strict" 2>&1 || strict=$?
echo "pip-audit 2.10.1"
echo "guess: an error, for nothing could be asked"
echo "seen:  exit code $code; $(grep -c 'could not be audited' <<< "$said") package skipped; with --strict exit code $strict"
grep -q "No known vulnerabilities found" <<< "$said" && [ "$code $strict" = "0 1" ] || { echo "the behaviour has changed"; exit 1; }
