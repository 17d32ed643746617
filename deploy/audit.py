"""`make audit`: asks the registries whether a package in the lock files has a known vulnerability.

Nothing is installed. A registry that does not answer, or knows nothing of a package, is a failure too: silence proves
nothing, and each part says of how many packages there is a verdict. `OSV_FILES=FOLDER make audit` asks nobody and looks
into files that were brought along (`offline_advisories`).
Exit codes: 0 all asked and nothing known; 1 something is known; 2 not everything could be asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from offline_advisories import known_wrong, locked_packages

CHECKOUT = Path(__file__).resolve().parent.parent
BIN = CHECKOUT / ".venv" / "bin"


@dataclass
class Part:
    """The packages of one lock file: what is known to be wrong, and why of how many nothing could be learnt."""

    name: str
    packages: int
    wrong: list[str] = field(default_factory=list)
    unasked: Counter[str] = field(default_factory=Counter)

    @property
    def asked(self) -> int:
        return max(0, self.packages - self.unasked.total())

    def lines(self) -> list[str]:
        known = f"; {len(self.wrong)} known vulnerabilities" if self.asked else ""
        found = [f"{self.name}: {self.asked} of {self.packages} packages asked about{known}"]
        return found + [f"  {number} not: {reason}" for reason, number in self.unasked.most_common(3)]


def python_packages(locked: int) -> Part:
    part = Part("requirements.lock", locked)
    command = [sys.executable, "-m", "pip_audit", "-r", "requirements.lock", "--require-hashes", "--no-deps"]
    command += ["--disable-pip", "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        part.unasked[(done.stderr.strip().splitlines() or ["no answer"])[-1]] = locked
        return part
    part.packages = len(packages)
    part.wrong = [
        f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'none'}"
        for package in packages
        for known in package.get("vulns", [])
    ]
    # "Dependency not found on PyPI and could not be audited: aiohttp (3.14.5)"
    reasons = (package["skip_reason"].rpartition(": ")[0] for package in packages if package.get("skip_reason"))
    part.unasked.update(reasons)
    return part


def node_packages(locked: int) -> Part:
    part = Part("package-lock.json", locked)
    command = [str(BIN / "npm"), "audit", "--package-lock-only", "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        part.unasked[(done.stderr.strip().splitlines() or ["no answer"])[-1]] = locked
        return part
    if "vulnerabilities" in told:
        part.wrong = [f"{name}: {facts['severity']}" for name, facts in told["vulnerabilities"].items()]
    else:
        part.unasked[str(told.get("message") or "no answer").partition(" - ")[0]] = locked
    return part


def brought_along(packages: dict[str, dict[str, set[str]]]) -> list[Part]:
    """The same of both lock files, out of the folder that OSV_FILES names."""
    found = []
    for name, ecosystem in (("requirements.lock", "PyPI"), ("package-lock.json", "npm")):
        part = Part(name, len(packages[ecosystem]))
        part.wrong, silent = known_wrong(Path(os.environ["OSV_FILES"]), {ecosystem: packages[ecosystem]})
        part.unasked.update({reason: part.packages for reason in silent[:1]})
        found.append(part)
    return found


def verdict(parts: list[Part]) -> tuple[str, int]:
    """What it comes to, in a sentence, and the exit code."""
    asked, packages = sum(part.asked for part in parts), sum(part.packages for part in parts)
    if any(part.wrong for part in parts):
        return f"Something is known to be wrong ({asked} of {packages} packages asked about).", 1
    if asked == packages:
        return f"Nothing is known against any of {packages} packages.", 0
    sentence = f"Nothing is known against {asked} packages; of {packages - asked} this run says nothing."
    if not asked:
        sentence = f"No verdict: this run says nothing of any of {packages} packages."
    return f"{sentence} OSV_FILES=FOLDER asks files instead of registries (docs/security/hardening.md, 8).", 2


def main() -> int:
    python, node = ((CHECKOUT / name).read_text() for name in ("requirements.lock", "package-lock.json"))
    packages = locked_packages(python, node)
    if os.environ.get("OSV_FILES", ""):
        parts = brought_along(packages)
    else:
        parts = [python_packages(len(packages["PyPI"])), node_packages(len(packages["npm"]))]
    for part in parts:
        for line in part.wrong:
            print(line)
        for line in part.lines():
            print(line, file=sys.stderr)
    sentence, code = verdict(parts)
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
