"""`make audit`: asks the registries whether a package in the lock files has a known vulnerability.

Nothing is installed. A registry that does not answer, or knows nothing of a package, is a failure too: silence proves
nothing. `OSV_FILES=FOLDER make audit` asks nobody and looks into files that were brought along (`offline_advisories`).
Exit codes: 0 all asked and nothing known; 1 something is known; 2 not everything could be asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from offline_advisories import known_wrong, locked_packages

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = CHECKOUT / ".venv" / "bin"


def python_packages() -> tuple[list[str], list[str]]:
    """What is known to be wrong, and what could not be asked."""
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.lock", "--require-hashes", "--no-deps"]
    command += ["--disable-pip", "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return [], [f"Python packages: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}"]
    wrong = [
        f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'none'}"
        for package in packages
        for known in package.get("vulns", [])
    ]
    return wrong, [package["skip_reason"] for package in packages if "skip_reason" in package]


def node_packages() -> tuple[list[str], list[str]]:
    command = [str(BIN / "npm"), "audit", "--package-lock-only", "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return [], [f"Node packages: {(done.stderr.strip().splitlines() or ['no answer'])[-1]}"]
    if "vulnerabilities" not in told:
        return [], [f"Node packages: {str(told.get('message') or 'no answer').partition(' - ')[0]}"]
    return [f"{name}: {facts['severity']}" for name, facts in told["vulnerabilities"].items()], []


def brought_along() -> tuple[list[str], list[str]]:
    """The same of both lock files, out of the folder that OSV_FILES names."""
    python, node = ((CHECKOUT / name).read_text() for name in ("requirements.lock", "package-lock.json"))
    return known_wrong(Path(os.environ["OSV_FILES"]), locked_packages(python, node))


def main() -> int:
    wrong, unasked = [], []
    folder = os.environ.get("OSV_FILES", "")
    for ask in (brought_along,) if folder else (python_packages, node_packages):
        known, silent = ask()
        wrong += known
        unasked += silent
    for line in wrong:
        print(line)
    for line in unasked[:5]:
        print(f"not asked: {line}", file=sys.stderr)
    print(f"{len(wrong)} known vulnerabilities; {len(unasked)} could not be asked about", file=sys.stderr)
    return 1 if wrong else 2 if unasked else 0


if __name__ == "__main__":
    sys.exit(main())
