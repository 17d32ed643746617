"""Lines that every official paper carries in the same words, put right when a letter of them was misread."""

import re
import unicodedata

from vietnam.text import fold

_FORMULAS = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "Độc lập Tự do Hạnh phúc",
)
# Words of a formula that must be right as they stand.
LEAST_RIGHT = 0.7
_WORD = re.compile(r"[^\W\d_]+")


def mend_formulas(text: str) -> str:
    """`text` with the words of the country's name and motto put right, where most of them are."""
    words = list(_WORD.finditer(text))
    for formula in _FORMULAS:
        right = formula.split()
        for start in range(len(words) - len(right) + 1):
            window = words[start : start + len(right)]
            said = [unicodedata.normalize("NFC", word.group()) for word in window]
            same = sum(one.lower() == other.lower() for one, other in zip(said, right, strict=True))
            if same == len(right) or same < LEAST_RIGHT * len(right):
                continue
            if all(_is_near(one, other) for one, other in zip(said, right, strict=True)):
                for word, one, other in reversed(list(zip(window, said, right, strict=True))):
                    text = text[: word.start()] + _as(one, other) + text[word.end() :]
                return mend_formulas(text)
    return text


def _is_near(said: str, right: str) -> bool:
    one, other = fold(said), fold(right)
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) <= 1


def _as(said: str, right: str) -> str:
    if said.isupper() and len(said) > 1:
        return right.upper()
    return right.capitalize() if said[:1].isupper() else right.lower()
