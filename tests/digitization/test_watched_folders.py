"""Folders of network scanners: files are taken once they are complete, moved, and never lost."""

import os
from datetime import timedelta

import pytest
from django.urls import reverse

from digitization import scanners, uploads, watched_folders
from digitization.models import ScannerToken, StoredFile
from digitization.watched_folders import CUT_OFF, QUIET, folder_of, take_in_folders
from tests.factories.moments import at
from tests.factories.scans import drawn, encoded, scanned_pdf

pytestmark = pytest.mark.django_db
NOW = at("2026-11-23 09:10")
WHOLE = scanned_pdf(drawn(dpi=60))


@pytest.fixture
def folder(settings, tmp_path, cast):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.SCAN_FOLDER = str(tmp_path / "scans")
    (tmp_path / "scans").mkdir()
    scanners.issue_token(cast.counter.post, "Máy quét tầng 1", NOW)
    assert take_in_folders(NOW) == 0
    made = folder_of(ScannerToken.objects.get())
    assert made.is_dir()
    assert made.name.startswith("may-quet-tang-1-")
    return made


def saved(folder, name, content, ago=QUIET):
    path = folder / name
    path.write_bytes(content)
    written = (NOW - ago).timestamp()
    os.utime(path, (written, written))
    return path


def test_a_complete_file_is_taken_once_and_moved(folder, cast):
    saved(folder, "quet.pdf", WHOLE)
    assert take_in_folders(NOW) == 1
    [file] = StoredFile.objects.all()
    assert file.batch.post == cast.counter.post
    assert [path.name for path in folder.glob("taken/2026-11-23/*")] == ["quet.pdf"]
    # Stored, but its move was cut off: it is known by its content.
    saved(folder, "quet.pdf", WHOLE)
    assert take_in_folders(NOW) == 1
    assert StoredFile.objects.count() == 1
    assert len(list(folder.glob("taken/2026-11-23/quet*.pdf"))) == 2


@pytest.mark.parametrize(
    ("name", "content", "ago"),
    [
        ("quet.pdf", WHOLE, QUIET - timedelta(seconds=1)),
        ("quet.pdf", WHOLE[: len(WHOLE) // 2], timedelta(minutes=5)),
        ("quet.jpg", encoded(drawn(dpi=60), "JPEG")[:-40], timedelta(minutes=5)),
        ("quet.pdf.part", WHOLE, timedelta(minutes=5)),
        (".quet.pdf", WHOLE, timedelta(minutes=5)),
        ("quet.pdf", b"", timedelta(minutes=5)),
    ],
    ids=["being written", "half a PDF", "half a JPEG", "a transfer's name", "a hidden name", "empty"],
)
def test_what_is_not_complete_waits(folder, name, content, ago):
    path = saved(folder, name, content, ago)
    assert take_in_folders(NOW) == 0
    assert path.read_bytes() == content
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("content", [WHOLE[: len(WHOLE) // 2], b"MZ no scan at all", b""])
def test_what_cannot_be_taken_is_kept_with_the_reason_and_shown(folder, cast, client, content):
    saved(folder, "quet.pdf", content, CUT_OFF)
    assert take_in_folders(NOW) == 1
    assert not StoredFile.objects.exists()
    kept, reason = sorted(folder.glob("refused/2026-11-23/*"))
    assert kept.read_bytes() == content
    client.force_login(cast.counter.account, backend="accounts.backends.AccountBackend")
    page = client.get(reverse("desk-scans")).content.decode()
    assert "quet.pdf" in page
    assert reason.read_text().strip()[:40] in page


def test_a_failure_that_is_no_fault_of_the_file_leaves_it_where_it_is(folder, monkeypatch):
    path = saved(folder, "quet.pdf", WHOLE)

    def full(*_args):
        raise OSError("no space left")

    monkeypatch.setattr(uploads, "store_file", full)
    assert take_in_folders(NOW) == 0
    assert path.exists()


def test_links_and_scanners_taken_back_are_left_alone(folder, cast, tmp_path):
    (tmp_path / "secret.pdf").write_bytes(WHOLE)
    (folder / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    assert take_in_folders(NOW + CUT_OFF) == 0
    path = saved(folder, "quet.pdf", WHOLE)
    scanners.revoke_token(ScannerToken.objects.get().pk, cast.counter.post.desk_id, NOW)
    assert take_in_folders(NOW) == 0
    assert path.exists()


def test_taken_files_are_deleted_after_their_days_and_refused_ones_never(folder):
    saved(folder, "quet.pdf", WHOLE)
    saved(folder, "la.pdf", b"MZ", CUT_OFF)
    assert take_in_folders(NOW) == 2
    take_in_folders(NOW + timedelta(days=7))
    assert list(folder.glob("taken/*/*"))
    take_in_folders(NOW + timedelta(days=8))
    assert not list(folder.glob("taken/*/*"))
    assert len(list(folder.glob("refused/*/*"))) == 2


def test_without_the_setting_nothing_is_watched(settings):
    settings.SCAN_FOLDER = ""
    assert take_in_folders(NOW) == 0
    assert watched_folders.folder_of(ScannerToken(pk=1, name="x")) is None
