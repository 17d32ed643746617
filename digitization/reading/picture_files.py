"""A picture, or a stack of them in one TIFF, as a PDF with a page for each."""

from pathlib import Path

import img2pdf
from PIL import Image, ImageOps

from digitization.handover import Unreadable

A4_LONG_INCHES = 11.69
LONGEST_PAGE_INCHES, SHORTEST_PAGE_INCHES = 24.0, 3.0
LONG_PICTURE, SCREENSHOT_INCHES, LONGEST_PDF_INCHES = 3.0, 4.13, 200.0
_ORIENTATION = 0x0112  # of EXIF
# Mirrored pictures: img2pdf takes over turns (3, 6, 8) and ignores these.
_MIRRORED = (2, 4, 5, 7)


def picture_to_pdf(source: Path, folder: Path) -> Path:
    """A PDF with one page for each frame of a picture. Errors: Unreadable."""
    target = folder / "picture.pdf"
    try:
        with Image.open(source) as image:
            turned = image.getexif().get(_ORIENTATION, 1) in _MIRRORED
            if image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L") and not turned:
                frames = [source]  # its bytes go into the PDF as they are
            else:
                frames = [_frame(image, number, folder) for number in range(getattr(image, "n_frames", 1))]
        with target.open("wb") as output:
            img2pdf.convert(
                [str(frame) for frame in frames],
                layout_fun=_page_size,
                rotation=img2pdf.Rotation.ifvalid,
                first_frame_only=True,
                outputstream=output,
            )
    except Exception as problem:  # Pillow and img2pdf raise a dozen types for a picture that is damaged inside
        raise Unreadable("broken") from problem
    return target


def _frame(image: Image.Image, number: int, folder: Path) -> Path:
    """Frame `number` upright, on white where it is transparent, in a form that a PDF takes as it is."""
    image.seek(number)
    dpi = image.info.get("dpi", (0, 0))
    frame = ImageOps.exif_transpose(image)
    if frame.mode in ("RGBA", "LA", "PA") or "transparency" in frame.info:
        layers = frame.convert("RGBA")
        frame = Image.new("RGB", frame.size, "white")
        frame.paste(layers, mask=layers.getchannel("A"))
    if frame.mode.startswith("I;16") or frame.mode in ("I", "F"):
        # Sixteen bits a pixel or more: the high eight carry the page.
        frame = frame.convert("I").point(lambda value: value / 256)
        frame = frame.convert("L")
    if frame.mode not in ("1", "L", "RGB"):
        frame = frame.convert("RGB")
    path = folder / f"frame-{number:04}.{'jpg' if frame.mode == 'RGB' else 'png'}"
    stated = {"dpi": dpi} if dpi[0] > 1 else {}
    if frame.mode == "RGB":
        frame.save(path, quality=90, **stated)
    else:
        frame.save(path, compress_level=3, **stated)
    return path


def _page_size(width: int, height: int, dpi: tuple[float, float]) -> tuple[float, float, float, float]:
    """Page and picture size in points: true to the stated resolution when that gives a sheet of paper, else A4.

    Telephones state 72 dpi or none at all.
    """
    across, down = width / dpi[0], height / dpi[1]
    if max(width, height) > LONG_PICTURE * min(width, height):
        # A telephone's screenshot of many screens: as wide as paper, as long as it must be.
        scale = min(SCREENSHOT_INCHES / min(width, height), LONGEST_PDF_INCHES / max(width, height))
        across, down = width * scale, height * scale
    elif not SHORTEST_PAGE_INCHES <= max(across, down) <= LONGEST_PAGE_INCHES:
        scale = A4_LONG_INCHES / max(width, height)
        across, down = width * scale, height * scale
    return across * 72, down * 72, across * 72, down * 72
