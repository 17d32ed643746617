"""Tesseract within this process (tesserocr): orientation and the words of a picture.

No system program is needed; the models lie in the folder that TESSDATA_PREFIX names (`tessdata.unpack`).
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageStat
from tesserocr import OEM, PSM, RIL, PyTessBaseAPI, iterate_level

from digitization.reading.findings import Line, Word
from digitization.reading.smoothing import median_of_nine

LANGUAGE = "vie"
# Mean difference between neighbouring grey levels (of 255). Printed pages scan at 1 to 9, a page that Tesseract
# cannot tell from its noise at 12 and more. Smoothing costs thin strokes, so only a fine and noisy picture gets it.
NOISY, FINE_DPI = 11.0, 250
NOISE_SAMPLE_PIXELS = 800
# Below, Tesseract is told not to take lines for dirt: it gives up whole lines of clean print whose capitals carry many
# marks. On noisy pages the same makes words of the noise.
HARDLY_NOISY = 4.5
# Confidence in an orientation: the first is what ocrmypdf asks for before it turns a page.
SURE, FAIRLY_SURE = 15.0, 4.0
# Points of mean word confidence: text read upside down stays below 40, upright above 80.
CLEARLY_BETTER = 20

_per_thread = threading.local()


@contextmanager
def _reader(language: str, mode: int, engine: int = OEM.LSTM_ONLY) -> Iterator[PyTessBaseAPI]:
    """A Tesseract of this thread's own: loading the model takes as long as reading a short page."""
    readers = _per_thread.__dict__.setdefault("readers", {})
    key = (language, engine)
    if key not in readers:
        readers[key] = PyTessBaseAPI(path=os.environ["TESSDATA_PREFIX"], lang=language, oem=engine, psm=mode)
    reader = readers[key]
    reader.SetPageSegMode(mode)
    try:
        yield reader
    finally:
        reader.Clear()


def noise(image: Image.Image) -> float:
    """How far the grey levels in the middle of a picture stray from their neighbours', 0 to 255."""
    across, down = (size // 2 for size in image.size)
    half = NOISE_SAMPLE_PIXELS // 2
    sample = image.convert("L").crop((max(0, across - half), max(0, down - half), across + half, down + half))
    return ImageStat.Stat(ImageChops.difference(sample, median_of_nine(sample))).mean[0]


def orientation(image: Image.Image) -> int:
    """Degrees clockwise by which to turn the picture so that it stands upright; 0 when that is not sure.

    A page with few lines never makes the orientation model sure, so its guess is held against what can be read.
    """
    with _reader("osd", PSM.OSD_ONLY, OEM.TESSERACT_ONLY) as reader:
        reader.SetImage(image)
        found = reader.DetectOrientationScript()
    if not found or not found["orient_deg"]:
        return 0
    angle, sureness = found["orient_deg"], found["orient_conf"]
    return angle if sureness >= SURE or _reads_better(image, angle, sureness) else 0


def _reads_better(image: Image.Image, angle: int, sureness: float) -> bool:
    as_it_lies, turned = _legibility(image), _legibility(image.rotate(angle, expand=True))
    if angle == 180:
        return turned >= as_it_lies + CLEARLY_BETTER
    # Tesseract reads lines that run upwards or downwards too, so reading tells less here and the model more.
    return sureness >= FAIRLY_SURE and turned >= as_it_lies


def _legibility(image: Image.Image) -> int:
    """Mean confidence of the words read, 0 to 100."""
    with _reader(LANGUAGE, PSM.AUTO) as reader:
        reader.SetImage(image)
        reader.Recognize()
        return reader.MeanTextConf()


def read_lines(image: Image.Image, dpi: float) -> list[Line]:
    """The lines of a grey picture that stands upright, in reading order; boxes in its pixels."""
    lines: list[Line] = []
    with _reader(LANGUAGE, PSM.AUTO) as reader:
        reader.SetVariable("textord_noise_rejrows", str(int(noise(image) > HARDLY_NOISY)))
        reader.SetImage(image)
        reader.SetSourceResolution(round(dpi))
        reader.Recognize()
        found = reader.GetIterator()
        if found is None:
            return lines
        for word in iterate_level(found, RIL.WORD):
            if word.Empty(RIL.WORD):
                continue
            if word.IsAtBeginningOf(RIL.TEXTLINE) or not lines:
                slope, intercept = _baseline(word)
                lines.append(Line([], slope, intercept, word.IsAtBeginningOf(RIL.PARA)))
            text = word.GetUTF8Text(RIL.WORD).strip()
            if text:
                box = word.BoundingBox(RIL.WORD)
                lines[-1].words.append(Word(text, box, word.Confidence(RIL.WORD) / 100))
    return [line for line in lines if line.words]


def _baseline(at: PyTessBaseAPI) -> tuple[float, float]:
    """(slope, intercept) as `Line` has them."""
    box, baseline = at.BoundingBox(RIL.TEXTLINE), at.Baseline(RIL.TEXTLINE)
    if not box or not baseline or baseline[0][0] == baseline[1][0]:
        return 0.0, 0.0
    (x1, y1), (x2, y2) = baseline
    slope = (y2 - y1) / (x2 - x1)
    return slope, y1 + slope * (box[0] - x1) - box[3]
