#!/usr/bin/env bash
# A clean line of names in capitals, read by Tesseract.
#
# Guess: black letters on white paper are read well or badly, but never left out.
# Seen: tesserocr 2.13.0 (Tesseract 5.5.4) with the model vie of @tesseract.js-data 1.0.0 gives nothing for MAI HÀ HUỆ in italics, and the
#   name with textord_noise_rejrows=0: its page analysis takes letters with marks above and below for dirt and drops the whole row,
#   with no word of a low confidence that would tell of it.
# Why it matters: a name is missing from a list, and no measure of confidence shows it.
# What we do instead: digitization/reading/tesseract.py keeps rows unless the picture is noisy, where the rows are noise.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts \
  @tesseract.js-data/vie@1.0.0 @expo-google-fonts/tinos@0.4.2
gunzip -c "$dir/node_modules/@tesseract.js-data/vie/4.0.0_best_int/vie.traineddata.gz" > "$dir/vie.traineddata"
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check tesserocr==2.13.0 pillow==13.0.0
OMP_THREAD_LIMIT=1 "$dir/env/bin/python" - "$dir" <<'PY'
import sys

import tesserocr
from PIL import Image, ImageDraw, ImageFont

folder, name = sys.argv[1], "MAI HÀ HUỆ"
font = f"{folder}/node_modules/@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf"
line = Image.new("L", (700, 200), 255)
ImageDraw.Draw(line).text((60, 60), name, font=ImageFont.truetype(font, 36), fill=20)
seen = []
with tesserocr.PyTessBaseAPI(path=folder, lang="vie", psm=tesserocr.PSM.AUTO) as reader:
    for drop in ("1", "0"):
        reader.SetVariable("textord_noise_rejrows", drop)
        reader.SetImage(line)
        reader.SetSourceResolution(200)
        seen.append(reader.GetUTF8Text().strip())
print(f"tesserocr {tesserocr.__version__}, {tesserocr.tesseract_version().splitlines()[0]}")
print(f"guess: {name}")
print(f"seen:  {seen[0]!r} as it comes, {seen[1]!r} with textord_noise_rejrows=0")
sys.exit(0 if seen == ["", name] else "the behaviour has changed")
PY
