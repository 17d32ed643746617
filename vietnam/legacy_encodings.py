"""Texts written before Unicode: TCVN3 (fonts named .Vn…) and VNI (fonts named VNI-…) put into Unicode.

Both lie in the places of Western letters, so a text looks like "Céng h¶a" until it is converted. TCVN3 after the
standard TCVN 5712:1993 (third set); VNI for Windows as its maker published it: a letter, then a letter that stands
for its marks. Capitals of TCVN3 come from fonts of their own, whose name ends in H.
"""

from __future__ import annotations

import re
import unicodedata

_TCVN3 = dict(
    zip(
        "¸µ¶·¹¨¾»¼½Æ©ÊÇÈÉËÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô­øõö÷ùýúûüþ®§¡¢£¤¥¦",
        "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđĐĂÂÊÔƠƯ",
        strict=True,
    )
)

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_TCVN3_FONT = re.compile(r"^(?:[A-Z]{6}\+)?\.Vn\w*", re.IGNORECASE)
_VNI_FONT = re.compile(r"^(?:[A-Z]{6}\+)?VNI[-\s_]", re.IGNORECASE)


def legacy_encoding(font_name: str) -> str:
    """ "tcvn3", "tcvn3-capitals", "vni" or "" for a font's PostScript or family name."""
    name = font_name.split(",")[0].strip()
    if _TCVN3_FONT.match(name):
        bare = re.sub(r"(?:[-,]?(?:Bold|Italic|Regular|Normal))+$", "", name, flags=re.IGNORECASE)
        return "tcvn3-capitals" if bare.endswith("H") else "tcvn3"
    return "vni" if _VNI_FONT.match(name) else ""


def to_unicode(text: str, encoding: str) -> str:
    """Put `text`, as a program without the font shows it, into Unicode (NFC). Other encodings leave it as it is."""
    if encoding.startswith("tcvn3"):
        found = "".join(_TCVN3.get(letter, letter) for letter in text)
        return found.upper() if encoding.endswith("capitals") else found
    if encoding == "vni":
        return unicodedata.normalize("NFC", "".join(map(_of_vni, text)))
    return text


def _of_vni(letter: str) -> str:
    small = letter.lower()
    if small in _VNI_MARKS:
        return _VNI_MARKS[small]
    found = _VNI_LETTERS.get(small)
    if found is None:
        return letter
    return found.upper() if letter != small else found
