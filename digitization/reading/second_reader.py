"""A second reader of words: the line model of the package asterocr (MIT, 10.6 million weights), run by onnxruntime.

Only its weights are used: the package's own code is never imported. It reads no better than Tesseract altogether, and
other letters wrong.
"""

import json
import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from digitization.reading.findings import Word

HEIGHT_PIXELS = 32
# Around the words, in heights of their boxes, which hold the marks of capitals too. The wider, the smaller the marks
# that are left in a picture of 32 rows: 0.16 made twice the mistakes.
MARGIN = 0.08
# The model knows 256 places of four pixels and fails on a wider picture; of words, in heights of their line.
WIDEST_PIXELS, WIDEST_WORDS = 1024, 26

_lock = threading.Lock()


def fits_one_strip(words: Sequence[Word]) -> bool:
    """Whether so many words of one line can be read at once."""
    height = max(word.box[3] for word in words) - min(word.box[1] for word in words)
    return words[-1].box[2] - words[0].box[0] <= WIDEST_WORDS * height


def read_strip(picture: Image.Image, words: Sequence[Word]) -> list[tuple[str, float]]:
    """(text, sureness of its least sure letter, 0 to 1) of each word found where `words` stand in a grey `picture`.

    Nothing where there is no picture to speak of, or too long a one.
    """
    top, bottom = min(word.box[1] for word in words), max(word.box[3] for word in words)
    margin = max(2, (bottom - top) * MARGIN)
    left, right = words[0].box[0] - margin, words[-1].box[2] + margin
    box = tuple(round(value) for value in (max(0, left), max(0, top - margin), right, bottom + margin))
    strip = picture.crop((box[0], box[1], min(box[2], picture.width), min(box[3], picture.height)))
    if strip.width < 4 or strip.height < 4:
        return []
    width = max(HEIGHT_PIXELS, round(strip.width * HEIGHT_PIXELS / strip.height) + 3) // 4 * 4
    if width > WIDEST_PIXELS:
        return []
    strip = ImageOps.autocontrast(strip).resize((width, HEIGHT_PIXELS), Image.Resampling.BILINEAR)
    pixels = np.asarray(strip, dtype=np.float32) / 255  # as in its training
    session, letters = _model()
    (scores,) = session.run(None, {"images": np.broadcast_to(pixels, (1, 3, *pixels.shape)).copy()})
    scores = scores[:, 0, :]
    best = scores.argmax(axis=-1)
    sure = 1 / np.exp(scores - scores.max(axis=-1, keepdims=True)).sum(axis=-1)
    said = [(letters[at], float(sure[n])) for n, at in enumerate(best) if at and (n == 0 or at != best[n - 1])]
    found: list[tuple[str, float]] = []
    between = True
    for letter, sureness in said:
        if letter.isspace():
            between = True
            continue
        if between:
            found.append((letter, sureness))
        else:
            text, least = found[-1]
            found[-1] = (text + letter, min(least, sureness))
        between = False
    return found


def _model() -> tuple[Any, list[str]]:
    with _lock:
        return _load_model()


@cache
def _load_model() -> tuple[Any, list[str]]:
    import onnxruntime  # takes a quarter of a second, and most pages have no capitals

    spec = find_spec("asterocr")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package asterocr is missing: run `make setup`.")
    assets = Path(next(iter(spec.submodule_search_locations))) / "assets"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        os.fspath(assets / "asternet.onnx"), options, providers=["CPUExecutionProvider"]
    )
    return session, json.loads((assets / "vocab.json").read_text(encoding="utf-8"))["chars"]
