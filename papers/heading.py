"""What stands above the title of an official paper (Decree 30/2020/NĐ-CP, Annex I, part I, sections II.1 to II.5)."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from papers import blocks, fonts
from papers.issuers import Issuer

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
_NAMES, _OTHER = 12, 13  # points: the country's and agencies' names have 12 to 13, the rest 13 to 14
_BETWEEN = 3 * mm
_COUNTRY, _WIDEST = 0.6, 0.62  # of the page's width, what the country's name and a long date may take
_PLACE = re.compile(r"\s(?=(?:TỈNH|THÀNH PHỐ|PHƯỜNG|XÃ|ĐẶC KHU)\s)")


def head(issuer: Issuer, number: str, at: datetime, width: float) -> Flowable:
    """The two head columns: who issues and the number; the country's name and motto, place and date.

    Country, motto, number and date have one line each. On a page narrower than the decree's all of it gets smaller, so
    that the agency's name keeps its half.
    """
    dated = (f"{issuer.place}, " if issuer.place else "") + blocks.written_date(at)
    widest = pdfmetrics.stringWidth(COUNTRY, fonts.BOLD, _NAMES)
    smaller = min(1, _COUNTRY * width / widest)
    small, size = _NAMES * smaller, _OTHER * smaller
    date = pdfmetrics.stringWidth(dated, fonts.ITALIC, size)
    right = max(widest * smaller, min(date, _WIDEST * width), width / 2) + 1
    left = width - right - _BETWEEN
    names = [_line(text, fonts.REGULAR, small) for text in name_lines(issuer.superior, fonts.REGULAR, small, left)]
    own = name_lines(issuer.name, fonts.BOLD, small, left)
    names += [_line(text, fonts.BOLD, small) for text in own]
    longest = max((pdfmetrics.stringWidth(text, fonts.BOLD, small) for text in own), default=0)
    country: list[Flowable] = [
        _line(COUNTRY, fonts.BOLD, small),
        _line(MOTTO, fonts.BOLD, size),
        _Rule(pdfmetrics.stringWidth(MOTTO, fonts.BOLD, size)),
    ]
    numbered = f"Số: {number}" if number else ""
    made = Table(
        [
            # Under a name the rule has a third to a half of its length.
            [[*names, _Rule(longest * 0.4)], [], country],
            [
                _line(numbered, fonts.REGULAR, _fitting(numbered, fonts.REGULAR, size, left)),
                [],
                _line(dated, fonts.ITALIC, _fitting(dated, fonts.ITALIC, size, right)),
            ],
        ],
        [left, _BETWEEN, right],
    )
    made.setStyle(TableStyle([blocks.FONT, *blocks.BARE, ("TOPPADDING", (0, 1), (-1, 1), 1 * mm)]))
    return made


def country_head() -> list[Flowable]:
    """The country's name and motto alone, as on what a person declares."""
    names = [_line(COUNTRY, fonts.BOLD, _OTHER), _line(MOTTO, fonts.BOLD, _OTHER)]
    return [*names, _Rule(pdfmetrics.stringWidth(MOTTO, fonts.BOLD, _OTHER))]


def title(text: str, subtitle: str = "", note: str = "") -> Flowable:
    made: list[Flowable] = [Paragraph(blocks.plain(text.upper()), blocks.style(14, "center", fonts.BOLD))]
    if subtitle:
        made.append(Paragraph(blocks.plain(subtitle), blocks.style(_OTHER, "center", fonts.BOLD)))
    if note:
        made.append(Paragraph(blocks.plain(note), blocks.style(_OTHER, "center", fonts.ITALIC)))
    return KeepTogether([*made, Spacer(0, 3 * mm)])


def name_lines(name: str, font: str, size: float, width: float) -> list[str]:
    """A name in capitals on as few lines as it needs: what the body is, then of which place, both evenly broken."""
    capitals = " ".join(unicodedata.normalize("NFC", name).upper().split())
    if pdfmetrics.stringWidth(capitals, font, size) <= width:
        return [capitals]
    places = list(_PLACE.finditer(capitals))
    parts = [capitals[: places[-1].start()], capitals[places[-1].end() :]] if places else [capitals]
    return [line for part in parts for line in _balanced(part, font, size, width)]


def _fitting(text: str, font: str, size: float, width: float) -> float:
    """The size of letters in which `text` has one line."""
    return min(size, size * (width - 1) / (pdfmetrics.stringWidth(text, font, size) or 1))


def _line(text: str, font: str, size: float) -> Flowable:
    return Paragraph(blocks.plain(text), blocks.style(size, "center", font))


def _balanced(name: str, font: str, size: float, width: float) -> list[str]:
    """Lines of nearly the same length, so that no word stands alone."""
    words = name.split()
    lengths = [pdfmetrics.stringWidth(word, font, size) for word in words]
    total = pdfmetrics.stringWidth(name, font, size)
    count = max(1, -(-int(total) // int(width)))
    lines: list[list[str]] = [[]]
    used = 0.0
    for word, length in zip(words, lengths, strict=True):
        begins_next = used + length / 2 > total / count * len(lines) and len(lines) < count
        if begins_next and lines[-1]:
            lines.append([])
        lines[-1].append(word)
        used += length + size * 0.25
    return [" ".join(line) for line in lines]


class _Rule(Flowable):
    """The short line under a name, in the middle of its column."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self._length = length

    def wrap(self, available: float, _height: float) -> tuple[float, float]:
        self._available = available
        return available, 2.2 * mm

    def draw(self) -> None:
        start = (self._available - self._length) / 2
        self.canv.setLineWidth(0.6)
        self.canv.line(start, 1.2 * mm, start + self._length, 1.2 * mm)
