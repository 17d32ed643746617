#!/usr/bin/env bash
# A decision with a numbered list, set by WeasyPrint and read back.
#
# Guess: the text of the PDF has each number before its point, as the page shows it; in a tagged PDF (PDF/UA) surely.
# Seen: weasyprint 70.0 draws the numbers outside the list after everything else on the page: pypdf 7.1.1 and
#   pypdfium2 5.15.2 read "Cấp giấy phép. Thu lệ phí. Nơi nhận: 1. 2.", in PDF/UA too. With list-style-position: inside
#   the order is right.
# Why it matters: whoever copies, searches or indexes the decision finds points without numbers, and numbers below
#   the list of recipients that belong to nothing.
# What we do instead: papers are set by reportlab, which draws each number just before its point (papers/blocks.py:
#   numbered).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check weasyprint==70.0 pypdf==7.1.1 pypdfium2==5.15.2
"$dir/env/bin/python" - <<'PY'
import io
import sys

import pypdf
import pypdfium2
from weasyprint import HTML

POINTS = "<li>Cấp giấy phép.</li><li>Thu lệ phí.</li>"
WRITTEN = ["QUYẾT ĐỊNH:", "1. Cấp giấy phép.", "2. Thu lệ phí.", "Nơi nhận:"]


def texts(style="", **options):
    """The page's text as two readers give it, in one line each."""
    page = HTML(string=f"<p>QUYẾT ĐỊNH:</p><ol style='{style}'>{POINTS}</ol><p>Nơi nhận:</p>").write_pdf(**options)
    read = pypdf.PdfReader(io.BytesIO(page)).pages[0].extract_text()
    return [" ".join(text.split()) for text in (read, pypdfium2.PdfDocument(page)[0].get_textpage().get_text_range())]


seen = {
    "outside": texts(),
    "outside, PDF/UA": texts(pdf_variant="pdf/ua-1"),
    "inside": texts("list-style-position: inside"),
}
print("weasyprint 70.0, pypdf 7.1.1, pypdfium2 5.15.2")
print("guess:", " ".join(WRITTEN), "(each time)")
for name, found in seen.items():
    print(f"seen:  {name}: {' | '.join(dict.fromkeys(found))}")
late = "QUYẾT ĐỊNH: Cấp giấy phép. Thu lệ phí. Nơi nhận: 1. 2."
as_noted = list(seen.values()) == [[late] * 2, [late] * 2, [" ".join(WRITTEN)] * 2]
sys.exit(0 if as_noted else "the behaviour has changed")
PY
