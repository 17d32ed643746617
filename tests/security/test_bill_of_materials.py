"""The bill of materials, the search for secrets and the table of requirements are whole and true to their sources."""

import importlib.util
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def module(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "deploy" / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def test_every_locked_package_is_in_the_bill_of_materials_with_its_hashes():
    bill = json.loads(module("bill_of_materials").bill_of_materials())
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    found = {each["purl"]: each for each in bill["components"]}
    lock = (ROOT / "deploy" / "requirements.lock").read_text()
    pinned = re.findall(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, flags=re.M)
    assert len(pinned) > 80
    assert {f"pkg:pypi/{name.lower()}@{version}" for name, version in pinned} == {
        purl for purl in found if purl.startswith("pkg:pypi/")
    }
    assert sum(purl.startswith("pkg:npm/") for purl in found) > 20
    assert all(each["hashes"] for each in found.values())


def test_it_is_the_same_each_time():
    made = module("bill_of_materials")
    assert made.bill_of_materials() == made.bill_of_materials()


# Put together here, so that no file holds what looks like a key.
PLANTED = [
    ("a.py", 'aws_access_key_id = "' + "AKIA" + "Q3EGRKZ4TTVXW7LM" + '"'),
    ("b.env", "-----BEGIN RSA " + "PRIVATE KEY-----"),
    ("c.yml", "password: " + "Tr0ub4dor" + "-und-3-Rosen"),
]


@pytest.mark.parametrize(("name", "text"), PLANTED)
def test_what_looks_like_a_key_is_found(tmp_path, monkeypatch, name, text):
    finder = module("find_secrets")
    monkeypatch.setattr(finder, "CHECKOUT", tmp_path)
    (tmp_path / name).write_text(text + "\n")
    (tmp_path / "plain.txt").write_text("nothing here\n")
    found = finder.found_in([name, "plain.txt"])
    assert set(found.files) == {name}
