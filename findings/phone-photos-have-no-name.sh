#!/usr/bin/env bash
# Naming the kinds of pictures that may be opened, photos of some telephones (MPO) among them.
#
# Guess: Image.open(photo, formats=("JPEG", "MPO", "PNG")) opens a JPEG, an MPO and a PNG; all three names are ones that
#   Pillow gives its pictures, and writes.
# Seen: Pillow 13.0.0 opens the JPEG and the MPO and raises KeyError: 'MPO' for the PNG. A photo with two pictures in it is
#   opened by the name JPEG and calls itself MPO afterwards; no opener has the name MPO, which is looked up only when the
#   names before it did not fit. So the list works for years, until somebody sends the kind that stands behind it.
# Why it matters: a counter takes photos of papers; a list of permitted formats is what keeps other decoders out.
# What we do instead: MPO is never named for opening (digitization/photos.py); "JPEG" opens it, and a test sends a PNG.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pillow==13.0.0
"$dir/env/bin/python" - <<'PY'
import io
import sys

import PIL
from PIL import Image

page = Image.new("RGB", (30, 40), "white")


def written(form, **options):
    target = io.BytesIO()
    page.save(target, form, **options)
    return io.BytesIO(target.getvalue())


def opened(photo):
    try:
        with Image.open(photo, formats=("JPEG", "MPO", "PNG")) as image:
            return f"opened, calls itself {image.format}"
    except KeyError as error:
        return f"KeyError: {error}"


second = Image.new("RGB", (30, 40), "black")
seen = {
    "JPEG": opened(written("JPEG")),
    "MPO": opened(written("MPO", save_all=True, append_images=[second])),
    "PNG": opened(written("PNG")),
}
print(f"Pillow {PIL.__version__}")
print("guess: each is opened")
for form, said in seen.items():
    print(f"seen:  {form}: {said}")
as_noted = {
    "JPEG": "opened, calls itself JPEG",
    "MPO": "opened, calls itself MPO",
    "PNG": "KeyError: 'MPO'",
}
sys.exit(0 if seen == as_noted else "the behaviour has changed")
PY
