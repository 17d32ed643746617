"""Somebody who sends papers, somebody who may not see them, and what the papers belong to."""

import pytest

from accounts.actors import Actor
from core import references
from digitization.permissions import FileRules
from tests.factories.people import AccountFactory


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


@pytest.fixture
def citizen(db):
    return AccountFactory(username="001190012345", full_name="Nguyễn Thị Hằng")


@pytest.fixture
def stranger(db):
    return AccountFactory(username="001190054321", full_name="Lê Văn Lạ")


@pytest.fixture
def actor(citizen):
    return Actor(account=citizen)


@pytest.fixture
def owner(citizen, monkeypatch):
    """An owner that only the citizen may read and add to."""
    monkeypatch.setattr(references, "_answers", dict(references._answers))

    def is_hers(actor, reference, *_file):
        return actor.account is not None and actor.account.pk == citizen.pk and reference == "testcase:1"

    references.register_answers("testcase", FileRules(is_hers, is_hers))
    return "testcase:1"
