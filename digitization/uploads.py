"""Taking a file in: counted and hashed while it streams, judged by its content, kept once under its hash.

`store` is the one way in, for pages, the API and resumable uploads alike.
"""

import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from accounts.actors import Actor
from digitization import heic, kinds, malware
from digitization.models import Derivative, Scan, StoredFile, StoredFileQuerySet

CHUNK = 256 * 1024
# A file taken back is kept this long: a page opened a moment ago may still show it.
KEPT_AFTER_REMOVAL = timedelta(hours=24)
LONGEST_NAME = 150


UploadRefused = kinds.UploadRefused


@dataclass(frozen=True)
class Examined:
    """What the content of an upload turned out to be; `size` in bytes."""

    media_type: str
    size: int
    sha256: str


class Spool(File):
    """An upload on the local disk. Its path lets Django's file storage move it into place in one step."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def limit_sentence() -> str:
    """What files may be sent: the one sentence for hints, errors and the API, in the reader's language."""
    limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
    return _("Tệp PDF, ảnh chụp (JPG, PNG, HEIC) hoặc tài liệu Word, Excel; mỗi tệp tối đa %(limit)s MB.") % {
        "limit": limit
    }


def _too_large_sentence() -> str:
    return _("Tệp này quá lớn.") + " " + limit_sentence()


def too_large() -> UploadRefused:
    return UploadRefused("too_large", lazy(_too_large_sentence, str)())


def examine_file(file: File) -> Examined:
    """Judge an upload without keeping it. The answer stays with the object: `store` need not judge again.

    Errors: UploadRefused.
    """
    with _spooled(file) as (_spool, examined):
        return examined


def store_file(file: File, name: str, owner: str, by: Actor) -> StoredFile:
    """Keep an upload as an immutable original of `owner` (a reference such as ``dossier:<uuid>``).

    `file` is any Django file; it is read in chunks and never held in memory whole. The same content is kept once,
    whatever its name and owner; each call makes a row of its own. Errors: UploadRefused.
    """
    with _spooled(file) as (spool, examined), transaction.atomic():
        storage_name = f"files/{examined.sha256[:2]}/{examined.sha256[2:4]}/{examined.sha256}"
        lock_content(examined.sha256)
        _keep(spool, storage_name, examined.size)
        stored = StoredFile.objects.create(
            name=clean_name(name, examined.media_type),
            media_type=examined.media_type,
            size=examined.size,
            sha256=examined.sha256,
            storage_name=storage_name,
            owner=owner,
            uploaded_by=by.label[:200],
        )
        malware.ask_check(stored, at=timezone.now())
        return stored


def discard_file(file: StoredFile, at: datetime | None = None) -> None:
    """Take a file back before it was used: nobody can open it from now on, `erase_discarded` deletes its content.

    Doing it twice changes nothing.
    """
    at = at or timezone.now()
    StoredFile.objects.filter(pk=file.pk, removed_at__isnull=True).update(removed_at=at)
    file.refresh_from_db(fields=["removed_at"])


def files_to_erase(at: datetime) -> StoredFileQuerySet:
    """Files taken back a day before `at` whose content is still there."""
    return StoredFile.objects.filter(removed_at__lte=at - KEPT_AFTER_REMOVAL, erased_at__isnull=True)


def erase_discarded(at: datetime, limit: int | None = 200) -> int:
    """Delete the content and derivatives of files taken back a day before `at`; returns how many, at most `limit`.

    Content that another file still refers to stays.
    """
    found = list(files_to_erase(at).values_list("pk", flat=True)[:limit])
    return sum(_erase(pk, at) for pk in found)


def erase_files(pks: Iterable[UUID], at: datetime) -> int:
    """Take files back and delete their content and derivatives now, with the names that senders gave them; returns
    how many. Their rows stay. Content that another file still refers to stays.
    """
    erased = 0
    for pk in pks:
        with transaction.atomic():
            StoredFile.objects.filter(pk=pk, removed_at__isnull=True).update(removed_at=at)
            erased += _erase(pk, at)
            StoredFile.objects.filter(pk=pk).update(name="", uploaded_by="")
    return erased


