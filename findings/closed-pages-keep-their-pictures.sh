#!/usr/bin/env bash
# A long scan, rendered page by page, each page closed before the next one is opened.
#
# Guess: the memory of a program that holds one page at a time does not grow with the pages it has seen.
# Seen: pypdfium2 5.15.2 keeps the packed pictures of every page it has rendered: 40 closed pages of 1.1 MB each leave
#   42 MB behind, which are given back when the document is closed.
# Why it matters: a worker that reads scans grows by as much as the file is large, on top of what reading needs.
# What we do instead: a long file is closed and opened anew every few pages.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pypdfium2==5.15.2 pillow==13.0.0 numpy==2.4.6
"$dir/env/bin/python" - "$dir/scan.pdf" <<'PY'
import sys
from pathlib import Path

import numpy
import pypdfium2
from PIL import Image

PAGES, SIDE = 40, 1200
file = Path(sys.argv[1])
chance = numpy.random.default_rng(1)
pages = [Image.fromarray(chance.integers(0, 255, (SIDE, SIDE), dtype=numpy.uint8)) for _ in range(PAGES)]
pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], quality=90)
del pages
size = file.stat().st_size / 2**20


def in_memory():
    """Megabytes that belong to this program alone."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


def see(document, number):
    page = document[number]
    page.render(scale=0.1)
    page.close()


with pypdfium2.PdfDocument(file) as document:  # what rendering takes anyway
    see(document, 0)
document = pypdfium2.PdfDocument(file)
see(document, 0)
one = in_memory()
for number in range(1, PAGES):
    see(document, number)
all_seen = in_memory()
document.close()
closed = in_memory()
print("pypdfium2 5.15.2")
print(f"guess: about as much after {PAGES} closed pages as after one ({one:.0f} MB)")
print(f"seen:  {all_seen - one:+.0f} MB after {PAGES} pages of a file of {size:.0f} MB, {closed - one:+.0f} MB once it is closed")
grown, given_back = all_seen - one, all_seen - closed
sys.exit(0 if grown > 0.7 * size and given_back > 0.5 * size else "the behaviour has changed")
PY
