"""What was found on a page: its words where they stand, and where its text comes from."""

import gzip
import json
import re
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels of the upright picture

_EDGES = re.compile(r"^\W+|\W+$")


class Source(StrEnum):
    """Where the text of a page comes from."""

    OWN = "own"  # the file's own text, judged to be the page's text
    CONVERTED = "converted"  # its own text, put from TCVN3 or VNI into Unicode
    READ = "read"  # recognised; the file's own text, if any, was not the page's
    MIXED = "mixed"  # own text kept where it is good, the rest recognised
    BLANK = "blank"


@dataclass
class Word:
    text: str
    box: Box
    confidence: float  # 0 to 1

    @property
    def bare(self) -> str:
        """The word without the marks around it: of "(liền)," it is "liền"."""
        return bare_word(self.text)

    def put_right(self, bare: str) -> bool:
        """Have `bare` take the place of the word between its marks; whether that changed anything."""
        before, text = self.bare, self.text
        start = text.index(before)
        self.text = text[:start] + bare + text[start + len(before) :]
        return self.text != text


@dataclass
class Line:
    words: list[Word]
    slope: float = 0.0  # of the baseline, pixels down per pixel right
    intercept: float = 0.0  # of the baseline at the left edge of the line's box, pixels from the box's bottom
    new_paragraph: bool = False

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        return (
            min(word.box[0] for word in self.words),
            min(word.box[1] for word in self.words),
            max(word.box[2] for word in self.words),
            max(word.box[3] for word in self.words),
        )


@dataclass(frozen=True)
class Barcode:
    kind: str
    text: str


@dataclass
class PageFindings:
    """One page. `turn`: degrees clockwise that bring it upright; `skew`: degrees by which its content is turned
    counter-clockwise so that lines lie level; `width`, `height`, `dpi` of the picture that was read (0: none was)."""

    number: int
    source: Source = Source.BLANK
    text: str = ""
    confidence: float = 1.0  # mean of the recognised words, 0 to 1; 1 for text of the file itself
    quality: str = "little"  # of the text: vietnam.syllables.TextQuality.verdict
    own_quality: str = ""  # of the text the file had, when there was any
    strip_hidden: bool = False  # the file's hidden text was not the page's: our copy goes without it
    turn: int = 0
    skew: float = 0.0
    width: int = 0
    height: int = 0
    dpi: float = 0.0
    lines: list[Line] = field(default_factory=list)  # recognised; drawn as hidden text into our copy
    barcodes: list[Barcode] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return self.source == Source.BLANK

    def pack(self) -> bytes:
        """For a page that is kept while the rest of its file is still to be read."""
        return gzip.compress(json.dumps(asdict(self), ensure_ascii=False).encode(), 3)

    @classmethod
    def unpack(cls, packed: bytes) -> "PageFindings":
        said: dict[str, Any] = json.loads(gzip.decompress(packed))
        said["source"] = Source(said["source"])
        said["barcodes"] = [Barcode(**code) for code in said["barcodes"]]
        said["lines"] = [
            Line(**{**line, "words": [Word(w["text"], tuple(w["box"]), w["confidence"]) for w in line["words"]]})
            for line in said["lines"]
        ]
        return cls(**said)


def bare_word(text: str) -> str:
    """A word without the marks around it."""
    return _EDGES.sub("", text)


def text_of_lines(lines: list[Line]) -> str:
    """Lines under each other, an empty one before a paragraph."""
    text = ""
    for line in lines:
        text += ("\n\n" if line.new_paragraph else "\n") + line.text if text else line.text
    return text
