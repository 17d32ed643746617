"""An OCR engine for ocrmypdf: Tesseract inside this process (tesserocr), so that no system program is needed.

Loaded by ocrmypdf as a plug-in; the models lie in the folder that TESSDATA_PREFIX names (`tessdata.unpack`).
"""

import os
import threading
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from math import degrees
from pathlib import Path
from typing import Any

import pluggy
import tesserocr
from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins import tesseract_ocr
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence
from PIL import Image, ImageChops, ImageFilter, ImageStat
from pydantic import BaseModel
from tesserocr import OEM, PSM, PyTessBaseAPI

LANGUAGE = "vie"
# A page turned by less reads as well as a straight one, and straightening costs it a little sharpness.
LEAST_SKEW_DEGREES = 0.5
# Lines turned by more are drawings or handwriting, not a page laid crooked on the glass.
MOST_SKEW_DEGREES = 15.0
# An A4 page at 75 dpi: lines of text still show, and the averaging takes away the noise that would hide them (at
# 100 dpi two of five bad scans hid theirs).
SKEW_HEIGHT_PIXELS = 880
# Mean difference between neighbouring grey levels (of 255). Printed pages scan at 1 to 9, a page that Tesseract
# cannot tell from its noise at 12 and more. Smoothing costs thin strokes, so only a fine and noisy picture gets it.
NOISY, FINE_DPI = 11.0, 250
NOISE_SAMPLE_PIXELS = 800
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


def measured_skew(image: Image.Image) -> float:
    """Degrees by which to turn the picture so that its lines lie level (negative: they rise to the right).

    0.0 where there is no text.
    """
    grey = image.convert("L").reduce(max(1, round(max(image.size) / SKEW_HEIGHT_PIXELS)))
    with _reader(LANGUAGE, PSM.AUTO_ONLY) as reader:
        reader.SetImage(grey)
        layout = reader.AnalyseLayout()
        angle = degrees(layout.Orientation()[3]) if layout else 0.0
    return angle if abs(angle) <= MOST_SKEW_DEGREES else 0.0


def noise(image: Image.Image) -> float:
    """How far the grey levels in the middle of a picture stray from their neighbours', 0 to 255."""
    across, down = (size // 2 for size in image.size)
    half = NOISE_SAMPLE_PIXELS // 2
    sample = image.convert("L").crop((max(0, across - half), max(0, down - half), across + half, down + half))
    return ImageStat.Stat(ImageChops.difference(sample, sample.filter(ImageFilter.MedianFilter(3)))).mean[0]


def orientation(image: Image.Image) -> OrientationConfidence:
    """Degrees by which to turn the picture so that it stands upright, and how sure that is (SURE is enough).

    A page with few lines never makes the orientation model sure, so its guess is held against what can be read.
    """
    with _reader("osd", PSM.OSD_ONLY, OEM.TESSERACT_ONLY) as reader:
        reader.SetImage(image)
        found = reader.DetectOrientationScript()
    if not found or not found["orient_deg"]:
        return OrientationConfidence(0, found["orient_conf"] if found else 0.0)
    angle, sureness = found["orient_deg"], found["orient_conf"]
    if sureness < SURE and _reads_better(image, angle, sureness):
        sureness = SURE
    return OrientationConfidence(angle, sureness)


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


class TesserocrEngine(OcrEngine):
    @staticmethod
    def version() -> str:
        return tesserocr.tesseract_version().split()[1]

    @staticmethod
    def creator_tag(options: Any) -> str:
        return f"Tesseract OCR {TesserocrEngine.version()}"

    def __str__(self) -> str:
        return f"Tesseract OCR {self.version()}"

    @staticmethod
    def languages(options: Any) -> Set[str]:
        return {LANGUAGE}

    @staticmethod
    def get_orientation(input_file: Path, options: Any) -> OrientationConfidence:
        with Image.open(input_file) as image:
            return orientation(image.convert("L"))

    @staticmethod
    def get_deskew(input_file: Path, options: Any) -> float:
        with Image.open(input_file) as image:
            angle = measured_skew(image)
        return angle if abs(angle) >= LEAST_SKEW_DEGREES else 0.0

    @staticmethod
    def generate_hocr(input_file: Path, output_hocr: Path, output_text: Path, options: Any) -> None:
        with Image.open(input_file) as image, _reader(LANGUAGE, PSM.AUTO) as reader:
            reader.SetImage(image)
            dpi = image.info.get("dpi", (300, 300))[0]
            reader.SetSourceResolution(round(dpi))
            reader.Recognize()
            output_hocr.write_text(_HOCR.format(reader.GetHOCRText(0)), encoding="utf-8")
            output_text.write_text(reader.GetUTF8Text(), encoding="utf-8")

    @staticmethod
    def generate_pdf(input_file: Path, output_pdf: Path, output_text: Path, options: Any) -> None:
        raise NotImplementedError("This engine writes hOCR; ocrmypdf makes the text layer of it.")


_HOCR = (
    '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title></title></head><body>{}</body></html>"
)


class _Progress:
    """ocrmypdf's progress bar; tells `on_progress` the step and how many of its units are done."""

    on_progress: Callable[[str, float, float], None] = staticmethod(lambda step, done, total: None)

    def __init__(self, *, total: float | None = None, desc: str | None = None, **_kwargs: Any) -> None:
        self.total, self.step, self.done = total or 0, desc or "", 0.0

    def __enter__(self) -> "_Progress":
        self.update(0)
        return self

    def __exit__(self, *_error: Any) -> None:
        pass

    def update(self, n: float = 1, *, completed: float | None = None) -> None:
        self.done = completed if completed is not None else self.done + n
        self.on_progress(self.step, self.done, self.total)


def watch(on_progress: Callable[[str, float, float], None]) -> None:
    """Have each step of the ocrmypdf run in this process reported as (step, units done, units in all)."""
    _Progress.on_progress = staticmethod(on_progress)


@hookimpl
def initialize(plugin_manager: pluggy.PluginManager) -> None:
    # It would look for the program `tesseract`.
    plugin_manager.set_blocked("ocrmypdf.builtin_plugins.tesseract_ocr")


@hookimpl
def register_options() -> dict[str, type[BaseModel]]:
    # ocrmypdf's core reads `options.tesseract.*` whatever the engine.
    return {"tesseract": tesseract_ocr.TesseractOptions}


@hookimpl
def filter_ocr_image(page: Any, image: Image.Image) -> Image.Image:
    """What Tesseract sees of a page; the page itself stays as it is."""
    dpi = image.info.get("dpi", (FINE_DPI, FINE_DPI))[0]
    if dpi >= FINE_DPI and image.mode != "1" and noise(image) > NOISY:
        smooth = image.filter(ImageFilter.MedianFilter(3))
        smooth.info.update(image.info)
        image = smooth
    return tesseract_ocr.filter_ocr_image(page, image)


@hookimpl
def get_ocr_engine(options: Any) -> OcrEngine:
    return TesserocrEngine()


@hookimpl
def get_progressbar_class() -> type:
    return _Progress
