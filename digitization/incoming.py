"""Uploads that survive a broken line: parts are kept as they come and put together when all are there.

The protocol is tus 1.0 (https://tus.io/protocols/resumable-upload), spoken by `views.resumable`. Parts lie in the
file storage, so the next one may reach another web process or machine.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Account
from core.refusals import Refused, Stale
from digitization import uploads
from digitization.models import IncomingUpload, StoredFile
from digitization.signals import upload_completed

# Counted anew with every part that arrives.
KEPT = timedelta(hours=24)
# Uploads that one account may have under way; a folder of scans is sent one after the other.
MOST_AT_ONCE = 20


class OffsetMismatch(Stale):
    """The part does not begin where the upload stands: another request was quicker."""

    def __init__(self) -> None:
        super().__init__("offset_mismatch", _("Phần này của tệp đã được gửi rồi. Hãy gửi tiếp phần sau."))


class TooManyUploads(Refused):
    """The account has too many uploads under way."""

    status = 429

    def __init__(self) -> None:
        sentence = _("Bạn đang gửi quá nhiều tệp cùng lúc. Hãy đợi các tệp trước gửi xong.")
        super().__init__("too_many_uploads", sentence, field="file")


def begin_upload(
    size: int, name: str, owner: str, purpose: str, account: Account | None, at: datetime
) -> IncomingUpload:
    """Open an upload of `size` bytes for `owner`; without an account it is the connected system's that `owner` names.
    Errors: uploads.UploadRefused, TooManyUploads.

    The caller has asked `permissions.may_add_file`.
    """
    if size > settings.UPLOAD_LIMIT_BYTES:
        raise uploads.too_large()
    if size == 0:
        raise uploads.UploadRefused("empty")
    whose = {"account": account} if account is not None else {"account": None, "owner": owner}
    if IncomingUpload.objects.filter(**whose, file__isnull=True, expires_at__gt=at).count() >= MOST_AT_ONCE:
        raise TooManyUploads
    return IncomingUpload.objects.create(
        name=name[:255] or "tep", size=size, owner=owner, purpose=purpose[:200], account=account, expires_at=at + KEPT
    )


def under_way(pk: uuid.UUID, account: Account | None, at: datetime) -> IncomingUpload | None:
    """An upload of this account that has not expired; without one, of any connected system: the caller asks whose."""
    return IncomingUpload.objects.filter(pk=pk, account=account, expires_at__gt=at).select_related("file").first()


def append_part(upload: IncomingUpload, offset: int, part: File, by: Actor, at: datetime) -> IncomingUpload:
    """Add `part` at `offset`; the last one makes the file and sends `upload_completed`.

    Errors: OffsetMismatch; uploads.UploadRefused when the whole turns out to be nothing we take, or a receiver of
    the signal has no place for it any more (the upload is then gone, since no further part could mend it).
    """
    refused: uploads.UploadRefused | None = None
    pk = upload.pk
    with transaction.atomic():
        upload = IncomingUpload.objects.select_for_update().get(pk=pk)
        if upload.received != offset or offset + part.size > upload.size:
            raise OffsetMismatch
        if part.size:
            name = f"{_folder(pk)}/{offset:015}"
            default_storage.delete(name)  # of a request that was cut off before it could count the part
            default_storage.save(name, part)
        upload.received, upload.expires_at = offset + part.size, at + KEPT
        if upload.received == upload.size and upload.file_id is None:
            try:
                with transaction.atomic():
                    upload.file = uploads.store_file(_Parts(upload), upload.name, upload.owner, by)
                    upload_completed.send(sender=StoredFile, file=upload.file, purpose=upload.purpose, actor=by)
            except uploads.UploadRefused as problem:
                refused = problem
                upload.delete()
        if refused is None:
            upload.save(update_fields=["received", "expires_at", "file"])
    if refused is not None:
        _delete_parts(pk)
        raise refused
    if upload.file_id is not None:
        _delete_parts(pk)
    return upload


def abandon_upload(upload: IncomingUpload) -> None:
    """Give an upload up; a file that it has already become stays."""
    pk = upload.pk
    IncomingUpload.objects.filter(pk=pk).delete()
    _delete_parts(pk)


def expire_uploads(at: datetime, limit: int = 500) -> int:
    """Delete uploads that nobody went on with, and the rows of those that became files; returns how many."""
    due = list(IncomingUpload.objects.filter(expires_at__lte=at).order_by("expires_at")[:limit])
    for upload in due:
        abandon_upload(upload)
    return len(due)


class _Parts(File):
    """The parts of an upload, read one after the other."""

    def __init__(self, upload: IncomingUpload) -> None:
        super().__init__(None, name=upload.name)
        self.size = upload.size
        self.folder = _folder(upload.pk)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        for name in sorted(default_storage.listdir(self.folder)[1]):
            with default_storage.open(f"{self.folder}/{name}") as part:
                yield from part.chunks(chunk_size)


def _folder(pk: uuid.UUID) -> str:
    return f"incoming/{pk}"


def _delete_parts(pk: uuid.UUID) -> None:
    folder = _folder(pk)
    try:
        names = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)  # the local disk keeps an empty folder; object storage knows none
