"""Receiving a file that a form sends: no more of it is kept than the limit allows."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

# All files of one form together: a folder of scans at once, but not the disk.
LIMITS_A_FORM = 3


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes to disk up to the limit and lets the rest run past.

    The rest is read, because a browser shows an answer only after it has sent everything. The file then arrives
    empty but with its true size, so that the form says the one sentence about limits at the field, and every
    other answer in the form is kept.
    """

    kept = 0  # bytes on disk, of all files of the form

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received, self.is_over = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        limit = settings.UPLOAD_LIMIT_BYTES
        if not self.is_over and (self.received > limit or self.kept + len(raw_data) > LIMITS_A_FORM * limit):
            self.is_over = True
            self.kept -= self.file.tell()
            self.file.seek(0)
            self.file.truncate()
        if not self.is_over:
            self.file.write(raw_data)
            self.kept += len(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        self.file.size = max(file_size, settings.UPLOAD_LIMIT_BYTES + 1) if self.is_over else file_size
        return self.file
