"""A bill of materials (CycloneDX 1.6) out of the lock files: every package that ships, with version and hashes.

    .venv/bin/python deploy/bill_of_materials.py [FILE]    (dist/oss-portal.cdx.json unless given)

The same lock files give the same file. Nothing is asked of the network.
"""

from __future__ import annotations

import base64
import json
import re
import string
import sys
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft7Validator
from packageurl import PackageURL
from rfc3986_validator import validate_rfc3986

CHECKOUT = Path(__file__).resolve().parent.parent
PYTHON_LOCK = CHECKOUT / "deploy" / "requirements.lock"  # what ships; the other lock file adds tools of developers
NODE_LOCK = CHECKOUT / "package-lock.json"
_PINNED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@Draft7Validator.FORMAT_CHECKER.checks("iri-reference")
def is_iri_reference(value: object) -> bool:
    """By its URI (RFC 3987, 3.1). The package that jsonschema would ask builds a parser in every process' start."""
    return not isinstance(value, str) or bool(validate_rfc3986(quote(value, string.punctuation), "URI_reference"))


def python_packages(lock: str) -> Iterator[Component]:
    """One component for each pinned line, with the hashes of all its files."""
    for block in re.split(r"\n(?=\S)", lock):
        if found := _PINNED.match(block):
            name, version = found["name"].lower(), found["version"]
            url = PackageURL("pypi", name=name, version=version)
            hashes = [HashType(alg=HashAlgorithm.SHA_256, content=each) for each in sorted(_HASH.findall(block))]
            yield Component(
                name=name, version=version, type=ComponentType.LIBRARY, purl=url, bom_ref=url.to_string(), hashes=hashes
            )


def node_packages(lock: str) -> Iterator[Component]:
    """One for each package that the browser gets; those that only build are left out."""
    for path, facts in json.loads(lock)["packages"].items():
        if not path or facts.get("dev"):
            continue
        scope, _slash, name = path.rpartition("node_modules/")[2].rpartition("/")
        url = PackageURL("npm", namespace=scope or None, name=name, version=facts["version"])
        algorithm, _dash, digest = facts["integrity"].partition("-")
        assert algorithm == "sha512", algorithm
        content = base64.b64decode(digest).hex()
        yield Component(
            name=name,
            group=scope or None,
            version=facts["version"],
            type=ComponentType.LIBRARY,
            purl=url,
            bom_ref=url.to_string(),
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=content)],
        )


def bill_of_materials() -> str:
    """As JSON, valid by the published schema. Errors: ValueError."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    python, node = PYTHON_LOCK.read_text(), NODE_LOCK.read_text()
    bom = Bom()
    bom.metadata.component = Component(
        name=project["name"], version=project["version"], type=ComponentType.APPLICATION, bom_ref=project["name"]
    )
    for component in (*python_packages(python), *node_packages(node)):
        bom.components.add(component)
    bom.register_dependency(bom.metadata.component, bom.components)
    # Neither the hour nor chance: whoever makes it again from the same lock files gets the same bytes.
    digest = sha256((python + node).encode()).digest()
    bom.serial_number = uuid.UUID(bytes=digest[:16], version=4)
    bom.metadata.timestamp = datetime(2026, 1, 1, tzinfo=UTC)
    text = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    if problem := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise ValueError(f"the bill of materials is not valid: {problem}")
    return text


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT / "dist" / "oss-portal.cdx.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bill_of_materials() + "\n")
    print(f"{len(json.loads(target.read_text())['components'])} packages in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
