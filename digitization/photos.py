"""Several photos of pages become one PDF."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import img2pdf
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from accounts.actors import Actor
from digitization import kinds, uploads
from digitization.models import StoredFile

PHOTOS = frozenset({kinds.JPEG, kinds.PNG})
_A4 = (img2pdf.mm_to_pt(210), img2pdf.mm_to_pt(297))


def join_photos(files: Sequence[StoredFile], name: str, owner: str, by: Actor) -> StoredFile:
    """One PDF of photos, an A4 page each, standing or lying as the photo does; JPEG goes in as it is.

    `name` is the PDF's, without an ending. Errors: uploads.UploadRefused, as when the whole is too large.
    """
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, prefix="upload-") as folder:
        pages = [_page(file, Path(folder) / f"{place:03}") for place, file in enumerate(files)]
        layout = img2pdf.get_layout_fun(_A4, auto_orient=True, fit=img2pdf.FitMode.into)
        whole = Path(folder) / "whole.pdf"
        with whole.open("wb") as target:
            img2pdf.convert(
                [str(page) for page in pages],
                layout_fun=layout,
                rotation=img2pdf.Rotation.ifvalid,
                outputstream=target,
            )
        if whole.stat().st_size > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
            sentence = _("Tệp ghép lớn hơn %(limit)s MB. Hãy ghép ít ảnh hơn, hoặc để từng ảnh riêng.")
            raise uploads.UploadRefused("too_large", sentence % {"limit": limit})
        with whole.open("rb") as source:
            return uploads.store_file(File(source), f"{name}.pdf", owner, by)


def _page(file: StoredFile, path: Path) -> Path:
    """The photo at `path`, in a form that a PDF can hold: an ordinary JPEG or PNG as it is, others on white."""
    with default_storage.open(file.storage_name) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    with Image.open(path, formats=("JPEG", "PNG")) as image:
        plain = image.format in ("JPEG", "PNG") and image.mode in ("1", "L", "RGB")
        if plain and "transparency" not in image.info:
            return path
        seen = ImageOps.exif_transpose(image).convert("RGBA")
    flat = Image.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    flat.save(path, "JPEG", quality=92)
    return path
