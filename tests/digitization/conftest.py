"""Somebody who sends papers, somebody who may not see them, and what the papers belong to."""

import json

import pytest
from django.conf import settings as django_settings

from accounts.actors import Actor
from core import references
from digitization import kinds, ocr, tessdata
from digitization.handover import RESULT, SEARCHABLE, thumbnail_name
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


@pytest.fixture
def models(monkeypatch):
    """Where the engine finds its models."""
    folder = tessdata.unpack(django_settings.BASE_DIR / "node_modules", django_settings.DATA_DIR / "tessdata")
    monkeypatch.setenv("TESSDATA_PREFIX", str(folder))
    monkeypatch.setenv("OMP_THREAD_LIMIT", "1")


@pytest.fixture
def read(models, tmp_path):
    """Reads content; gives the program's result, with the copy's and the thumbnails' paths in it."""

    def run(content, media_type=kinds.PDF):
        source = tmp_path / "source"
        source.write_bytes(content)
        told = []
        ocr.make_searchable(
            source, media_type, tmp_path, jobs=1, most_pages=500, report=lambda *said: told.append(said)
        )
        found = json.loads((tmp_path / RESULT).read_text())
        return {
            **found,
            "copy": tmp_path / SEARCHABLE,
            "thumbnail": tmp_path / thumbnail_name(1),
            "told": told,
            "text": found["texts"][0],
            "page": found["findings"][0],
        }

    return run
