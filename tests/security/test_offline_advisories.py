"""Known vulnerabilities out of files of OSV that were brought along."""

import importlib.util
import json
import sys
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _loaded(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


advisories, audit = _loaded("offline_advisories"), _loaded("audit")
TWICE = [{"introduced": "0"}, {"fixed": "1.2.0"}, {"introduced": "2.0.0"}, {"last_affected": "2.3.1"}]


@pytest.mark.parametrize(
    ("ecosystem", "version", "affected"),
    [
        ("npm", "1.1.9", True), ("npm", "1.2.0-rc.1", True), ("npm", "1.2.0", False), ("npm", "1.10.0", False),
        ("npm", "2.0.0-beta.2", False), ("npm", "2.0.0", True), ("npm", "2.3.1", True), ("npm", "2.3.2", False),
        ("PyPI", "0.9", True), ("PyPI", "1.2.0rc1", True), ("PyPI", "1.2", False), ("PyPI", "1.10", False),
        ("PyPI", "2.3.1", True), ("PyPI", "2.3.1.post1", False), ("PyPI", "3", False),
    ],
)  # fmt: skip
def test_a_version_within_ranges(ecosystem, version, affected):
    part = {"ranges": [{"type": "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER", "events": TWICE}]}
    assert advisories.is_affected(part, version, ecosystem) is affected


def write(folder, ecosystem, *records):
    (folder / ecosystem).mkdir()
    with zipfile.ZipFile(folder / ecosystem / "all.zip", "w") as file:
        for record in records:
            file.writestr(f"{record['id']}.json", json.dumps(record))


def record(ecosystem, name, version, number="OSV-1", **more):
    affected = [{"package": {"ecosystem": ecosystem, "name": name}, "versions": [version]}]
    return {"id": number, "modified": datetime.now(UTC).isoformat(), "affected": affected, **more}


def test_what_is_locked_is_found_and_silence_is_told(tmp_path):
    texts = [(ROOT / name).read_text() for name in ("requirements.lock", "package-lock.json")]
    packages = advisories.locked_packages(*texts)
    assert len(packages["PyPI"]) > 80
    assert len(packages["npm"]) > 20
    django, axe = (next(iter(packages[e][n])) for e, n in (("PyPI", "django"), ("npm", "axe-core")))
    write(tmp_path, "PyPI", record("PyPI", "Django", django), record("PyPI", "django", django, "OSV-2", withdrawn="x"))
    wrong, unasked = advisories.known_wrong(tmp_path, packages)
    assert wrong == [f"django {django}: OSV-1"]
    assert len(unasked) == 1  # the file of npm is not there
    write(tmp_path, "npm", record("npm", "axe-core", axe) | {"modified": "2020-01-01T00:00:00Z"})
    wrong, unasked = advisories.known_wrong(tmp_path, packages)
    assert f"axe-core {axe}: OSV-1" in wrong
    assert "2020-01-01; fetch it again" in unasked[0]


def test_the_audit_says_of_how_many_packages_it_says_something(tmp_path, monkeypatch):
    silent = audit.Part("a.lock", 3, unasked=Counter({"not found": 3}))
    partly, whole = audit.Part("b.lock", 3, unasked=Counter({"not found": 1})), audit.Part("c.lock", 3)
    assert silent.lines() == ["a.lock: 0 of 3 packages asked about", "  3 not: not found"]
    assert audit.verdict([silent])[0].startswith("No verdict: this run says nothing of any of 3 packages.")
    assert audit.verdict([partly, whole])[0].startswith("Nothing is known against 5 packages; of 1 ")
    assert audit.verdict([whole]) == ("Nothing is known against any of 3 packages.", 0)
    assert [audit.verdict([part])[1] for part in (silent, partly, audit.Part("d.lock", 3, ["x 1: OSV-1"]))] == [2, 2, 1]
    write(tmp_path, "PyPI", record("PyPI", "django", "1"))
    monkeypatch.setenv("OSV_FILES", str(tmp_path))
    python, node = audit.brought_along({"PyPI": {"django": {"1"}, "celery": {"2"}}, "npm": {"axe-core": {"1"}}})
    assert (python.wrong, python.asked, node.asked) == (["django 1: OSV-1"], 2, 0)
