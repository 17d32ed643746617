"""A searchable PDF/A, thumbnails and text of one file; run as a program of its own (`python -m digitization.ocr`).

A process of its own, because the libraries underneath read what strangers send: a crash, a loop or a hunger for
memory ends this process and not the worker. It needs no Django. `recognition.recognise` starts it, reads its
progress (JSON lines on standard output) and takes the results from the folder.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import img2pdf
import ocrmypdf
import pikepdf
import pypdfium2
from PIL import Image, ImageOps

from digitization import kinds, tesseract_engine
from digitization.handover import RESULT, SEARCHABLE, Unreadable, thumbnail_name

THUMBNAIL_WIDTH = 240
MEMORY_BYTES = 6 * 1024**3
# Skew is measured on pages rendered at this resolution.
SKEW_DPI = 200
# A page with fewer characters of its own (a stamp, a page number) counts as a picture of text.
LEAST_OWN_CHARACTERS = 16
A4_LONG_INCHES = 11.69
LONGEST_PAGE_INCHES, SHORTEST_PAGE_INCHES = 24.0, 3.0

Report = Callable[[str, int, int], None]


def make_searchable(source: Path, media_type: str, folder: Path, *, jobs: int, most_pages: int, report: Report) -> None:
    """Write SEARCHABLE, ``page-<n>.png`` and RESULT into `folder`; never touches `source`.

    RESULT: {"pages", "pdfa" (declared and validated, or a plain PDF), "texts" (one a page)}.
    `report` is told (stage, pages done, pages). Errors: Unreadable.
    """
    report("checking", 0, 0)
    pdf = source if media_type == kinds.PDF else picture_to_pdf(source, folder)
    pages = _count_pages(pdf)
    if pages > most_pages:
        raise Unreadable("too_many_pages")
    report("checking", 0, pages)
    searchable = folder / SEARCHABLE
    _recognise(pdf, searchable, jobs=jobs, crooked=_is_crooked(pdf), report=report, pages=pages)
    report("thumbnails", pages, pages)
    texts = _thumbnails_and_texts(searchable, folder)
    with pikepdf.open(searchable) as result:
        pdfa = bool(result.open_metadata().pdfa_status)
    (folder / RESULT).write_text(json.dumps({"pages": pages, "pdfa": pdfa, "texts": texts}))


def picture_to_pdf(source: Path, folder: Path) -> Path:
    """A PDF with one page for each frame of a picture. Errors: Unreadable."""
    target = folder / "picture.pdf"
    try:
        with Image.open(source) as image:
            if image.format in ("JPEG", "MPO") and image.mode in ("RGB", "L"):
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
    if not SHORTEST_PAGE_INCHES <= max(across, down) <= LONGEST_PAGE_INCHES:
        scale = A4_LONG_INCHES / max(width, height)
        across, down = width * scale, height * scale
    return across * 72, down * 72, across * 72, down * 72


def _count_pages(pdf: Path) -> int:
    try:
        with pikepdf.open(pdf) as opened:
            return len(opened.pages)
    except pikepdf.PasswordError:
        raise Unreadable("encrypted") from None
    except pikepdf.PdfError:
        raise Unreadable("broken") from None


def _is_crooked(pdf: Path) -> bool:
    """Whether a page without text of its own was laid crooked on the glass.

    Straightening makes pages anew, so it is only done when it is needed.
    """
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise Unreadable("broken") from None
    with document:
        for page in document:
            if _own_characters(page) >= LEAST_OWN_CHARACTERS:
                continue
            image = page.render(scale=SKEW_DPI / 72, grayscale=True).to_pil()
            if abs(tesseract_engine.measured_skew(image)) >= tesseract_engine.LEAST_SKEW_DEGREES:
                return True
    return False


def _own_characters(page: pypdfium2.PdfPage) -> int:
    return len(page.get_textpage().get_text_bounded().strip())


def _recognise(pdf: Path, target: Path, *, jobs: int, crooked: bool, report: Report, pages: int) -> None:
    def on_progress(step: str, done: float, total: float) -> None:
        if step == "OCR":
            report("recognising", int(done), pages)
        elif step != "Scanning contents":
            report("storing", pages, pages)

    tesseract_engine.watch(on_progress)
    report("recognising", 0, pages)
    try:
        ocrmypdf.ocr(
            pdf,
            target,
            language=[tesseract_engine.LANGUAGE],
            mode="skip",  # a page with text of its own keeps it
            output_type="auto",  # PDF/A when the result passes as such, else a plain PDF that says so
            pdfa_backend="internal",
            rasterizer="pypdfium",
            rotate_pages=True,
            deskew=crooked,
            invalidate_digital_signatures=True,  # of this copy; the signed original stays as it is
            optimize=0,
            jobs=jobs,
            use_threads=True,
            progress_bar=True,
            plugins=["digitization.tesseract_engine"],
        )
    except ocrmypdf.exceptions.EncryptedPdfError:
        raise Unreadable("encrypted") from None
    except (ocrmypdf.exceptions.InputFileError, ocrmypdf.exceptions.DpiError, pikepdf.PdfError) as problem:
        raise Unreadable("broken") from problem


def _thumbnails_and_texts(pdf: Path, folder: Path) -> list[str]:
    texts = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, start=1):
            texts.append(page.get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\0", ""))
            image = page.render(scale=THUMBNAIL_WIDTH / page.get_width()).to_pil().convert("RGB")
            image.quantize(64).save(folder / thumbnail_name(number), optimize=True)
    return texts


def _end_with_parent() -> None:
    """The parent holds our standard input open; when it dies, however it dies, this process ends too."""

    def wait_for_the_end() -> None:
        while os.read(0, 64):  # the bare descriptor: a buffered reader would hold a lock at our own end
            pass
        os._exit(3)

    threading.Thread(target=wait_for_the_end, daemon=True).start()


def main(arguments: list[str]) -> int:
    source, media_type, folder, jobs, most_pages = arguments
    lines = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # libraries may print; standard output is for progress alone
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    Image.MAX_IMAGE_PIXELS = 2 * kinds.MOST_PIXELS
    _end_with_parent()

    def report(stage: str, done: int, pages: int) -> None:
        print(json.dumps({"stage": stage, "done": done, "pages": pages}), file=lines)

    try:
        make_searchable(
            Path(source), media_type, Path(folder), jobs=int(jobs), most_pages=int(most_pages), report=report
        )
    except Unreadable as unreadable:
        print(json.dumps({"unreadable": unreadable.code}), file=lines)
    except MemoryError:
        print(json.dumps({"unreadable": "too_large"}), file=lines)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
