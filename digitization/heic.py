"""Photos as telephones keep them (HEIC, AVIF), made into JPEG, which every reader of a dossier can open."""

from pathlib import Path

import pillow_heif
from django.conf import settings
from PIL import Image

from digitization import kinds

_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
ENDINGS = (".heic", ".heif", ".avif")
_QUALITIES = (92, 80, 65)  # the first that fits the limit for uploads


def is_phone_photo(path: Path) -> bool:
    """Whether the file at `path` is one of these formats, by its first bytes."""
    with path.open("rb") as file:
        head = file.read(12)
    return head[4:8] == b"ftyp" and head[8:12] in (*_BRANDS, b"avif")


def photo_to_jpeg(path: Path) -> None:
    """Put a JPEG of the photo in its place: upright, eight bits a colour, without the place where it was taken.

    Of several pictures in the file the main one is taken. Errors: kinds.UploadRefused.
    """
    try:
        image = _open(path)
        if image.width * image.height > kinds.MOST_PIXELS:
            raise kinds.UploadRefused("too_many_pixels")
        flat = image.convert("RGB")
        profile = image.info.get("icc_profile")
        for quality in _QUALITIES:
            flat.save(path, "JPEG", quality=quality, icc_profile=profile)
            if path.stat().st_size <= settings.UPLOAD_LIMIT_BYTES:
                break
    except kinds.UploadRefused:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, RuntimeError, MemoryError):
        raise kinds.UploadRefused("broken") from None


def _open(path: Path) -> Image.Image:
    """Its size is known before its pixels are decoded."""
    with path.open("rb") as file:
        if file.read(12)[8:12] == b"avif":
            return Image.open(path, formats=("AVIF",))
    photo = pillow_heif.open_heif(path, convert_hdr_to_8bit=True)
    if photo.size[0] * photo.size[1] > kinds.MOST_PIXELS:
        raise kinds.UploadRefused("too_many_pixels")
    return photo.to_pillow()
