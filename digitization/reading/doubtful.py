"""A second reading of the words that the first was not sure of: Tesseract takes one accent for another (liền becomes
liên, đổi becomes đối), seldom one letter.

Measured on 28 noisy, crooked pages of other texts than those of the bench: of words less sure than `SURE` (one in
forty) the second reader, where it was sure itself, mended 22 of 83 wrong ones on very noisy pages and 8 of 31 on
lightly noisy ones, and spoilt none. Without the limit it spoilt right words too, and cost three seconds a page.
"""

from PIL import Image

from digitization.reading.findings import Line, Word, bare_word
from digitization.reading.second_reader import read_strip
from vietnam.syllables import is_syllable
from vietnam.text import fold

SURE = 0.93  # the first reader's
SECOND_SURE = 0.7


def reread_doubtful(lines: list[Line], picture: Image.Image) -> int:
    """Put right the accents of words that the first reading of `picture` (grey) was not sure of; how many changed.

    Only a syllable takes the place of a word, and only one of the same letters.
    """
    return sum(_reread(word, picture) for line in lines for word in line.words if _is_doubtful(word))


def _is_doubtful(word: Word) -> bool:
    text = word.bare
    vietnamese = is_syllable(text) or fold(text) != text.lower()  # no use to ask for the accents of English
    return word.confidence < SURE and len(text) > 1 and text.isalpha() and not text.isupper() and vietnamese


def _reread(word: Word, picture: Image.Image) -> bool:
    found = read_strip(picture, [word])
    if len(found) != 1 or found[0][1] < SECOND_SURE:
        return False
    first, second = word.bare, bare_word(found[0][0])
    same_letters = fold(first) == fold(second) and [c.isupper() for c in first] == [c.isupper() for c in second]
    return same_letters and is_syllable(second) and word.put_right(second)
