"""Reads a PDF as a reader sees it: where each piece of text stands, in how large letters, on how many lines."""

from dataclasses import dataclass
from functools import cached_property

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Letter:
    char: str
    page: int  # from 1
    left: float
    bottom: float
    right: float
    top: float
    size: float


@dataclass(frozen=True)
class Place:
    """A piece of text on a page: its box in points from the lower left corner, its smallest letters, its lines."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    lines: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


class Reading:
    def __init__(self, pdf: bytes) -> None:
        document = pypdfium2.PdfDocument(pdf)
        self.sizes = [page.get_size() for page in document]
        self.pages = [list(_letters(page, number)) for number, page in enumerate(document, 1)]
        document.close()

    @cached_property
    def letters(self) -> list[Letter]:
        return [letter for page in self.pages for letter in page]

    def text(self, page: int | None = None) -> str:
        letters = self.letters if page is None else self.pages[page - 1]
        return "".join(letter.char for letter in letters)

    def places(self, text: str) -> list[Place]:
        """Everywhere that `text` stands; spaces and line ends do not matter."""
        wanted, found = "".join(text.split()), []
        for letters in self.pages:
            shown = "".join(letter.char for letter in letters)
            start = shown.find(wanted)
            while start >= 0:
                found.append(_place(letters[start : start + len(wanted)]))
                start = shown.find(wanted, start + 1)
        return found

    def place(self, text: str) -> Place:
        found = self.places(text)
        assert found, f"{text!r} is not in {self.text()}"
        return found[0]


def _letters(page: pypdfium2.PdfPage, number: int):
    """Each visible letter in the order of the text; a stroke above the line belongs to its letter."""
    text = page.get_textpage()
    for index in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        if char.isspace() or char in "\x00\ufffe\u0002":
            if char == "\x02" or char == "\ufffe":  # the hyphen at the end of a line
                char = "-"
            else:
                continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        yield Letter(char, number, left, bottom, right, top, round(raw.FPDFText_GetFontSize(text, index), 1))


def _place(letters: list[Letter]) -> Place:
    lines = 1
    for before, after in zip(letters, letters[1:], strict=False):
        # A new line begins further left, a good part of a letter's height lower.
        if before.bottom - after.bottom > 0.6 * after.size:
            lines += 1
    return Place(
        letters[0].page,
        min(letter.left for letter in letters),
        min(letter.bottom for letter in letters),
        max(letter.right for letter in letters),
        max(letter.top for letter in letters),
        min(letter.size for letter in letters),
        lines,
    )
