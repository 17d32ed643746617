import json

import pytest


@pytest.fixture
def catalogue(db):
    """The bundled catalogue, as every test database holds it."""


@pytest.fixture
def written(tmp_path):
    """Writes rows of an extract to a file."""

    def write(*rows, name="extract.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows), encoding="utf-8")
        return path

    return write
