"""What an input method for Vietnamese makes of codes while they are typed, or while a scanner plays the keyboard."""

import re
import unicodedata
from itertools import product

# The key that puts each mark on a letter, by VNI and by Telex, which doubles the letter itself for a circumflex and đ.
_VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0302": "6", "\u031b": "7"}
_VNI |= {"\u0306": "8", "\u0335": "9"}
_TELEX = {"\u0301": "S", "\u0300": "F", "\u0309": "R", "\u0303": "X", "\u0323": "J", "\u031b": "W", "\u0306": "W"}
_STROKE = "\u0335"  # of đ, which Unicode does not take apart
_MOST_MARKS = 4  # of a code; what has more is a sentence
_WORD = re.compile("([A-Z\u0300-\u036f]+)")


def keys_meant(text: str) -> list[str]:
    """The ways, in capitals, in which what reads so may have been typed, by VNI first; none when it has no mark.

    A mark's key was pressed behind its letter, or at the end of the word, where both methods take it as well.
    """
    apart = unicodedata.normalize("NFD", text.upper().replace("Đ", f"D{_STROKE}"))
    marks = [c for c in apart if not c.isascii()]
    if not marks or len(marks) > _MOST_MARKS or any(mark not in _VNI for mark in marks):
        return []
    found: dict[str, None] = {}
    for keys in (_VNI, _TELEX):
        parts = [_typed(part, keys) if n % 2 else [part] for n, part in enumerate(_WORD.split(apart))]
        found |= dict.fromkeys("".join(chosen) for chosen in product(*parts))
    return list(found)


def _typed(word: str, keys: dict[str, str]) -> list[str]:
    found: dict[str, None] = {}
    for late in product((False, True), repeat=sum(not c.isascii() for c in word)):
        typed, behind, letter, which = "", "", "", iter(late)
        for character in word:
            if character.isascii():
                typed, letter = typed + character, character
                continue
            key = keys.get(character) or letter
            if next(which):
                behind += key
            else:
                typed += key
        found[typed + behind] = None
    return list(found)
