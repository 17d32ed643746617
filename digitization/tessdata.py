"""The language models of Tesseract, unpacked once from the npm packages that bring them."""

import gzip
import os
import shutil
import tempfile
from pathlib import Path

MODELS = ("vie", "osd")
# `4.0.0` of the same packages makes nearly three times the character errors (1.26 % against 3.63 %).
EDITION = "4.0.0_best_int"


class ModelsMissing(Exception):
    """The npm packages are not installed."""


def unpack(packages: Path, folder: Path) -> Path:
    """Make `folder` hold every model, from `packages` (node_modules) where it does not; returns `folder`.

    Safe for several processes at once. Errors: ModelsMissing.
    """
    for model in MODELS:
        target = folder / f"{model}.traineddata"
        if target.exists():
            continue
        packed = packages / "@tesseract.js-data" / model / EDITION / f"{model}.traineddata.gz"
        if not packed.exists():
            raise ModelsMissing(f"{packed} is missing: run `make setup`, which installs the npm packages.")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part, gzip.open(packed) as source:
            shutil.copyfileobj(source, part)
        os.chmod(part.name, 0o644)
        os.replace(part.name, target)
    return folder
