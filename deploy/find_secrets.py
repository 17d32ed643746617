"""Looks for keys and passwords in what is committed; names each place that deploy/secrets.baseline does not know.

    .venv/bin/python deploy/find_secrets.py            names what is new
    .venv/bin/python deploy/find_secrets.py --accept   takes the present findings into the baseline, after reading them

The baseline holds hashes only. Data that is public by law and made files are left out: they hold no keys and much that
looks like one. Tests and measures call many made-up words a password: there only what looks like a key is named.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from detect_secrets.core import baseline
from detect_secrets.core.scan import scan_file
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.plugins.keyword import KeywordDetector
from detect_secrets.settings import default_settings

CHECKOUT = Path(__file__).resolve().parent.parent
BASELINE = CHECKOUT / "deploy" / "secrets.baseline"
LEFT_OUT = re.compile(
    r"\.lock$|package-lock\.json$|secrets\.baseline$|^locale/|^procedures/catalogue/|^static/|^vietnam/data/"
    r"|\.(?:png|svg|ttf|woff2?|pdf|traineddata|xlsx?|docx?|csv|gz)$"
)


MADE_UP = re.compile(r"^(?:tests|bench)/")


def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    return [name for name in listed.splitlines() if not LEFT_OUT.search(name) and (CHECKOUT / name).is_file()]


def found_in(names: list[str]) -> SecretsCollection:
    """Findings by file; the names are relative to the checkout."""
    found = SecretsCollection(root=str(CHECKOUT))
    with default_settings():
        for name in names:
            for secret in scan_file(str(CHECKOUT / name)):
                if secret.type == KeywordDetector.secret_type and MADE_UP.match(name):
                    continue
                secret.filename = name
                found[name].add(secret)
    return found


def main() -> int:
    found = found_in(committed())
    if "--accept" in sys.argv:
        with default_settings():
            baseline.save_to_file(found, str(BASELINE))
        print(f"{sum(len(found[name]) for name in found.files)} places are known now")
        return 0
    known = baseline.load(baseline.load_from_file(str(BASELINE)), filename=str(BASELINE))
    new = [
        (name, secret.line_number, secret.type)
        for name in sorted(found.files)
        for secret in found[name]
        if secret not in known[name]
    ]
    for name, line, kind in new:
        print(f"{name}:{line}: {kind}")
    if new:
        print("Take it out (and change the key), or accept it: deploy/find_secrets.py --accept", file=sys.stderr)
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
