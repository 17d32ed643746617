"""The largest memory of the program that reads a file of 500 scanned pages, against a goal of 700 MB.

Ten pages at 300 dpi, half of them crooked, stand in the file fifty times, each time as pictures of their own: six in
black and white as copiers scan, four in grey. The whole is about as large as an upload may be. Run with
`make bench NAME=scanning_500_pages` (PAGES=500 unless set); the last line is the result as JSON.
"""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path

import pikepdf
from PIL import Image

from bench.programs import CHECKOUT, measure
from bench.scanned_pages import DPI, draw
from digitization import tessdata
from digitization.handover import RESULT

PAGES = int(os.environ.get("PAGES", "500"))
JOBS, GOAL_MB = 2, 700
TEN = [("straight", "1"), ("light", "L"), ("crooked", "1"), ("straight", "1"), ("crooked", "L")] * 2
GREY_QUALITY = 15  # of JPEG; finer ones would make the file larger than what is taken


def ten_pages(target: Path) -> None:
    """Write the pages, each in black and white (mode "1", CCITT G4) or in grey (mode "L", JPEG)."""
    with pikepdf.new() as pdf:
        for number, (kind, mode) in enumerate(TEN):
            page, _text = draw(number, kind)
            one = io.BytesIO()
            options = {"quality": GREY_QUALITY} if mode == "L" else {}
            page.convert(mode, dither=Image.Dither.NONE).save(one, "PDF", resolution=DPI, **options)
            with pikepdf.open(one) as made:
                pdf.pages.extend(made.pages)
        pdf.save(target)


def repeated(ten: Path, target: Path, pages: int) -> None:
    """Write a file of so many pages; each ten come from the file opened anew, so that they share nothing."""
    with pikepdf.new() as pdf:
        opened = [pikepdf.open(ten) for _ in range(-(-pages // len(TEN)))]
        for source in opened:
            pdf.pages.extend(source.pages)
        del pdf.pages[pages:]
        pdf.save(target)
        for source in opened:
            source.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["OMP_THREAD_LIMIT"] = "1"
        os.environ["TESSDATA_PREFIX"] = str(tessdata.unpack(CHECKOUT / "node_modules", folder / "tessdata"))
        ten, stack, result = folder / "ten.pdf", folder / "stack.pdf", folder / "result"
        ten_pages(ten)
        repeated(ten, stack, PAGES)
        result.mkdir()
        command = [sys.executable, "-m", "digitization.ocr", str(stack), "application/pdf", str(result), str(JOBS)]
        used = measure([*command, str(PAGES)], CHECKOUT)
        read = json.loads((result / RESULT).read_text())
        detail = {
            "unit": "MB",
            "pages": read["pages"],
            "pdfa": read["pdfa"],
            "pages_without_text": sum(not text.strip() for text in read["texts"]),
            "megabytes_of_the_file": round(stack.stat().st_size / 2**20),
            "jobs": JOBS,
            "load": os.getloadavg(),
            **{key: round(value, 1) for key, value in used.items()},
        }
    peak = detail["peak_mb"]
    holds = isinstance(peak, float) and peak < GOAL_MB
    print(json.dumps({"name": "scanning_500_pages", "ours": peak, "goal": GOAL_MB, "holds": holds, "detail": detail}))


if __name__ == "__main__":
    main()
