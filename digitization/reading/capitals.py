"""A second reading of words in capitals, where Tesseract loses accents (NGUYỄN becomes NGUYÊN, KỲ becomes KỸ).

The second reader is the line model of the package asterocr (MIT, 10.6 million weights), run by onnxruntime. Only its
weights are used: the package's own code is never imported. Where the two differ, spelling and the list of names
decide; `bench/scanning.py` measures what that is worth.
"""

import json
import os
import re
import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from digitization.reading.findings import Line, Word
from vietnam.names import FAMILY_NAMES, MIDDLE_NAMES, likely_family_name, likely_middle_name
from vietnam.syllables import is_syllable
from vietnam.text import fold

HEIGHT_PIXELS = 32
# Around the words, in heights of their boxes, which hold the marks of capitals too. The wider, the smaller the marks
# that are left in a picture of 32 rows: 0.16 made twice the mistakes.
MARGIN = 0.08
LONGEST_RUN = 12  # words read in one piece
# Words of two names and more that begin with a family name are a person.
LEAST_NAME_WORDS = 2

_EDGES = re.compile(r"^\W+|\W+$")
_lock = threading.Lock()


def reread_capitals(lines: list[Line], picture: Image.Image) -> int:
    """Put right what the first reading of `picture` (grey) made of words in capitals; returns how many changed."""
    changed = 0
    for line in lines:
        for run in _runs(line.words):
            second = _second_reading(picture, run).split()
            if len(second) != len(run):
                second = [""] * len(run)
            for word, other in zip(run, second, strict=True):
                changed += _choose(word, other)
            changed += _mend_names(run)
    return changed


def _runs(words: list[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    for word in words:
        if not _is_capital(word.text) or len(runs[-1]) == LONGEST_RUN:
            runs.append([])
        if _is_capital(word.text):
            runs[-1].append(word)
    return [run for run in runs if len("".join(word.text for word in run)) > 1]


def _is_capital(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(c.isupper() for c in letters) and not any(c.isdigit() for c in text)


def _choose(word: Word, other: str) -> bool:
    """Take the second reading where it has the same letters and the better spelling."""
    first, second = _EDGES.sub("", word.text), _EDGES.sub("", other)
    if not second or first == second or not second.isupper():
        return False
    same_letters = fold(first) == fold(second)
    better_spelt = is_syllable(second) and not is_syllable(first)
    if same_letters and is_syllable(second):
        return _write(word, first, second)
    if better_spelt and abs(len(first) - len(second)) <= 1:
        return _write(word, first, second)
    return False


def _mend_names(run: list[Word]) -> bool:
    """The family name at the beginning of a name, and the names in its middle."""
    said = [_EDGES.sub("", word.text) for word in run]
    if not LEAST_NAME_WORDS <= len(said) <= 5:
        return False
    changed = False
    family = likely_family_name(said[0])
    if family and any(word in MIDDLE_NAMES or likely_middle_name(word) for word in said[1:-1] or said[1:]):
        changed |= _write(run[0], said[0], family)
        said[0] = family
    if said[0] in FAMILY_NAMES:
        for word, text in zip(run[1:-1], said[1:-1], strict=True):
            middle = likely_middle_name(text)
            if middle and not is_syllable(text):
                changed |= _write(word, text, middle)
    return changed


def _write(word: Word, before: str, after: str) -> bool:
    text = word.text.replace(before, after)
    changed, word.text = text != word.text, text
    return changed


def _second_reading(picture: Image.Image, run: list[Word]) -> str:
    top, bottom = min(word.box[1] for word in run), max(word.box[3] for word in run)
    margin = max(2, (bottom - top) * MARGIN)
    left, right = run[0].box[0] - margin, run[-1].box[2] + margin
    box = tuple(round(value) for value in (max(0, left), max(0, top - margin), right, bottom + margin))
    strip = picture.crop((box[0], box[1], min(box[2], picture.width), min(box[3], picture.height)))
    if strip.width < 4 or strip.height < 4:
        return ""
    width = max(HEIGHT_PIXELS, round(strip.width * HEIGHT_PIXELS / strip.height) + 3) // 4 * 4
    strip = ImageOps.autocontrast(strip).resize((width, HEIGHT_PIXELS), Image.Resampling.BILINEAR)
    pixels = np.asarray(strip, dtype=np.float32) / 255  # as in its training
    session, letters = _model()
    (scores,) = session.run(None, {"images": np.broadcast_to(pixels, (1, 3, *pixels.shape)).copy()})
    best = scores[:, 0, :].argmax(axis=-1)
    said = [at for index, at in enumerate(best) if at and (index == 0 or at != best[index - 1])]
    return "".join(letters[at] for at in said)


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
