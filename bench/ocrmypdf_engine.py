"""The other side of `bench/scanning.py`: ocrmypdf as it comes, with Tesseract inside the process (tesserocr).

The smallest plug-in that lets `ocrmypdf --deskew` run without system programs on the same model as ours.
"""

from __future__ import annotations

import os
import threading
from math import degrees

from ocrmypdf import hookimpl
from ocrmypdf.builtin_plugins import tesseract_ocr
from ocrmypdf.pluginspec import OcrEngine, OrientationConfidence
from PIL import Image
from tesserocr import OEM, PSM, PyTessBaseAPI

_here = threading.local()
_HOCR = (
    '<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
    "<head><title></title></head><body>{}</body></html>"
)


def _reader(mode):
    if not hasattr(_here, "reader"):
        _here.reader = PyTessBaseAPI(path=os.environ["TESSDATA_PREFIX"], lang="vie", oem=OEM.LSTM_ONLY, psm=mode)
    _here.reader.SetPageSegMode(mode)
    return _here.reader


class Engine(OcrEngine):
    @staticmethod
    def version():
        return "5"

    @staticmethod
    def creator_tag(options):
        return "Tesseract"

    def __str__(self):
        return "Tesseract"

    @staticmethod
    def languages(options):
        return {"vie"}

    @staticmethod
    def get_orientation(input_file, options):
        return OrientationConfidence(0, 0.0)

    @staticmethod
    def get_deskew(input_file, options):
        reader = _reader(PSM.AUTO_ONLY)
        with Image.open(input_file) as image:
            reader.SetImage(image.convert("L"))
            layout = reader.AnalyseLayout()
        return degrees(layout.Orientation()[3]) if layout else 0.0

    @staticmethod
    def generate_hocr(input_file, output_hocr, output_text, options):
        reader = _reader(PSM.AUTO)
        with Image.open(input_file) as image:
            reader.SetImage(image)
            reader.SetSourceResolution(round(image.info.get("dpi", (300, 300))[0]))
        reader.Recognize()
        output_hocr.write_text(_HOCR.format(reader.GetHOCRText(0)), encoding="utf-8")
        output_text.write_text(reader.GetUTF8Text(), encoding="utf-8")

    @staticmethod
    def generate_pdf(input_file, output_pdf, output_text, options):
        raise NotImplementedError


@hookimpl
def initialize(plugin_manager):
    plugin_manager.set_blocked("ocrmypdf.builtin_plugins.tesseract_ocr")


@hookimpl
def register_options():
    return {"tesseract": tesseract_ocr.TesseractOptions}


@hookimpl
def get_ocr_engine(options):
    return Engine()
