"""Papers to send: drawn here, with the font that the product prints with."""

import pytest

from accounts.actors import Actor
from accounts.models import Account
from digitization import owners


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """A storage of the test's own."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "tmp")
    (tmp_path / "tmp").mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "media"), "base_url": None},
        },
    }
    return tmp_path / "media"


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory):
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture(autouse=True)
def _compiled_once(bytecode, monkeypatch):
    """The OCR program is started for every scan: it should compile its libraries for the first one only."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(bytecode))


@pytest.fixture
def citizen(db):
    return Account.objects.create_account("001190012345", "mat-khau-rat-dai", full_name="Nguyễn Thị Hằng")


@pytest.fixture
def stranger(db):
    return Account.objects.create_account("001190054321", "mat-khau-rat-dai", full_name="Lê Văn Lạ")


@pytest.fixture
def actor(citizen):
    return Actor(account=citizen)


@pytest.fixture
def owner(citizen, monkeypatch):
    """An owner that only the citizen may read and add to."""
    monkeypatch.setattr(owners, "_resolvers", dict(owners._resolvers))

    def is_hers(actor, reference, *_file):
        return actor.account is not None and actor.account.pk == citizen.pk and reference == "testcase:1"

    owners.register("testcase", may_read=is_hers, may_add=is_hers)
    return "testcase:1"
