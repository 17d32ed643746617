#!/usr/bin/env bash
# Communes written to a shapefile in JavaScript.
#
# Guess: @mapbox/shp-write 0.4.3 writes names that a reader gets back, and gives two columns two names, or says that it
#   cannot.
# Seen: of each letter one byte is kept: Phường, Bến and Sài come back without their Vietnamese letters. Column names
#   are cut at the format's ten signs and nothing more: TEN_DON_VI_CU and TEN_DON_VI_MOI are both TEN_DON_VI, of which a
#   reader by name sees the last. pyshp 3.1.6 writes the names whole.
# Why it matters: communes as they were before and after 1 July 2025 go to a GIS as one column, without their letters.
# What we do instead: no map files are written; what is handed over is JSON in UTF-8 (exchange/).
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/env"
"$dir/env/bin/pip" install -qq --disable-pip-version-check pyshp==3.1.6
npm install --prefix "$dir" --silent --no-audit --no-fund --ignore-scripts @mapbox/shp-write@0.4.3 jszip@3.10.1
cat >"$dir/try.cjs" <<'JS'
const { writeFileSync } = require("node:fs");
const path = require("node:path");
const JSZip = require("jszip");
const shpwrite = require("@mapbox/shp-write");

const properties = { TEN_DON_VI_CU: "Phường Bến Nghé", TEN_DON_VI_MOI: "Phường Sài Gòn" };
const geometry = { type: "Point", coordinates: [106.7, 10.78] };
(async () => {
  const places = { type: "FeatureCollection", features: [{ type: "Feature", properties, geometry }] };
  const packed = await shpwrite.zip(places, { outputType: "nodebuffer", compression: "STORE", types: { point: "communes" } });
  const files = await JSZip.loadAsync(packed);
  for (const name of Object.keys(files.files).filter((name) => !files.files[name].dir))
    writeFileSync(path.join(__dirname, path.basename(name)), await files.file(name).async("nodebuffer"));
})();
JS
node "$dir/try.cjs"
"$dir/env/bin/python" - "$dir" <<'PY'
import sys
from pathlib import Path

import shapefile

folder = Path(sys.argv[1])
NAMES = ["Phường Bến Nghé", "Phường Sài Gòn"]


def told(name):
    with shapefile.Reader(str(folder / name), encoding="utf-8", encodingErrors="replace") as reader:
        return [field[0] for field in reader.fields if field[0] != "DeletionFlag"], list(reader.record(0))


with shapefile.Writer(str(folder / "whole"), encoding="utf-8") as writer:
    writer.field("TEN_CU", "C", size=80)
    writer.field("TEN_MOI", "C", size=80)
    writer.point(106.7, 10.78)
    writer.record(*NAMES)
columns, names = told("communes")
print("@mapbox/shp-write 0.4.3, pyshp 3.1.6")
print(f"guess: two columns: {NAMES}")
print(f"seen:  @mapbox/shp-write: {columns}: {names!a}")
print(f"seen:  pyshp: {told('whole')}")
as_noted = columns == ["TEN_DON_VI"] * 2 and names[0] == "Ph\ufffd\ufffdng B\ufffdn Ngh\ufffd" and told("whole")[1] == NAMES
sys.exit(0 if as_noted else "the behaviour has changed")
PY
