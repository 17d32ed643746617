"""The typeface of official papers: metrics of the one that Decree 30/2020/NĐ-CP names, every Vietnamese letter."""

from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"
_FOLDER = Path(__file__).parent


def _register() -> None:
    files = {
        REGULAR: "Tinos-Regular",
        BOLD: "Tinos-Bold",
        ITALIC: "Tinos-Italic",
        BOLD_ITALIC: "Tinos-BoldItalic",
    }
    for name, file in files.items():
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{file}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)


_register()
