"""Known vulnerabilities of the locked packages, looked up in files of OSV.dev that somebody brought along.

For machines that may ask nobody. A machine with the internet fetches `PyPI/all.zip` and `npm/all.zip` of the public
archive of OSV (https://google.github.io/osv.dev/data/#data-dumps); both are laid in one folder as they are, under
`PyPI/` and `npm/`. What a record means: https://ossf.github.io/osv-schema/ (version 1.7, "Evaluation").
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

OLDEST_DAYS = 30  # older files prove little of today
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def locked_packages(python: str, node: str) -> dict[str, dict[str, set[str]]]:
    """Versions by ecosystem and name, out of the texts of both lock files."""
    found: dict[str, dict[str, set[str]]] = {"PyPI": {}, "npm": {}}
    for name, version in _PINNED.findall(python):
        found["PyPI"].setdefault(_python_name(name), set()).add(version)
    for path, facts in json.loads(node)["packages"].items():
        if path and not facts.get("link"):
            found["npm"].setdefault(path.rpartition("node_modules/")[2], set()).add(facts["version"])
    return found


def known_wrong(folder: Path, packages: dict[str, dict[str, set[str]]]) -> tuple[list[str], list[str]]:
    """What the files know to be wrong with the packages, and what they could not be asked about."""
    wrong, unasked = [], []
    for ecosystem in packages:
        file, newest = folder / ecosystem / "all.zip", ""
        try:
            with zipfile.ZipFile(file) as records:
                for name in records.namelist():
                    record = json.loads(records.read(name))
                    newest = max(newest, record.get("modified", ""))
                    wrong += [f"{each}: {record['id']}" for each in _hit(record, ecosystem, packages[ecosystem])]
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as problem:
            unasked.append(f"{file}: {type(problem).__name__}: {problem}")
            continue
        oldest = (datetime.now(UTC) - timedelta(days=OLDEST_DAYS)).isoformat()
        if newest[:19] < oldest[:19]:
            unasked.append(f"{file}: its newest record is of {newest[:10] or 'no day'}; fetch it again")
    return sorted(set(wrong)), unasked


def _hit(record: dict[str, Any], ecosystem: str, packages: dict[str, set[str]]) -> Iterator[str]:
    if record.get("withdrawn"):
        return
    for affected in record.get("affected", []):
        package = affected.get("package", {})
        name = package.get("name", "")
        name = _python_name(name) if ecosystem == "PyPI" else name
        if package.get("ecosystem") == ecosystem:
            yield from (f"{name} {each}" for each in packages.get(name, ()) if is_affected(affected, each, ecosystem))


def is_affected(affected: dict[str, Any], version: str, ecosystem: str) -> bool:
    """Whether a record's part names the version, one by one or within a range."""
    if version in affected.get("versions", ()):
        return True
    order = _python_order if ecosystem == "PyPI" else _node_order
    return any(
        _in_range(each["events"], version, order)
        for each in affected.get("ranges", ())
        if each.get("type") in ("ECOSYSTEM", "SEMVER")
    )


def _in_range(events: Iterable[dict[str, str]], version: str, order: Callable[[str], Any]) -> bool:
    wanted, inside = order(version), False
    steps = [(kind, at) for event in events for kind, at in event.items() if kind != "limit"]
    for kind, at in sorted(steps, key=lambda step: (step[1] != "0", order("0" if step[1] == "0" else step[1]))):
        if kind == "introduced" and (at == "0" or order(at) <= wanted):
            inside = True
        elif (kind == "fixed" and order(at) <= wanted) or (kind == "last_affected" and order(at) < wanted):
            inside = False
    return inside


def _python_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _python_order(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")


def _node_order(version: str) -> tuple[Any, ...]:
    """By which versions of Semantic Versioning 2.0.0, section 11, follow one another."""
    release, _dash, early = version.partition("+")[0].partition("-")
    numbers = tuple(int(each) if each.isdigit() else 0 for each in f"{release}.0.0".split(".")[:3])
    parts = tuple((0, int(each), "") if each.isdigit() else (1, 0, each) for each in early.split(".") if early)
    return numbers, not early, parts
