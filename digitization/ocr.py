"""A searchable PDF/A, thumbnails and text of one file; run as a program of its own (`python -m digitization.ocr`).

A process of its own, because the libraries underneath read what strangers send: a crash, a loop or a hunger for
memory ends this process and not the worker. It needs no Django. `recognition.recognise_pages` starts it, reads its
progress (JSON lines on standard output) and takes the results from the folder.
"""

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

from digitization import kinds
from digitization.handover import RESULT, SEARCHABLE, Unreadable, page_name, thumbnail_name
from digitization.reading import copies, original
from digitization.reading.findings import PageFindings
from digitization.reading.own_text import PDFIUM
from digitization.reading.pages import THUMBNAIL_WIDTH, read_page
from digitization.reading.picture_files import picture_to_pdf

MEMORY_BYTES = 6 * 1024**3
# pdfium keeps every picture that it has read of a document, packed, until the document is closed.
PAGES_OF_ONE_OPENING = 40

Report = Callable[[str, int, int, int], None]


def make_searchable(source: Path, media_type: str, folder: Path, *, jobs: int, most_pages: int, report: Report) -> None:
    """Write SEARCHABLE, ``page-<n>.png``, ``page-<n>.found`` and RESULT into `folder`; never touches `source`.

    A page whose ``.found`` lies there already (of an attempt that was cut off) is not read again.
    `report` is told (stage, pages done, pages, number of the page just done or 0). Errors: Unreadable.
    """
    report("checking", 0, 0, 0)
    pdf = source if media_type == kinds.PDF else picture_to_pdf(source, folder)
    facts = original.examine_original(pdf)
    if facts.pages > most_pages:
        raise Unreadable("too_many_pages")
    try:
        pdf = copies.prepare_source(pdf, folder)
        pages = _read_pages(pdf, facts.pages, folder, jobs, report)
        report("storing", facts.pages, facts.pages, 0)
        pdfa = copies.write_copy(pdf, pages, folder / SEARCHABLE, folder)
    except (pypdfium2.PdfiumError, pikepdf.PdfError) as problem:
        raise Unreadable("broken") from problem
    result = {
        "pages": facts.pages,
        "pdfa": pdfa,
        "texts": [page.text for page in pages],
        "facts": asdict(facts),
        "findings": [_summary(page) for page in pages],
    }
    (folder / RESULT).write_text(json.dumps(result, ensure_ascii=False))


def _read_pages(pdf: Path, count: int, folder: Path, jobs: int, report: Report) -> list[PageFindings]:
    done = 0
    lock = threading.Lock()

    def read(document: pypdfium2.PdfDocument, number: int) -> PageFindings:
        nonlocal done
        kept = folder / page_name(number)
        known = kept.exists()
        if known:
            findings = PageFindings.unpack(kept.read_bytes())
            with PDFIUM:
                page = document[number - 1]
                thumbnail = page.render(scale=THUMBNAIL_WIDTH / page.get_width()).to_pil().convert("RGB")
                page.close()
            thumbnail = thumbnail.rotate(-findings.turn, expand=True) if findings.turn else thumbnail
        else:
            read = read_page(document, number)
            findings, thumbnail = read.findings, read.thumbnail
            part = kept.with_suffix(".part")
            part.write_bytes(findings.pack())
            part.replace(kept)
        thumbnail.quantize(64).save(folder / thumbnail_name(number), optimize=True)
        with lock:
            done += 1
            report("recognising", done, count, 0 if known else number)
        return findings

    report("recognising", 0, count, 0)
    pages: list[PageFindings] = []
    with ThreadPoolExecutor(max(1, jobs)) as pool:
        for first in range(1, count + 1, PAGES_OF_ONE_OPENING):
            with PDFIUM:
                document = pypdfium2.PdfDocument(pdf)
                document.init_forms()
            pages += pool.map(partial(read, document), range(first, min(first + PAGES_OF_ONE_OPENING, count + 1)))
            with PDFIUM:
                document.close()
    return pages


def _summary(page: PageFindings) -> dict[str, object]:
    return {
        "number": page.number,
        "source": page.source.value,
        "confidence": page.confidence,
        "quality": page.quality,
        "own_quality": page.own_quality,
        "turned": page.turn,
        "skew": round(page.skew, 2),
        "barcodes": [asdict(code) for code in page.barcodes],
    }


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

    def report(stage: str, done: int, pages: int, page: int) -> None:
        print(json.dumps({"stage": stage, "done": done, "pages": pages, "page": page}), file=lines)

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