@transaction.atomic
def _erase(pk: UUID, at: datetime) -> bool:
    lock_content(StoredFile.objects.values_list("sha256", flat=True).get(pk=pk))  # before a row, as a scan does
    file = StoredFile.objects.select_for_update().get(pk=pk)
    if file.erased_at is not None:
        return False
    shared = StoredFile.objects.filter(sha256=file.sha256, erased_at__isnull=True).exclude(pk=pk)
    derived = set(file.derivatives.values_list("storage_name", flat=True))
    elsewhere = Derivative.objects.filter(file__sha256=file.sha256, storage_name__in=derived).exclude(file=pk)
    for name in derived - set(elsewhere.values_list("storage_name", flat=True)):
        default_storage.delete(name)
    file.derivatives.all().delete()
    Scan.objects.filter(file=file).delete()
    if not shared.exists():
        default_storage.delete(file.storage_name)
    file.erased_at = at
    file.save(update_fields=["erased_at"])
    return True


def clear_spool(at: datetime) -> None:
    """Delete working files that a killed process left in the folder for uploads a day before `at`."""
    oldest = (at - KEPT_AFTER_REMOVAL).timestamp()
    for left in Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*"):
        if left.name.startswith(("upload-", "scan-")) and left.stat().st_mtime < oldest:
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def clean_name(name: str, media_type: str) -> str:
    """The sender's name without path, control and direction marks, with the ending of what the file really is."""
    base = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    base = "".join(c for c in base if unicodedata.category(c)[0] != "C")
    base = re.sub(r"\s+", " ", base).strip(" .")
    stem, dot, ending = base.rpartition(".")
    if stem and f".{ending.lower()}" in heic.ENDINGS:
        base = stem
    if not (dot and stem and f".{ending.lower()}" in kinds.ENDINGS[media_type]):
        stem, ending = base, kinds.ENDINGS[media_type][0][1:]
    return f"{stem[:LONGEST_NAME].rstrip() or _('tệp')}.{ending}"


@contextmanager
def _spooled(file: File) -> Iterator[tuple[Spool, Examined]]:
    if file.size is not None and file.size > settings.UPLOAD_LIMIT_BYTES:
        raise too_large()
    descriptor, created = tempfile.mkstemp(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="upload-")
    os.close(descriptor)
    path = Path(created)
    try:
        with path.open("r+b") as target:
            size, sha256 = _copy(file, target)
            if heic.is_phone_photo(path):
                size, sha256 = _converted(path)
            known: Examined | None = getattr(file, "examined", None)
            if known is None or known.sha256 != sha256:
                known = Examined(kinds.identify_kind(path), size, sha256)
                file.examined = known  # type: ignore[attr-defined]
            yield Spool(target, name=str(path)), known
    finally:
        path.unlink(missing_ok=True)


def _converted(path: Path) -> tuple[int, str]:
    """(bytes, SHA-256) of the JPEG that takes the photo's place. Errors: UploadRefused."""
    heic.photo_to_jpeg(path)
    size = path.stat().st_size
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise too_large()
    with path.open("rb") as source:
        return size, hashlib.file_digest(source, "sha256").hexdigest()


def _copy(source: File, target: BinaryIO) -> tuple[int, str]:
    """Copy in chunks; returns (bytes, SHA-256). Errors: UploadRefused as soon as the limit is passed."""
    digest, size = hashlib.sha256(), 0
    for chunk in source.chunks(CHUNK):
        size += len(chunk)
        if size > settings.UPLOAD_LIMIT_BYTES:
            raise too_large()
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return size, digest.hexdigest()


def lock_content(sha256: str) -> None:
    """Until the transaction ends, nobody else keeps or erases this content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:16], 16) - 2**63])


def _keep(spool: Spool, storage_name: str, size: int) -> None:
    if default_storage.exists(storage_name):
        if default_storage.size(storage_name) == size:
            return
        default_storage.delete(storage_name)  # the rest of a write that a crash cut off
    spool.seek(0)
    saved = default_storage.save(storage_name, spool)
    if saved != storage_name:
        default_storage.delete(saved)
        raise OSError(f"{storage_name} could not be kept under its own name")
