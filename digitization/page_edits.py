"""A scan whose pages are put in order, turned, left out or replaced: a new file beside the old one, which stays."""

import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from accounts.actors import Actor
from core.refusals import Refused
from digitization import kinds, scans, uploads
from digitization.handover import Unreadable
from digitization.models import Derivative, Scan, ScanPage, StoredFile
from digitization.reading.forms import keep_form_on_pages
from digitization.reading.picture_files import picture_to_pdf
from digitization.signing import checks


@dataclass(frozen=True)
class PageWanted:
    """A page of the new version: the old one's `number` (from 1), turned clockwise by `turn` degrees, or in its place
    the pages of another file."""

    number: int
    turn: int = 0
    instead: StoredFile | None = None


def may_be_edited(file: StoredFile) -> bool:
    """A file that was read whole; one that is signed is never rewritten, because no signature would hold then."""
    scan: Scan | None = getattr(file, "scan", None)
    return scan is not None and scan.state == Scan.State.READY and not checks.is_signed(scan)


def blank_pages(file: StoredFile) -> set[int]:
    """The numbers of its pages on which nothing was found."""
    found = ScanPage.objects.filter(scan_id=file.pk, source=ScanPage.Source.BLANK)
    return set(found.values_list("number", flat=True))


def make_version(file: StoredFile, pages: Sequence[PageWanted], by: Actor) -> StoredFile:
    """The new version, in the given order, read like every scan. Raises Refused, uploads.UploadRefused."""
    if not may_be_edited(file):
        raise Refused("not_editable", _("Tệp này đã ký số hoặc chưa đọc xong nên không sửa trang được."))
    if not pages:
        raise Refused("no_pages", _("Hãy giữ lại ít nhất một trang."))
    made = io.BytesIO()
    with (
        default_storage.open(_pdf_of(file)) as opened,
        pikepdf.open(cast(BinaryIO, opened)) as old,
        pikepdf.new() as new,
    ):
        keep_form_on_pages(old)
        for wanted in pages:
            if not 1 <= wanted.number <= len(old.pages):
                raise Refused("no_such_page", _("Tệp không có trang %(n)s.") % {"n": wanted.number})
            begins = len(new.pages)
            if wanted.instead is not None:
                _add_all(new, wanted.instead)
            else:
                new.pages.append(old.pages[wanted.number - 1])
            for page in list(new.pages)[begins:]:
                page.rotate(wanted.turn % 360, relative=True)
        new.remove_unreferenced_resources()
        new.save(made, deterministic_id=True)
    name = f"{file.name.rpartition('.')[0]}.pdf"
    version = uploads.store_file(ContentFile(made.getvalue(), name=name), name, file.owner, by)
    StoredFile.objects.filter(pk=version.pk).update(version_of=file)
    version.version_of = file
    scans.queue_scan(version)
    return version


def _add_all(new: pikepdf.Pdf, file: StoredFile) -> None:
    try:
        with pikepdf.open(io.BytesIO(_as_pdf(file))) as other:
            keep_form_on_pages(other)
            new.pages.extend(other.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError) as problem:
        raise _no_replacement() from problem


def _pdf_of(file: StoredFile) -> str:
    """Where its pages are: the original where it is a PDF, else our copy of the picture."""
    if file.media_type == kinds.PDF:
        return file.storage_name
    return file.derivatives.get(kind__in=[Derivative.Kind.PDFA, Derivative.Kind.PDF]).storage_name


def _as_pdf(file: StoredFile) -> bytes:
    with default_storage.open(file.storage_name) as opened:
        content = opened.read()
    if file.media_type == kinds.PDF:
        return bytes(content)
    if file.media_type not in kinds.SCANNABLE:
        raise _no_replacement()
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="page-") as name:
        folder = Path(name)
        source = folder / f"picture{kinds.ENDINGS[file.media_type][0]}"
        source.write_bytes(content)
        try:
            return picture_to_pdf(source, folder).read_bytes()
        except Unreadable as problem:
            raise _no_replacement() from problem


def _no_replacement() -> Refused:
    return Refused("no_picture", _("Không đọc được tệp thay thế. Hãy chọn tệp PDF hoặc ảnh khác."), field="instead")
