"""Whether a text reads like Vietnamese: the syllables that its spelling allows, and what a text layer is worth.

Spelling after the rules of the Ministry of Education (Decision 240/QĐ of 5 March 1984): onset, rhyme, tone. Every
function takes any text and is total.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx])?"
_CLOSED = (
    "(?:(?:oa|oă|oe|uâ|uê|uy|uyê|iê|yê|uô|ươ|oo|[aăâeêioôơuưy])(?:ng|nh|n|m)"
    "|(?P<stop>(?:oa|oă|oe|uâ|uê|uy|uyê|iê|yê|uô|ươ|oo|[aăâeêioôơuưy])(?:ch|c|t|p)))"
)
_OPEN = (
    "(?:oai|oay|oao|oeo|uây|uya|uyu|iêu|yêu|uôi|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|ia|ua|ưa"
    "|oa|oe|uê|uơ|uy|[aeêioôơuưy])"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_CLOSED}|{_OPEN})")
_STOP_TONES = frozenset("\u0301\u0323")  # a syllable that ends in c, ch, p or t has the tone sắc or nặng
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_READABLE = 0.7
_ACCENTED = 0.25


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether `word` (any case) is spelt like one Vietnamese syllable, tone included. "NGUYỄN" yes, "HQI" no."""
    letters, tones = [], []
    for letter in unicodedata.normalize("NFD", word.lower()):
        if letter in _TONES:
            tones.append(letter)
        else:
            letters.append(letter)
    if len(tones) > 1:
        return False
    match = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", "".join(letters)))
    if match is None:
        return False
    return match.group("stop") is None or bool(tones and tones[0] in _STOP_TONES)


def has_accent(word: str) -> bool:
    """Whether a letter of the word carries a mark, or is đ."""
    return any(c in "đĐ" or unicodedata.combining(c) for c in unicodedata.normalize("NFD", word))


@dataclass(frozen=True)
class TextQuality:
    """What a text is worth. Shares from 0 to 1, of its words with a letter."""

    words: int
    spelt: float  # words that are Vietnamese syllables
    accented: float

    @property
    def verdict(self) -> str:
        """ "vietnamese", "plain" (letters without accents: English, or typed without), "garbled" or "little"."""
        if self.words < 4:
            return "little"
        if self.spelt >= _READABLE and self.accented >= _ACCENTED:
            return "vietnamese"
        return "plain" if self.accented < 0.05 else "garbled"


def text_quality(text: str) -> TextQuality:
    """How much of a text is Vietnamese; words without a letter (numbers, dates) say nothing."""
    words = [word for word in _TOKEN.findall(unicodedata.normalize("NFC", text)) if any(c.isalpha() for c in word)]
    if not words:
        return TextQuality(0, 0.0, 0.0)
    spelt = sum(is_syllable(word) for word in words) / len(words)
    return TextQuality(len(words), spelt, sum(map(has_accent, words)) / len(words))
