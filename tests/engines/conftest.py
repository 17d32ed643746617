"""Data folders of their own for real servers, and a look at what is left of their processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oss_portal import engines
from oss_portal.engines.folder import DataFolder
from tests.engines.holders import all_gone


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataFolder]:
    """An empty data folder, with no addresses in the environment; its servers are gone afterwards."""
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setenv("DATABASE_OWNER_URL", "")  # set back afterwards
    data = DataFolder(tmp_path / "data")
    yield data
    engines.release(data)
    assert all_gone(data)
