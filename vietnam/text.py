"""Vietnamese text for machines: folded for search, keyed for sorting, cleaned as a person's name.

Every function takes any Unicode form (composed, decomposed, full width) and is total: no input raises.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

# Letters in the order of the Vietnamese dictionary; f, j, w and z stand where Latin script has them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"
_SHAPES = frozenset((_BREVE, _CIRCUMFLEX, _HORN))
# ngang (no mark) huyền hỏi ngã sắc nặng: the order of the tones in Vietnamese dictionaries.
_TONE_RANK = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}

# Texts converted from old encodings often carry the Icelandic eth, which looks the same, for đ.
_ETH = str.maketrans("Ðð", "Đđ")

_WORD = re.compile(r"[a-z0-9]+")
_NAME_PART = re.compile(r"[^\W\d_]+")


def _letter_keys() -> dict[str, str]:
    """Map a lower-case letter to its key: its Latin letter, and its rank where the alphabet has variants.

    "a" → "a0", "ă" → "a1", "â" → "a2", "b" → "b". A letter's keys all have one width, so comparing bytes
    compares letters.
    """
    families: dict[str, list[str]] = {}
    for letter in _ALPHABET:
        family = "d" if letter == "đ" else unicodedata.normalize("NFD", letter)[0]
        families.setdefault(family, []).append(letter)
    return {
        letter: family if len(letters) == 1 else f"{family}{rank}"
        for family, letters in families.items()
        for rank, letter in enumerate(letters)
    }


_LETTER_KEY = _letter_keys()


def _without_marks(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.translate(_ETH)).casefold().replace("đ", "d")
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return bare if bare.isascii() else "".join(map(_in_latin, bare)).lower()


def _in_latin(letter: str) -> str:
    """A letter with a stroke or of another script as Latin letters; one that is a word ("王") as a word of its own.

    Signs that are no letters stay, so that they fold to nothing.
    """
    if letter.isascii() or not letter.isalnum():
        return letter
    written = anyascii(letter)
    return f" {written} " if written[:1].isupper() and letter.lower() == letter.upper() else written


def fold(text: str) -> str:
    """Return `text` as lower-case ASCII words with one space between: what search compares.

    "Đăng ký  KHAI SINH" → "dang ky khai sinh", "Søren 王伟" → "soren wang wei". Punctuation separates words
    ("1.001193" → "1 001193").
    """
    return " ".join(_WORD.findall(_without_marks(text)))


def compose(text: str) -> str:
    """Return `text` with each letter as one character, and with Vietnamese đ for the Icelandic eth that looks so."""
    return unicodedata.normalize("NFC", text.translate(_ETH))


def within_sentence(label: str) -> str:
    """A label as it stands within a sentence, its first letter small: "Công dân Việt Nam" → "công dân Việt Nam".

    An abbreviation or the country's name at its beginning stays: "CCCD gắn chíp", "Vietnamese citizens".
    """
    first = label.split(maxsplit=1)[0] if label.strip() else ""
    if first[1:2].isupper() or first in _NAMES_FIRST:
        return label
    return label[:1].lower() + label[1:]


def excerpt(text: str, longest: int) -> str:
    """The beginning of `text` in whole words, at most `longest` characters with the dots that say there is more."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    if not text[longest - 1].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" ,;:.-–") + "…"


_NAMES_FIRST = frozenset({"Vietnamese", "Vietnam", "Việt"})
# Signs of good typography that a telephone's basic alphabet lacks.
_PLAIN_SIGNS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " "})


def without_accents(text: str) -> str:
    """Return `text` in ASCII with its case and punctuation kept: "Hồ sơ “Đất đai” – mới" → 'Ho so "Dat dai" - moi'.

    Letters of other scripts are written in Latin ones; signs without a plain form are left out.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_ETH).translate(_PLAIN_SIGNS))
    plain = decomposed.replace("đ", "d").replace("Đ", "D")
    return "".join(anyascii(c) if c.isalnum() else c for c in plain).encode("ascii", "ignore").decode()


def sort_key(text: str) -> str:
    """Return an ASCII key whose byte order is the order of a Vietnamese dictionary.

    Letters decide first (a ă â b c d đ e ê …), tones only between texts with equal letters (ngang, huyền,
    hỏi, ngã, sắc, nặng); case and punctuation never do. Where the tone mark stands ("hoà", "hòa") makes no
    difference. The key is safe in a database column with the C collation, so the database needs no ICU.
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in _sortable_words(text):
        letters.append("".join(key for key, _ in word))
        tones.append("".join(tone for _, tone in word) or "0")
    # Space is below "!" and "!" is below every digit and letter: a word ends before it goes on, a text
    # ends before its tones count.
    return " ".join(("!".join(letters), "!".join(tones))) if letters else ""


def _sortable_words(text: str) -> list[list[tuple[str, str]]]:
    """Split into words of (letter key, tone rank or "") pairs."""
    words: list[list[tuple[str, str]]] = [[]]
    for cluster in _clusters(unicodedata.normalize("NFKD", text.translate(_ETH)).casefold()):
        base, marks = cluster[0], cluster[1:]
        if not base.isalnum():
            if words[-1]:
                words.append([])
            continue
        shape = "".join(m for m in marks if m in _SHAPES)
        letter = unicodedata.normalize("NFC", base + shape)
        key = _LETTER_KEY.get(letter) or _LETTER_KEY.get(base)
        if key is None:
            key = base if base.isascii() else f"~{ord(base):06x}"
        words[-1].append((key, "".join(_TONE_RANK.get(m, "") for m in marks)))
    return [word for word in words if word]


def _clusters(decomposed: str) -> list[str]:
    """Group each base character with the combining marks that follow it."""
    clusters: list[str] = []
    for char in decomposed:
        if unicodedata.combining(char) and clusters:
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


def normalise_name(text: str) -> str:
    """Return a person's name in NFC with single spaces.

    A name typed all in capitals or all in small letters becomes "Nguyễn Thị Ánh"; mixed case is the
    person's own spelling and stays. Control and zero-width characters go.
    """
    visible = "".join(c for c in compose(text) if c.isspace() or unicodedata.category(c)[0] != "C")
    name = " ".join(visible.split())
    if name.isupper() or name.islower():
        name = _NAME_PART.sub(lambda part: part[0][0].upper() + part[0][1:].lower(), name)
    return name


def trigrams(text: str) -> frozenset[str]:
    """Return the three-letter pieces of the folded words, each word padded with two spaces before and one
    after, for likeness of misspelt names (the convention of PostgreSQL's pg_trgm)."""
    pieces: set[str] = set()
    for word in fold(text).split():
        padded = f"  {word} "
        pieces.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return frozenset(pieces)
