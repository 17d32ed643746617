"""Folders that network scanners write into, one for each scanner of a desk, below the setting `SCAN_FOLDER`.

A scanner saves to a share and knows neither HTTP nor tokens; who may write there is for the share to say. A file is
taken once it is complete: nobody has written to it for a while, and its end is there where its kind has one. Taken
files move to ``taken/DAY``, those that were refused to ``refused/DAY`` with the reason beside them; none is deleted
before `SCAN_FOLDER_KEEP_DAYS` have passed, and a refused one never.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from digitization import scanners, stack_drop
from digitization.kinds import UploadRefused
from digitization.models import ScannerToken
from vietnam.text import fold

log = logging.getLogger(__name__)

QUIET = timedelta(seconds=10)  # nobody has written for so long: the scanner has closed the file
CUT_OFF = timedelta(minutes=10)  # without an end after this, the transfer broke: it is refused and stays there
TAKEN, REFUSED = "taken", "refused"
MOST_AT_ONCE = 100  # of one scanner in one round
_UNFINISHED = re.compile(r"^[.~]|\.(part|tmp|temp|filepart|partial|crdownload)$", re.IGNORECASE)
_ENDS = {b"%PDF": b"%%EOF", b"\xff\xd8\xff": b"\xff\xd9", b"\x89PNG": b"IEND"}  # how a whole file of the kind ends
_END_WITHIN = 4096  # bytes; some scanners pad the end


@dataclass(frozen=True)
class RefusedFile:
    """A file that lies in ``refused``, and the sentence beside it."""

    name: str
    reason: str


def folder_of(scanner: ScannerToken) -> Path | None:
    """Where the scanner saves; None when no folder is watched. The name never changes: scanners are set up by hand."""
    if not settings.SCAN_FOLDER:
        return None
    return Path(settings.SCAN_FOLDER) / f"{slugify(fold(scanner.name))[:40] or 'scanner'}-{scanner.pk}"


def take_in_folders(at: datetime) -> int:
    """Take what is complete in every scanner's folder; returns how many files were taken or refused."""
    if not settings.SCAN_FOLDER:
        return 0
    handled = 0
    for scanner in ScannerToken.objects.filter(revoked_at=None).order_by("pk"):
        folder = folder_of(scanner)
        assert folder is not None
        try:
            folder.mkdir(exist_ok=True)
            for path in list(_complete(folder, at))[:MOST_AT_ONCE]:
                handled += _take(scanner, folder, path, at)
            _forget_old(folder / TAKEN, timezone.localdate(at))
        except OSError:  # a share that is away, or a file that nobody may read: the others go on
            log.exception("scan folder not usable", extra={"scanner": scanner.pk})
    return handled


def refused_files(scanner: ScannerToken, most: int = 10) -> list[RefusedFile]:
    """The newest of the scanner's files that were not taken."""
    folder = folder_of(scanner)
    if folder is None or not (folder / REFUSED).is_dir():
        return []
    reasons = sorted((folder / REFUSED).glob("*/*.txt"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [RefusedFile(path.stem, path.read_text("utf-8", "replace")[:300].strip()) for path in reasons[:most]]


def _complete(folder: Path, at: datetime) -> Iterator[Path]:
    """The files that may be taken, in the order in which they were written."""
    found = []
    for entry in os.scandir(folder):
        if not entry.is_file(follow_symlinks=False) or _UNFINISHED.search(entry.name):
            continue
        facts = entry.stat(follow_symlinks=False)
        still = at.timestamp() - facts.st_mtime
        if still >= QUIET.total_seconds() and (still >= CUT_OFF.total_seconds() or _has_end(Path(entry.path))):
            found.append((facts.st_mtime, entry.name, Path(entry.path)))
    return (path for _written, _name, path in sorted(found))


def _has_end(path: Path) -> bool:
    with path.open("rb") as opened:
        head = opened.read(1024)
        opened.seek(0, os.SEEK_END)
        opened.seek(max(0, opened.tell() - _END_WITHIN))
        tail = opened.read()
    if b"%PDF" in head:  # a few bytes may stand before the header
        return b"%%EOF" in tail
    return bool(head) and all(end in tail for begin, end in _ENDS.items() if head.startswith(begin))


def _take(scanner: ScannerToken, folder: Path, path: Path, at: datetime) -> bool:
    """Take one file; False while another worker is at this folder or the scanner's post has ended."""
    refused = ""
    with transaction.atomic():
        held = ScannerToken.objects.select_for_update(skip_locked=True).filter(pk=scanner.pk, revoked_at=None).first()
        actor = scanners.actor_of(held, at) if held is not None else None
        if actor is None:
            return False
        try:
            with path.open("rb") as opened, transaction.atomic():
                stack_drop.take_in_drop(File(opened, name=path.name), path.name, actor, at)
        except FileNotFoundError:
            return False  # another worker has just moved it
        except UploadRefused as problem:
            refused = str(problem.sentence)
    # Moved once it is stored for good: cut off in between, it is known by its content and moved the next time.
    _move(path, folder / (REFUSED if refused else TAKEN) / timezone.localdate(at).isoformat(), refused)
    return True


def _move(path: Path, into: Path, reason: str) -> None:
    into.mkdir(parents=True, exist_ok=True)
    target, number = into / path.name, 1
    while target.exists():
        number += 1
        target = into / f"{path.stem}-{number}{path.suffix}"
    with suppress(FileNotFoundError):
        path.rename(target)
        if reason:
            target.with_name(f"{target.name}.txt").write_text(reason + "\n", "utf-8")


def _forget_old(taken: Path, today: date) -> None:
    """Delete days of files whose content has long been stored."""
    if not settings.SCAN_FOLDER_KEEP_DAYS or not taken.is_dir():
        return
    for day in taken.iterdir():
        try:
            old = today - date.fromisoformat(day.name) > timedelta(days=settings.SCAN_FOLDER_KEEP_DAYS)
        except ValueError:
            continue
        if old:
            shutil.rmtree(day, ignore_errors=True)
