"""A second reading of words in capitals, where Tesseract loses accents (NGUYỄN becomes NGUYÊN, KỲ becomes KỸ).

Where the two readings differ, spelling and the list of names decide; `bench/scanning.py` measures what that is worth.
"""

from PIL import Image

from digitization.reading.findings import Line, Word, bare_word
from digitization.reading.second_reader import fits_one_strip, read_strip
from vietnam.names import FAMILY_NAMES, MIDDLE_NAMES, likely_family_name, likely_middle_name
from vietnam.syllables import is_syllable
from vietnam.text import fold

LONGEST_RUN = 12  # words read in one piece
# Words of two names and more that begin with a family name are a person.
LEAST_NAME_WORDS = 2


def reread_capitals(lines: list[Line], picture: Image.Image) -> int:
    """Put right what the first reading of `picture` (grey) made of words in capitals; returns how many changed."""
    changed = 0
    for line in lines:
        for run in _runs(line.words):
            second = [text for text, _sureness in read_strip(picture, run)]
            if len(second) != len(run):
                second = [""] * len(run)
            for word, other in zip(run, second, strict=True):
                changed += _choose(word, other)
            changed += _mend_names(run)
    return changed


def _runs(words: list[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    for word in words:
        if not _is_capital(word.text) or len(runs[-1]) == LONGEST_RUN or not fits_one_strip([*runs[-1], word]):
            runs.append([])
        if _is_capital(word.text):
            runs[-1].append(word)
    return [run for run in runs if len("".join(word.text for word in run)) > 1]


def _is_capital(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(c.isupper() for c in letters) and not any(c.isdigit() for c in text)


def _choose(word: Word, other: str) -> bool:
    """Take the second reading where it has the same letters and the better spelling."""
    first, second = word.bare, bare_word(other)
    if not second or first == second or not second.isupper():
        return False
    same_letters = fold(first) == fold(second)
    better_spelt = is_syllable(second) and not is_syllable(first)
    if same_letters and is_syllable(second):
        return word.put_right(second)
    if better_spelt and abs(len(first) - len(second)) <= 1:
        return word.put_right(second)
    return False


def _mend_names(run: list[Word]) -> bool:
    """The family name at the beginning of a name, and the names in its middle."""
    said = [word.bare for word in run]
    if not LEAST_NAME_WORDS <= len(said) <= 5:
        return False
    changed = False
    family = likely_family_name(said[0])
    if family and any(word in MIDDLE_NAMES or likely_middle_name(word) for word in said[1:-1] or said[1:]):
        changed |= run[0].put_right(family)
        said[0] = family
    if said[0] in FAMILY_NAMES:
        for word, text in zip(run[1:-1], said[1:-1], strict=True):
            middle = likely_middle_name(text)
            if middle and not is_syllable(text):
                changed |= word.put_right(middle)
    return changed
