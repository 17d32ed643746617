#!/usr/bin/env bash
# A page's content taken as a form XObject, before the page gets other content.
#
# Guess: as_form_xobject() gives what the page shows at that moment.
# Seen: pikepdf 10.17.0 gives a stream that looks the page's content up when it is read: after page.Contents was
#   replaced, the form holds the new content. Writing its own bytes back to it at once keeps the old.
# Why it matters: a crooked scan is turned by drawing its content, as a form, through a matrix. The form then holds the
#   drawing of itself, and the copy of the paper is an empty page; its recognised text is all there.
# What we do instead: the bytes are written into the form before the page's content is replaced, and a test counts ink.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pikepdf==10.17.0
"$dir/env/bin/python" - <<'PY'
import sys

import pikepdf


def taken(write_back):
    """Take a page's content as a form, replace the page's content, and read the form."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(b"0 0 100 100 re f")
    form = page.as_form_xobject()
    if write_back:
        form.write(form.read_bytes())
    page.Contents = pdf.make_stream(b"% nothing is drawn")
    return form.read_bytes().strip().decode()


seen = taken(write_back=False), taken(write_back=True)
print("pikepdf 10.17.0")
print("guess: '0 0 100 100 re f' both times")
print("seen: ", seen)
sys.exit(0 if seen == ("% nothing is drawn", "0 0 100 100 re f") else "the behaviour has changed")
PY
